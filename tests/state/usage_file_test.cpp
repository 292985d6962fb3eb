// SPDX-License-Identifier: ISC
#include "state/usage_file.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

using state::AppPasswordId;
using state::UsageFile;

namespace {

constexpr std::int64_t now = 1'800'000'000;
constexpr AppPasswordId phone{"alice", "phone", "c2FsdA"};
constexpr AppPasswordId tablet{"alice", "tablet", "c2FsdA"};

UsageFile in_memory() {
  return UsageFile(base::UniqueFd(memfd_create("app-password-use", MFD_CLOEXEC)));
}

std::string random_octets(std::size_t size) {
  std::string octets(size, '\0');
  std::uint32_t state = 1;
  for (char& c : octets)
    c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return octets;
}

} // namespace

TEST_CASE("an app password that was never used has no last use") {
  CHECK_FALSE(in_memory().when(phone));
}

TEST_CASE("the last use is the time that was noted, for that user and label alone") {
  auto uses = in_memory();
  uses.note(phone, now);
  CHECK(uses.when(phone) == now);
  CHECK_FALSE(uses.when(tablet));
  CHECK_FALSE(uses.when({"bob", phone.label, phone.salt}));
  CHECK_FALSE(uses.when({"alicep", "hone", phone.salt}));
}

TEST_CASE("a new password under an old label was never used") {
  auto uses = in_memory();
  uses.note(phone, now);
  CHECK_FALSE(uses.when({"alice", "phone", "c2FsdB"}));
}

TEST_CASE("a use within a minute of the last is not written, a later one is") {
  auto uses = in_memory();
  uses.note(phone, now);
  uses.note(phone, now + UsageFile::resolution - 1);
  CHECK(uses.when(phone) == now);
  uses.note(phone, now + UsageFile::resolution);
  CHECK(uses.when(phone) == now + UsageFile::resolution);
  uses.note(phone, now + UsageFile::resolution + 1);
  CHECK(uses.when(phone) == now + UsageFile::resolution);
}

TEST_CASE("a clock that was set back puts the time right") {
  auto uses = in_memory();
  uses.note(phone, now);
  uses.note(phone, now - 1);
  CHECK(uses.when(phone) == now - 1);
}

TEST_CASE("a time that a broken file has is put right, however far it is") {
  const Scratch scratch;
  auto uses = UsageFile::open(scratch.path());
  REQUIRE(uses.has_value());
  uses->note(phone, now);
  const auto path = scratch.path() + "/app-password-use";
  const auto record =
      scratch.read("app-password-use").find_first_not_of('\0') & ~(UsageFile::record_octets - 1);
  const base::UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  for (const std::int64_t time : {INT64_MIN, INT64_MIN + now, std::int64_t{-1}, INT64_MAX}) {
    REQUIRE(pwrite(file.get(), &time, sizeof time, static_cast<off_t>(record + 8)) == sizeof time);
    CHECK(uses->when(phone) == time);
    uses->note(phone, now);
    CHECK(uses->when(phone) == now);
  }
}

TEST_CASE("uses of the same password take one record") {
  const Scratch scratch;
  auto uses = UsageFile::open(scratch.path());
  REQUIRE(uses.has_value());
  for (int i = 0; i < 100; ++i)
    uses->note(phone, now + i * UsageFile::resolution);
  const auto text = scratch.read("app-password-use");
  std::size_t used = 0;
  for (std::size_t i = 0; i < text.size(); i += UsageFile::record_octets)
    used += text.substr(i, UsageFile::record_octets).find_first_not_of('\0') != text.npos;
  CHECK(used == 1);
}

TEST_CASE("thousands are remembered, and the file does not outgrow its buckets") {
  const Scratch scratch;
  auto uses = UsageFile::open(scratch.path());
  REQUIRE(uses.has_value());
  for (int i = 0; i < 5000; ++i)
    uses->note({"user" + std::to_string(i), phone.label, phone.salt}, now + i);
  for (int i = 0; i < 5000; ++i)
    CHECK(uses->when({"user" + std::to_string(i), phone.label, phone.salt}) == now + i);
  struct stat facts;
  REQUIRE(stat(scratch.path("app-password-use").c_str(), &facts) == 0);
  constexpr std::size_t most =
      std::size_t{UsageFile::buckets} * UsageFile::ways * UsageFile::record_octets;
  CHECK(static_cast<std::size_t>(facts.st_size) <= most);
  CHECK(static_cast<std::size_t>(facts.st_size) > most / 2);
}

TEST_CASE("in a full bucket the oldest gives way, and no other") {
  const Scratch scratch;
  // Every bucket is full of the same records of other passwords.
  std::string bucket;
  for (std::uint64_t i = 1; i <= UsageFile::ways; ++i) {
    const std::uint64_t password = i;
    const auto time = static_cast<std::uint64_t>(now) + (i == 7 ? 0 : i);
    bucket.append(reinterpret_cast<const char*>(&password), sizeof password);
    bucket.append(reinterpret_cast<const char*>(&time), sizeof time);
  }
  std::string text;
  for (std::uint32_t i = 0; i < UsageFile::buckets; ++i)
    text += bucket;
  scratch.write("app-password-use", text);
  auto uses = UsageFile::open(scratch.path());
  REQUIRE(uses.has_value());
  uses->note(phone, now + 1000);
  CHECK(uses->when(phone) == now + 1000);
  const auto after = scratch.read("app-password-use");
  REQUIRE(after.size() == text.size());
  for (std::size_t at = 0; at < text.size(); at += UsageFile::record_octets)
    if (after.compare(at, UsageFile::record_octets, text, at, UsageFile::record_octets) != 0)
      CHECK(at / UsageFile::record_octets % UsageFile::ways == 6);
}

TEST_CASE("whatever the file holds, a use can be noted and asked") {
  const Scratch scratch;
  for (const auto& text : {std::string(), std::string("x"), random_octets(1 << 20),
                           std::string(1 << 20, '\xff'), std::string(1 << 20, '\x7f')}) {
    scratch.write("app-password-use", text);
    auto uses = UsageFile::open(scratch.path());
    REQUIRE(uses.has_value());
    uses->note(phone, now);
    CHECK(uses->when(phone) == now);
  }
}

TEST_CASE("an opened file is its owner's alone, and the same the next time") {
  const Scratch scratch;
  {
    auto uses = UsageFile::open(scratch.path());
    REQUIRE(uses.has_value());
    uses->note(phone, now);
  }
  struct stat facts;
  REQUIRE(stat(scratch.path("app-password-use").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
  CHECK(UsageFile::open(scratch.path())->when(phone) == now);
  CHECK(UsageFile::open_to_read(scratch.path())->when(phone) == now);
}

TEST_CASE("a file that others could read or write is refused") {
  for (const mode_t mode : {0640, 0620, 0604, 0602}) {
    const Scratch scratch;
    scratch.write("app-password-use", "", mode);
    CHECK_FALSE(UsageFile::open(scratch.path()).has_value());
  }
}

TEST_CASE("neither a link nor a missing directory is followed or made") {
  const Scratch scratch;
  CHECK_THROWS_AS(UsageFile::open(scratch.path("missing")), std::system_error);
  CHECK_FALSE(UsageFile::open_to_read(scratch.path("missing")));
  CHECK_FALSE(UsageFile::open_to_read(scratch.path()));
  scratch.write("elsewhere", "");
  REQUIRE(symlink("elsewhere", scratch.path("app-password-use").c_str()) == 0);
  CHECK_THROWS_AS(UsageFile::open(scratch.path()), std::system_error);
  CHECK_FALSE(UsageFile::open_to_read(scratch.path()));
}

TEST_CASE("a file that cannot be written or read throws, which its user may bear") {
  const Scratch scratch;
  const auto path = scratch.write("app-password-use", "");
  UsageFile readable(base::UniqueFd(open(path.c_str(), O_RDONLY)));
  CHECK_THROWS_AS(readable.note(phone, now), std::system_error);
  const UsageFile writable(base::UniqueFd(open(path.c_str(), O_WRONLY)));
  CHECK_THROWS_AS(writable.when(phone), std::system_error);
}

// SPDX-License-Identifier: ISC
#include "state/last_uses.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <sys/mman.h>
#include <system_error>
#include <unistd.h>

using state::LastUses;

namespace {

constexpr std::int64_t now = 1'800'000'000;
constexpr std::int64_t resolution = 60;
constexpr std::string_view thing = "alice";

LastUses in_memory() {
  return {base::UniqueFd(memfd_create("uses", MFD_CLOEXEC)), "uses"};
}

std::string random_octets(std::size_t size) {
  std::string octets(size, '\0');
  std::uint32_t state = 1;
  for (char& c : octets)
    c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return octets;
}

} // namespace

TEST_CASE("a clock that was set back puts the time right") {
  auto uses = in_memory();
  uses.note(thing, now, resolution);
  uses.note(thing, now - 1, resolution);
  CHECK(uses.when(thing) == now - 1);
}

TEST_CASE("a time that a broken file has is put right, however far it is") {
  const Scratch scratch;
  auto uses = LastUses::open(scratch.path(), "uses");
  REQUIRE(uses.has_value());
  uses->note(thing, now, resolution);
  const auto path = scratch.path() + "/uses";
  const auto record = scratch.read("uses").find_first_not_of('\0') & ~(LastUses::record_octets - 1);
  const base::UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  for (const std::int64_t time : {INT64_MIN, INT64_MIN + now, std::int64_t{-1}, INT64_MAX}) {
    REQUIRE(pwrite(file.get(), &time, sizeof time, static_cast<off_t>(record + 8)) == sizeof time);
    CHECK(uses->when(thing) == time);
    uses->note(thing, now, resolution);
    CHECK(uses->when(thing) == now);
  }
}

TEST_CASE("uses of the same thing take one record") {
  const Scratch scratch;
  auto uses = LastUses::open(scratch.path(), "uses");
  REQUIRE(uses.has_value());
  for (int i = 0; i < 100; ++i)
    uses->note(thing, now + i * resolution, resolution);
  const auto text = scratch.read("uses");
  std::size_t used = 0;
  for (std::size_t i = 0; i < text.size(); i += LastUses::record_octets)
    used += text.substr(i, LastUses::record_octets).find_first_not_of('\0') != text.npos;
  CHECK(used == 1);
}

TEST_CASE("thousands are remembered, and the file does not outgrow its buckets") {
  const Scratch scratch;
  auto uses = LastUses::open(scratch.path(), "uses");
  REQUIRE(uses.has_value());
  for (int i = 0; i < 5000; ++i)
    uses->note("user" + std::to_string(i), now + i, resolution);
  for (int i = 0; i < 5000; ++i)
    CHECK(uses->when("user" + std::to_string(i)) == now + i);
  struct stat facts;
  REQUIRE(stat(scratch.path("uses").c_str(), &facts) == 0);
  constexpr std::size_t most =
      std::size_t{LastUses::buckets} * LastUses::ways * LastUses::record_octets;
  CHECK(static_cast<std::size_t>(facts.st_size) <= most);
  CHECK(static_cast<std::size_t>(facts.st_size) > most / 2);
}

TEST_CASE("in a full bucket the oldest gives way, and no other") {
  const Scratch scratch;
  // Every bucket is full of the same records of other things.
  std::string bucket;
  for (std::uint64_t i = 1; i <= LastUses::ways; ++i) {
    const std::uint64_t digest = i;
    const auto time = static_cast<std::uint64_t>(now) + (i == 7 ? 0 : i);
    bucket.append(reinterpret_cast<const char*>(&digest), sizeof digest);
    bucket.append(reinterpret_cast<const char*>(&time), sizeof time);
  }
  std::string text;
  for (std::uint32_t i = 0; i < LastUses::buckets; ++i)
    text += bucket;
  scratch.write("uses", text);
  auto uses = LastUses::open(scratch.path(), "uses");
  REQUIRE(uses.has_value());
  uses->note(thing, now + 1000, resolution);
  CHECK(uses->when(thing) == now + 1000);
  const auto after = scratch.read("uses");
  REQUIRE(after.size() == text.size());
  for (std::size_t at = 0; at < text.size(); at += LastUses::record_octets)
    if (after.compare(at, LastUses::record_octets, text, at, LastUses::record_octets) != 0)
      CHECK(at / LastUses::record_octets % LastUses::ways == 6);
}

TEST_CASE("whatever the file holds, a use can be noted and asked") {
  const Scratch scratch;
  for (const auto& text : {std::string(), std::string("x"), random_octets(1 << 20),
                           std::string(1 << 20, '\xff'), std::string(1 << 20, '\x7f')}) {
    scratch.write("uses", text);
    auto uses = LastUses::open(scratch.path(), "uses");
    REQUIRE(uses.has_value());
    uses->note(thing, now, resolution);
    CHECK(uses->when(thing) == now);
  }
}

TEST_CASE("an opened file is its owner's alone, and the same the next time") {
  const Scratch scratch;
  {
    auto uses = LastUses::open(scratch.path(), "uses");
    REQUIRE(uses.has_value());
    uses->note(thing, now, resolution);
  }
  struct stat facts;
  REQUIRE(stat(scratch.path("uses").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
  CHECK(LastUses::open(scratch.path(), "uses")->when(thing) == now);
  CHECK(LastUses::open_to_read(scratch.path(), "uses")->when(thing) == now);
}

TEST_CASE("a file that others could read or write is refused") {
  for (const mode_t mode : {0640, 0620, 0604, 0602}) {
    const Scratch scratch;
    scratch.write("uses", "", mode);
    CHECK_FALSE(LastUses::open(scratch.path(), "uses").has_value());
  }
}

TEST_CASE("neither a link nor a missing directory is followed or made") {
  const Scratch scratch;
  CHECK_THROWS_AS(LastUses::open(scratch.path("missing"), "uses"), std::system_error);
  CHECK_FALSE(LastUses::open_to_read(scratch.path("missing"), "uses"));
  CHECK_FALSE(LastUses::open_to_read(scratch.path(), "uses"));
  scratch.write("elsewhere", "");
  REQUIRE(symlink("elsewhere", scratch.path("uses").c_str()) == 0);
  CHECK_THROWS_AS(LastUses::open(scratch.path(), "uses"), std::system_error);
  CHECK_FALSE(LastUses::open_to_read(scratch.path(), "uses"));
}

TEST_CASE("a file that cannot be written or read throws, which its user may bear") {
  const Scratch scratch;
  const auto path = scratch.write("uses", "");
  LastUses readable({base::UniqueFd(open(path.c_str(), O_RDONLY)), "uses"});
  CHECK_THROWS_AS(readable.note(thing, now, resolution), std::system_error);
  const LastUses writable({base::UniqueFd(open(path.c_str(), O_WRONLY)), "uses"});
  CHECK_THROWS_AS(writable.when(thing), std::system_error);
}

// SPDX-License-Identifier: ISC
#include "users/compiled_writer.hpp"

#include "support/scratch.hpp"
#include "users/compiled_users.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

using users::CompiledWriter;
using Outcome = CompiledWriter::Outcome;

namespace {

base::UniqueFd new_file(const std::string& path) {
  base::UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600));
  REQUIRE(fd);
  return fd;
}

Outcome add(CompiledWriter& writer, const std::string& line) {
  return writer.add(*users::parse_user(line), line);
}

} // namespace

TEST_CASE("the first line of a name is the one that is written") {
  const Scratch scratch;
  auto fd = new_file(scratch.path("cdb"));
  CompiledWriter writer(fd.get());
  CHECK(add(writer, "a:1") == Outcome::added);
  CHECK(add(writer, "b:2") == Outcome::added);
  CHECK(add(writer, "a:3") == Outcome::duplicate);
  writer.finish({});
  struct stat text {};
  const auto users = users::CompiledUsers::adopt(std::move(fd), text);
  REQUIRE(users.has_value());
  CHECK(users->find("a")->hash == "1");
  CHECK(users->find("b")->hash == "2");
}

TEST_CASE("a file is full at its limit and not before") {
  const Scratch scratch;
  constexpr std::uint64_t empty = 2048 + 8 + 7 + users::max_header + 16;
  constexpr std::uint64_t record = 8 + 1 + 3 + 16;
  for (const auto& [most, outcome] : {std::pair(empty + record - 1, Outcome::full),
                                      {empty + record, Outcome::added},
                                      {empty + 2 * record - 1, Outcome::added}}) {
    const auto fd = new_file(scratch.path("cdb"));
    CompiledWriter writer(fd.get(), most);
    CHECK(add(writer, "a:1") == outcome);
    CHECK(add(writer, "b:1") == Outcome::full);
    writer.finish({});
    struct stat facts {};
    REQUIRE(::fstat(fd.get(), &facts) == 0);
    CHECK(static_cast<std::uint64_t>(facts.st_size) <= most);
  }
}

TEST_CASE("a writer that is given up leaves no memory behind") {
  const Scratch scratch;
  const auto fd = new_file(scratch.path("cdb"));
  CompiledWriter writer(fd.get());
  CHECK(add(writer, "a:1") == Outcome::added);
}

TEST_CASE("a disk that takes no more is a failure of the system") {
  const base::UniqueFd full(::open("/dev/full", O_RDWR));
  REQUIRE(full);
  CompiledWriter writer(full.get());
  CHECK_THROWS_AS(
      [&] {
        for (int i = 0; i < 1000; ++i)
          add(writer, "user" + std::to_string(i) + ":1");
      }(),
      std::system_error);
}

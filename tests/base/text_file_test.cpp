// SPDX-License-Identifier: ISC
#include "base/text_file.hpp"

#include "base/unique_fd.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <system_error>

namespace {

/// The text that is read of a file of `size` octets.
std::string read_back(std::size_t size, std::size_t limit) {
  const base::UniqueFd file(memfd_create("text", 0));
  const std::string text(size, 'x');
  REQUIRE(write(file.get(), text.data(), size) == static_cast<ssize_t>(size));
  return base::read_text("/proc/self/fd/" + std::to_string(file.get()), limit);
}

} // namespace

TEST_CASE("a file is read whole up to its limit and not beyond") {
  for (const std::size_t limit : {std::size_t{0}, std::size_t{4095}, std::size_t{4096},
                                  std::size_t{16384}, std::size_t{40000}}) {
    CAPTURE(limit);
    if (limit > 0)
      CHECK(read_back(limit - 1, limit).size() == limit - 1);
    CHECK(read_back(limit, limit) == std::string(limit, 'x'));
    CHECK_THROWS_AS(read_back(limit + 1, limit), std::system_error);
  }
}

TEST_CASE("a pipe is read to its end, with a limit or without") {
  for (const std::size_t limit : {std::size_t{4}, std::string::npos}) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const base::UniqueFd reader(ends[0]);
    base::UniqueFd writer(ends[1]);
    REQUIRE(write(writer.get(), "text", 4) == 4);
    writer.reset();
    CHECK(base::read_text(reader.get(), "a pipe", limit) == "text");
  }
}

TEST_CASE("a descriptor that cannot be read is a failure with the caller's text") {
  CHECK_THROWS_WITH_AS(base::read_text(-1, "read a pipe"), "read a pipe: Bad file descriptor",
                       std::system_error);
}

TEST_CASE("a file that cannot be read is a failure") {
  CHECK_THROWS_AS(base::read_text("/nowhere/at-all", 10), std::system_error);
  CHECK_THROWS_AS(base::read_text("/", 10), std::system_error);
}

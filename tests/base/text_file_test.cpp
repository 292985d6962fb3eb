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
  for (const std::size_t limit :
       {std::size_t{0}, std::size_t{4095}, std::size_t{4096}, std::size_t{10'000}}) {
    CAPTURE(limit);
    if (limit > 0)
      CHECK(read_back(limit - 1, limit).size() == limit - 1);
    CHECK(read_back(limit, limit) == std::string(limit, 'x'));
    CHECK_THROWS_AS(read_back(limit + 1, limit), std::system_error);
  }
}

TEST_CASE("a file that cannot be read is a failure") {
  CHECK_THROWS_AS(base::read_text("/nowhere/at-all", 10), std::system_error);
  CHECK_THROWS_AS(base::read_text("/", 10), std::system_error);
}

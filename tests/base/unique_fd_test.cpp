// SPDX-License-Identifier: ISC
#include "base/unique_fd.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

using base::UniqueFd;

namespace {

UniqueFd open_null() {
  return UniqueFd(open("/dev/null", O_RDONLY | O_CLOEXEC));
}

bool is_open(int fd) {
  return fcntl(fd, F_GETFD) >= 0;
}

} // namespace

TEST_CASE("a descriptor is closed when its owner goes") {
  int number = -1;
  {
    const auto fd = open_null();
    number = fd.get();
    REQUIRE(is_open(number));
  }
  CHECK_FALSE(is_open(number));
}

TEST_CASE("moving hands the descriptor over") {
  auto from = open_null();
  const int number = from.get();
  UniqueFd to(std::move(from));
  CHECK_FALSE(from);
  CHECK(to.get() == number);
  auto other = open_null();
  const int closed = other.get();
  other = std::move(to);
  CHECK_FALSE(is_open(closed));
  CHECK(other.get() == number);
  CHECK(is_open(number));
}

TEST_CASE("moving a descriptor to itself keeps it") {
  auto fd = open_null();
  const int number = fd.get();
  auto& same = fd;
  fd = std::move(same);
  CHECK(fd.get() == number);
  CHECK(is_open(number));
}

TEST_CASE("a released descriptor stays open") {
  auto fd = open_null();
  const int number = fd.release();
  CHECK_FALSE(fd);
  CHECK(is_open(number));
  close(number);
}

TEST_CASE("reset closes what was held") {
  auto fd = open_null();
  const int number = fd.get();
  fd.reset();
  CHECK_FALSE(is_open(number));
  CHECK_FALSE(fd);
  CHECK_FALSE(UniqueFd());
  CHECK_FALSE(UniqueFd(-1));
}

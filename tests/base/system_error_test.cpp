// SPDX-License-Identifier: ISC
#include "base/system_error.hpp"

#include <doctest/doctest.h>
#include <ostream>

TEST_CASE("a negative result throws what errno says, with the name of the call") {
  errno = ENOENT;
  try {
    base::check(-1, "openat");
    FAIL("nothing was thrown");
  } catch (const std::system_error& error) {
    CHECK(error.code() == std::errc::no_such_file_or_directory);
    CHECK(std::string(error.what()).find("openat") != std::string::npos);
  }
}

TEST_CASE("a shortage passes, other errors do not") {
  for (const int error : {EAGAIN, ENOMEM, EMFILE, ENFILE})
    CHECK(base::is_shortage({error, std::generic_category()}));
  for (const int error : {EPERM, EACCES, EINVAL, ENOSYS, ENOENT, EIO})
    CHECK_FALSE(base::is_shortage({error, std::generic_category()}));
}

TEST_CASE("any other result is given back") {
  CHECK(base::check(0, "x") == 0);
  CHECK(base::check(7L, "x") == 7L);
}

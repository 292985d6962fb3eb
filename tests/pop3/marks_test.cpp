// SPDX-License-Identifier: ISC
#include "pop3/marks.hpp"

#include <doctest/doctest.h>
#include <stdexcept>

using pop3::Marks;

TEST_CASE("a mark is one message's, and no other's") {
  for (const pop3::MessageNumber messages : {1u, 7u, 8u, 9u, 64u, 65u})
    for (pop3::MessageNumber marked = 1; marked <= messages; ++marked) {
      Marks marks(messages);
      marks.set(marked);
      for (pop3::MessageNumber message = 1; message <= messages; ++message)
        CHECK(marks.has(message) == (message == marked));
    }
}

TEST_CASE("clearing takes every mark away and keeps the size") {
  Marks marks(20);
  for (pop3::MessageNumber message = 1; message <= 20; ++message)
    marks.set(message);
  marks.clear();
  CHECK(marks.bytes().size() == 3);
  for (pop3::MessageNumber message = 1; message <= 20; ++message)
    CHECK_FALSE(marks.has(message));
}

TEST_CASE("message 8k+1 is the lowest bit of byte k") {
  Marks marks(17);
  marks.set(1);
  marks.set(10);
  marks.set(17);
  REQUIRE(marks.bytes().size() == 3);
  CHECK(marks.bytes()[0] == 0x01);
  CHECK(marks.bytes()[1] == 0x02);
  CHECK(marks.bytes()[2] == 0x01);
}

TEST_CASE("numbers far outside are caught") {
  Marks marks(8);
  CHECK_THROWS_AS(marks.set(0), std::out_of_range);
  CHECK_THROWS_AS(marks.set(9), std::out_of_range);
  CHECK_THROWS_AS((void)Marks(0).has(1), std::out_of_range);
}

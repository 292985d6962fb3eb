// SPDX-License-Identifier: ISC
// Tests of the player of dialogues itself, which must be able to fail.
#include "support/dialogue.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <stdexcept>

using support::parse_dialogue;
using support::play;

namespace {

const std::string greeting = "S: +OK POP3 server ready on pop.example.org\n";

std::size_t surprises(const std::string& text) {
  return play(parse_dialogue(text)).size();
}

} // namespace

TEST_CASE("a dialogue that happens as written has no surprises") {
  CHECK(surprises(greeting + "C: QUIT\nS: +OK bye\nEnd: closed\n") == 0);
  CHECK(surprises(greeting) == 0);
}

TEST_CASE("a dialogue that happens otherwise is told three times, once each way of sending") {
  CHECK(surprises(greeting + "C: QUIT\nS: +OK goodbye\nEnd: closed\n") == 3);
  CHECK(surprises(greeting + "C: QUIT\nS: +OK bye \nEnd: closed\n") == 3);
  CHECK(surprises(greeting + "C: CAPA\nS: +OK capabilities\n") == 3);
  CHECK(surprises("C: QUIT\nS: +OK bye\nEnd: closed\n") == 3);
}

TEST_CASE("an end, an update and an attempt that are not as written are told") {
  CHECK(surprises(greeting + "C: QUIT\nS: +OK bye\n") == 3);
  CHECK(surprises(greeting + "End: closed\n") == 3);
  CHECK(surprises("Preauth: yes\n" + greeting + "Updates: 1\n") == 3);
  CHECK(surprises("Preauth: yes\nMessage: a\n" + greeting +
                  "C: QUIT\nS: +OK 0 messages removed, bye\nEnd: closed\nRemoved: 1\n") == 3);
  CHECK(surprises(greeting + "Tried: USER alice wonderland\n") == 3);
}

TEST_CASE("answers that come too late are told, though all of them are right") {
  const std::string late = greeting + "C: NOOP\nC: NOOP\nS: +OK\nS: +OK\n";
  CHECK(surprises("Preauth: yes\n" + late) > 0);
}

TEST_CASE("escapes and repetitions stand for octets") {
  const auto dialogue = parse_dialogue("C: a{3}\\0{2}\\r\\n\\\\\\{\\x7f\nC- x\n");
  REQUIRE(dialogue.steps.size() == 2);
  CHECK(dialogue.steps[0].octets == std::string("aaa\0\0\r\n\\{\x7f\r\n", 12));
  CHECK(dialogue.steps[1].octets == "x");
}

TEST_CASE("a line that makes no sense is refused with its number") {
  for (const auto* line : {"D: x", "Colour: blue", "C: \\", "C: {3}", "C: a{3", "Protected: maybe",
                           "Denial: often", "Fails: open sometimes", "Fails: doors temporary"}) {
    CAPTURE(line);
    CHECK_THROWS_AS(parse_dialogue(greeting + line + "\n"), std::runtime_error);
  }
}

// SPDX-License-Identifier: ISC
#include "pop3/reply.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <string>

using pop3::challenge;
using pop3::err;
using pop3::ok;

TEST_CASE("the status is +OK or -ERR in upper case, with its text after one blank") {
  CHECK(status_line(ok("2 320")) == "+OK 2 320\r\n");
  CHECK(status_line(ok()) == "+OK\r\n");
  CHECK(status_line(err("[IN-USE] busy")) == "-ERR [IN-USE] busy\r\n");
  CHECK(status_line(err("")) == "-ERR\r\n");
}

TEST_CASE("a challenge is a plus, a blank and Base64; an empty one is plus and blank") {
  CHECK(status_line(challenge("")) == "+ \r\n");
  CHECK(status_line(challenge("Zm9v")) == "+ Zm9v\r\n");
}

TEST_CASE("a status line has at most 512 octets") {
  const std::string start = "-ERR ";
  const std::size_t most = 512 - start.size() - 2;
  for (const std::size_t length : {most - 1, most, most + 1, 2 * most}) {
    const auto line = status_line(err(std::string(length, 'x')));
    CAPTURE(length);
    CHECK(line.size() == start.size() + std::min(length, most) + 2);
    CHECK(line.ends_with("x\r\n"));
  }
}

TEST_CASE("a challenge is never cut") {
  CHECK(status_line(challenge(std::string(4000, 'A'))).size() == 4004);
}

TEST_CASE("only bad_command() makes a bad command") {
  CHECK(pop3::bad_command("x").is_bad_command);
  CHECK(pop3::bad_command("x").status == pop3::Reply::Status::err);
  CHECK_FALSE(err("x").is_bad_command);
  CHECK_FALSE(ok("x").closes);
  CHECK(ok("x").body.index() == 0);
}

// SPDX-License-Identifier: ISC
#include "command_line_fixture.hpp"

#include "support/stream_capture.hpp"

#include <doctest/doctest.h>
#include <iostream>

using namespace admin;
using support::command_with;

namespace {

const Commands commands{
    {"", "", "", {{"--idle-limit SECONDS", ""}, {"--tls none|wrapped", ""}}, {}},
    {"user", "", "", {}, {}},
    command_with({{"NAME", ""}}, "user add"),
    command_with({{"NAME", ""}, {"--expires DAY", ""}, {"--pop3 yes|no", ""}}, "user rights"),
    command_with({{"--json", ""}}, "who"),
    {"users", "", "", {}, {}},
    command_with({{"FILE", ""}, {"--format dovecot|shadow", "", Rules{.takes = Takes::word}}},
                 "users import")};

std::string mistake(const std::string& words) {
  try {
    support::parse(commands, words);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("a command that does not exist is named, with the one that was meant") {
  CHECK(mistake("usr add") == "no command 'usr'; did you mean user?");
  CHECK(mistake("user ad x") == "no command 'user ad'; did you mean user add?");
  CHECK(mistake("users add x") == "no command 'users add'; did you mean user add?");
  CHECK(mistake("mail") == "no command 'mail'; there are user, who, users");
  CHECK(mistake("user mail x --what") == "no command 'user mail'; there are user add, rights");
  CHECK(mistake("--tls none usr") == "no command 'usr'; did you mean user?");
}

TEST_CASE("a command that is missing is asked for") {
  CHECK(mistake("") == "no command is given: user, who, users");
  CHECK(mistake("--tls none") == "no command is given: user, who, users");
  CHECK(mistake("user") == "user needs a command: add, rights");
}

TEST_CASE("an option that does not exist is named, whatever stands around it") {
  CHECK(mistake("user rights a --expire never") ==
        "user rights has no option '--expire'; did you mean --expires?");
  CHECK(mistake("user rights --expire never a") ==
        "user rights has no option '--expire'; did you mean --expires?");
  CHECK(mistake("user rights --pop=yes a") ==
        "user rights has no option '--pop'; did you mean --pop3?");
  CHECK(mistake("user rights --colour --pop3 yes") == "user rights has no option '--colour'");
  CHECK(mistake("--idel-limit 10 who") ==
        "who has no option '--idel-limit'; did you mean --idle-limit?");
  CHECK(mistake("--idel-limit 10") == "no option '--idel-limit'; did you mean --idle-limit?");
  CHECK(mistake("who --jso") == "who has no option '--jso'; did you mean --json?");
  CHECK(mistake("who -json") == "who has no option '-json'; did you mean --json?");
  CHECK(mistake("--json who") == "'--json' belongs behind the command who");
}

TEST_CASE("a word or a value too many is named") {
  CHECK(mistake("who x") == "unexpected word 'x'");
  CHECK(mistake("user add x y z") == "unexpected word 'y'");
  CHECK(mistake("who --json=x") == "--json: takes no value");
}

TEST_CASE("a word that is none of a choice is named, with all of them and the one that was meant") {
  CHECK(mistake("users import f --format csv") == "--format: 'csv' is none of dovecot, shadow");
  CHECK(mistake("users import f --format dovekot") ==
        "--format: 'dovekot' is none of dovecot, shadow; did you mean dovecot?");
}

TEST_CASE("help that is asked for is given whatever else is wrong") {
  for (const auto* words : {"user rights --colour -h", "users import --format csv --help",
                            "-h users import x y", "user add -h"}) {
    const support::StreamCapture output(std::cout);
    CHECK(mistake(words) == "");
    CHECK(output.text().starts_with("Usage: sodapop user"));
  }
}

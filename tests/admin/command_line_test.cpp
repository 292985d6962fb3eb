// SPDX-License-Identifier: ISC
#include "command_line_fixture.hpp"

#include "support/stream_capture.hpp"

#include <doctest/doctest.h>
#include <iostream>
#include <stdexcept>

using namespace admin;
using support::command_with;
using support::parse;
using support::values;

namespace {

const Options options{
    {"FIRST", "The first"},
    {"[SECOND]", "The second"},
    {"--text TEXT", "A text"},
    {"--reason TEXT", "A reason", Rules{.without = "--text"}},
    {"--word one|two", "One or two", Rules{.takes = Takes::word, .group = "More"}},
    {"--id UID", "A uid", Rules{.takes = Takes::number}},
    {"--list ITEM", "Items", Rules{.takes = Takes::texts}},
    {"--number NUMBER", "A number",
     Rules{.takes = Takes::number, .least = 2, .most = 10, .with = "--id"}},
    {"--flag", "A flag", Rules{.group = ""}}};

std::string mistake(const std::string& words) {
  try {
    values(options, words);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("arguments and options of each kind have their values") {
  const auto given = values(
      options, "a b --text x --word=two --id 4294967295 --number 10 --list p --list q --flag");
  CHECK(given.text("FIRST") == "a");
  CHECK(given.text("SECOND") == "b");
  CHECK(given.text("--text") == "x");
  CHECK(given.has("--text"));
  CHECK_FALSE(given.has("--reason"));
  CHECK(given.text("--word") == "two");
  CHECK(given.number("--id") == 4294967295);
  CHECK(given.number("--number") == 10);
  CHECK(given.list("--list") == std::vector<std::string>{"p", "q"});
  CHECK(given.flag("--flag"));
}

TEST_CASE("what may be missing is empty, and a flag is off") {
  const auto given = values(options, "a");
  CHECK(given.text("SECOND").empty());
  CHECK_FALSE(given.has("--text"));
  CHECK_FALSE(given.number("--number"));
  CHECK(given.list("--list").empty());
  CHECK_FALSE(given.flag("--flag"));
}

TEST_CASE("a value of another kind is a bug") {
  const auto given = values(options, "a");
  CHECK_THROWS_AS(given.text("--other"), std::out_of_range);
  CHECK_THROWS_AS(given.text("--flag"), std::out_of_range);
  CHECK_THROWS_AS(given.flag("--text"), std::out_of_range);
}

TEST_CASE("a mistake is named") {
  CHECK(mistake("") == "FIRST is required");
  CHECK(mistake("a b c") == "unexpected word 'c'");
  CHECK(mistake("a --what") == "no option '--what'");
  CHECK(mistake("a --list p q r") == "unexpected word 'r'");
  CHECK(mistake("a --text") == "no value for --text");
  CHECK(mistake("a --word three") == "--word: 'three' is none of one, two");
  CHECK(mistake("a --text x --reason y") == "--text excludes --reason");
  CHECK(mistake("a --id 1") == "--id requires --number");
  CHECK(mistake("a --number 5") == "--number requires --id");
}

TEST_CASE("numbers are decimal and within their limits") {
  CHECK(mistake("a --id 0 --number 2").empty());
  CHECK(mistake("a --id 1 --number 1") == "--number: '1' is not from 2 to 10");
  CHECK(mistake("a --id 1 --number 11") == "--number: '11' is not from 2 to 10");
  CHECK(mistake("a --id 1 --number 010") == "--number: '010' is not a decimal number");
  CHECK(mistake("a --number 2 --id 0x1") == "--id: '0x1' is not a decimal number");
  CHECK(mistake("a --number 2 --id 4294967296") ==
        "--id: '4294967296' is not from 0 to 4294967295");
}

TEST_CASE("an option in the place of another is needed when the other is missing") {
  const std::vector<Command> commands{
      {"", "", "", {}, {}},
      command_with({{"[USER]", ""}, {"--id ID", "", Rules{.instead_of = "USER"}}}, "kick")};
  const auto parsed = [&](const std::string& words) {
    const auto given = parse(commands, "kick " + words)->values;
    return given.text("USER") + given.text("--id");
  };
  CHECK(parsed("a") == "a");
  CHECK(parsed("--id b") == "b");
  CHECK_THROWS_WITH_AS(parsed(""), "Exactly 1 option from [USER,--id] is required", UsageError);
  CHECK_THROWS_WITH_AS(parsed("a --id b"), "USER excludes --id", UsageError);
}

TEST_CASE("an option may check its value itself") {
  std::string taken;
  const auto assign = [&](const std::string& text) -> std::optional<std::string> {
    taken = text;
    return text == "good" ? std::nullopt : std::optional(text + " is not good");
  };
  const Options quality{{"--quality WORD", "", Rules{.assign = assign}}};
  values(quality, "--quality good");
  CHECK(taken == "good");
  CHECK_THROWS_WITH_AS(values(quality, "--quality bad"), "bad is not good", UsageError);
}

TEST_CASE("the command that was given is found, and may stand before options of the program") {
  const std::vector<Command> commands{{"", "", "", {{"--setting VALUE", ""}}, {}},
                                      {"user", "", "", {}, {}},
                                      command_with({{"NAME", ""}}, "user add"),
                                      command_with({}, "user list"),
                                      command_with({}, "who")};
  const auto given = parse(commands, "user add a --setting x");
  CHECK(given->command == &commands[2]);
  CHECK(given->values.text("NAME") == "a");
  CHECK(given->values.text("--setting") == "x");
  CHECK(parse(commands, "user list")->command == &commands[3]);
  CHECK(parse(commands, "who")->command == &commands[4]);
  for (const auto* words : {"", "user", "add a", "list", "user who"})
    CHECK_THROWS_AS(parse(commands, words), UsageError);
}

TEST_CASE("the help lists what is to be shown, group by group") {
  auto command = command_with(options, "do");
  command.description = "Do it";
  command.footer = "Like this.";
  const std::vector<Command> commands{{"", "A program", "The end.", {}, {}}, command};
  const support::StreamCapture output(std::cout);
  CHECK_FALSE(parse(commands, "do --help"));
  CHECK(output.text() == "Usage: sodapop do [OPTIONS] FIRST [SECOND]\n\nDo it\n"
                         "\nArguments:\n"
                         "  FIRST                         The first\n"
                         "  SECOND                        The second\n"
                         "\nOptions:\n"
                         "  -h,--help                     Print this\n"
                         "  --text TEXT                   A text\n"
                         "  --reason TEXT                 A reason\n"
                         "  --id UID                      A uid\n"
                         "  --list ITEM                   Items\n"
                         "  --number NUMBER               A number\n"
                         "\nMore:\n"
                         "  --word one|two                One or two\n"
                         "\nLike this.\n");
}

TEST_CASE("the help of the program lists its commands") {
  const std::vector<Command> commands{{"", "A program", "The end.", {}, {}},
                                      {"user", "Users", "", {}, {}},
                                      command_with({}, "user a-command-with-a-long-name"),
                                      command_with({}, "who")};
  const support::StreamCapture output(std::cout);
  CHECK_FALSE(parse(commands, "-h"));
  CHECK(output.text() == "Usage: sodapop COMMAND [OPTIONS]\n\nA program\n"
                         "\nCommands (each has a --help of its own):\n"
                         "  user a-command-with-a-long-name\n"
                         "                                \n"
                         "  who                           \n"
                         "\nOptions:\n"
                         "  --version                     Print the version\n"
                         "  -h,--help                     Print this\n"
                         "\nThe end.\n");
}

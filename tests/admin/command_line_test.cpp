// SPDX-License-Identifier: ISC
#include "command_line_fixture.hpp"

#include "support/stream_capture.hpp"

#include <doctest/doctest.h>
#include <iostream>

using namespace admin;
using support::command_with;
using support::parse;

namespace {

/// The options of a made-up program, and the values that they take.
struct Program {
  std::string argument, optional_argument, text, word;
  std::optional<std::string> reason;
  std::optional<std::uint32_t> id;
  std::vector<std::string> list;
  std::uint32_t number = 7;
  bool flag = false, negatable = true;

  Options options() {
    return {{"FIRST", &argument, "The first"},
            {"[SECOND]", &optional_argument, "The second"},
            {"--text TEXT", &text, "A text"},
            {"--reason TEXT", &reason, "A reason", Rules{.without = "--text"}},
            {"--word one|two", Choice{&word}, "One or two", Rules{.group = "More"}},
            {"--id UID", &id, "A uid"},
            {"--list ITEM", &list, "Items"},
            {"--number NUMBER", Number{&number, 2, 10}, "A number", Rules{.with = "--id"}},
            {"--flag", &flag, "A flag", Rules{.group = ""}},
            {"--yes,!--no", &negatable, "Yes or no"}};
  }
  void take(const std::string& words) { parse({command_with(options())}, words); }
};

std::string mistake(const std::string& words) {
  try {
    Program().take(words);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("arguments and options of each type take their values") {
  Program program;
  program.take("a b --text x --word=two --id 4294967295 --number 10 --list p --list q --flag --no");
  CHECK(program.argument == "a");
  CHECK(program.optional_argument == "b");
  CHECK(program.text == "x");
  CHECK_FALSE(program.reason);
  CHECK(program.word == "two");
  CHECK(program.id == 4294967295);
  CHECK(program.number == 10);
  CHECK(program.list == std::vector<std::string>{"p", "q"});
  CHECK(program.flag);
  CHECK_FALSE(program.negatable);
}

TEST_CASE("values that are not given stay, and an argument in brackets may be missing") {
  Program program;
  program.take("a");
  CHECK(program.optional_argument.empty());
  CHECK(program.number == 7);
  CHECK(program.negatable);
  CHECK_FALSE(program.id);
}

TEST_CASE("a mistake is named") {
  CHECK(mistake("") == "FIRST is required");
  CHECK(mistake("a b c") == "The following argument was not expected: c");
  CHECK(mistake("a --what") == "The following argument was not expected: --what");
  CHECK(mistake("a --list p q r") == "The following argument was not expected: r");
  CHECK(mistake("a --text") == "--text: 1 required TEXT missing");
  CHECK(mistake("a --word three") == "--word: three not in {one,two}");
  CHECK(mistake("a --text x --reason y") == "--text excludes --reason");
  CHECK(mistake("a --id 1") == "--id requires --number");
  CHECK(mistake("a --number 5") == "--number requires --id");
}

TEST_CASE("numbers are decimal and within their limits") {
  CHECK(mistake("a --id 0 --number 2").empty());
  CHECK(mistake("a --id 1 --number 1") == "--number: Value 1 not in range 2 to 10");
  CHECK(mistake("a --id 1 --number 11") == "--number: Value 11 not in range 2 to 10");
  CHECK(mistake("a --id 1 --number 010") == "--number: not a decimal number: 010");
  CHECK(mistake("a --number 2 --id 0x1") == "--id: not a decimal number: 0x1");
  CHECK(mistake("a --number 2 --id 4294967296") == "Could not convert: --id = 4294967296");
}

TEST_CASE("an option in the place of another is needed when the other is missing") {
  const auto parsed = [](const std::string& words) {
    std::string user, id;
    const std::vector<Command> commands{
        {"", "", "", {}, {}},
        command_with({{"[USER]", &user, ""}, {"--id ID", &id, "", Rules{.instead_of = "USER"}}},
                     "kick")};
    parse(commands, "kick " + words);
    return user + id;
  };
  CHECK(parsed("a") == "a");
  CHECK(parsed("--id b") == "b");
  CHECK_THROWS_WITH_AS(parsed(""), "Exactly 1 option from [USER,--id] is required", UsageError);
  CHECK_THROWS_WITH_AS(parsed("a --id b"), "USER excludes --id", UsageError);
}

TEST_CASE("an option may check its value itself") {
  std::string taken;
  const Assign assign = [&](const std::string& text) -> std::optional<std::string> {
    taken = text;
    return text == "good" ? std::nullopt : std::optional(text + " is not good");
  };
  const std::vector<Command> commands{command_with({{"--quality WORD", assign, ""}})};
  CHECK(parse(commands, "--quality good") == &commands[0]);
  CHECK(taken == "good");
  CHECK_THROWS_WITH_AS(parse(commands, "--quality bad"), "bad is not good", UsageError);
}

TEST_CASE("the command that was given is found, and may stand before options of the program") {
  std::string setting, name;
  const std::vector<Command> commands{{"", "", "", {{"--setting VALUE", &setting, ""}}, {}},
                                      {"user", "", "", {}, {}},
                                      command_with({{"NAME", &name, ""}}, "user add"),
                                      command_with({}, "user list"),
                                      command_with({}, "who")};
  CHECK(parse(commands, "user add a --setting x") == &commands[2]);
  CHECK(setting + name == "xa");
  CHECK(parse(commands, "user list") == &commands[3]);
  CHECK(parse(commands, "who") == &commands[4]);
  for (const auto* words : {"", "user", "add a", "list", "user who"})
    CHECK_THROWS_WITH_AS(parse(commands, words), "A subcommand is required", UsageError);
}

TEST_CASE("the help lists what is to be shown, group by group") {
  Program program;
  const std::vector<Command> commands{
      {"", "A program", "The end.", {}, {}},
      {"do", "Do it", "Like this.", program.options(), [](const auto&) { return 0; }}};
  const support::StreamCapture output(std::cout);
  CHECK(parse(commands, "do --help") == nullptr);
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
                         "  --yes,--no                    Yes or no\n"
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
  CHECK(parse(commands, "-h") == nullptr);
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

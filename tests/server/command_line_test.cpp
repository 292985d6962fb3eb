// SPDX-License-Identifier: ISC
#include "server/command_line.hpp"

#include "config/configuration.hpp"
#include "configuration_paths.hpp"
#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <getopt.h>
#include <initializer_list>
#include <ostream>
#include <stdexcept>

using namespace server;
using Words = std::vector<std::string>;

namespace {

/// Resets getopt_long(3), which keeps its place in the command line and expects a single one.
void forget_command_line() {
  char name[] = "sodapopd";
  char* const none[] = {name, nullptr};
  optind = 0;
  getopt(1, none, "");
}

CommandLine parse(Words words) {
  words.insert(words.begin(), "sodapopd");
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  forget_command_line();
  return parse_command_line(static_cast<int>(words.size()), argv.data());
}

std::string problem_of(const Words& words) {
  try {
    parse(words);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("without options a session is served with the default settings") {
  const auto line = parse({});
  CHECK(line.action == CommandLine::Action::serve);
  CHECK(line.config.empty());
  CHECK(line.given.empty());
  CHECK(line.listen.empty());
  CHECK_FALSE(line.preauth);
  CHECK(line.settings.users == config::Settings().users);
}

TEST_CASE("options that print something are actions, and the last one counts") {
  CHECK(parse({"--help"}).action == CommandLine::Action::help);
  CHECK(parse({"--version"}).action == CommandLine::Action::version);
  CHECK(parse({"--print-cage"}).action == CommandLine::Action::print_sandbox);
  CHECK(parse({"--check-configuration"}).action == CommandLine::Action::check_configuration);
  CHECK(parse({"--help", "--version"}).action == CommandLine::Action::version);
}

TEST_CASE("--listen may be given several times, and --config names a file") {
  const auto line = parse({"--listen", "127.0.0.1:110", "--config=/x", "--listen=[::1]:110"});
  CHECK(line.listen == Words{"127.0.0.1:110", "[::1]:110"});
  CHECK(line.config == "/x");
}

TEST_CASE("--preauth takes a Maildir behind = or as the next word, or none") {
  CHECK(parse({"--preauth"}).preauth == "");
  CHECK(parse({"--preauth", "Maildir"}).preauth == "Maildir");
  CHECK(parse({"--preauth=Maildir"}).preauth == "Maildir");
  const auto followed = parse({"--preauth", "--tls", "wrapped"});
  CHECK(followed.preauth == "");
  CHECK(followed.settings.tls == config::Settings::Tls::wrapped);
}

TEST_CASE("a setting is taken and remembered as given") {
  const auto line = parse({"--idle-limit", "700", "--tls=wrapped"});
  CHECK(line.settings.idle_limit == 700);
  CHECK(line.given == Words{"idle-limit", "tls"});
}

TEST_CASE("mistakes are named by the word that is wrong") {
  CHECK(problem_of({"--no-such"}) == "unknown option '--no-such'");
  CHECK(problem_of({"-x"}) == "unknown option '-x'");
  CHECK(problem_of({"--lisen=[::1]:110"}) ==
        "unknown option '--lisen=[::1]:110'; did you mean --listen?");
  CHECK(problem_of({"-idle-limt", "5"}) ==
        "unknown option '-idle-limt'; did you mean --idle-limit?");
  CHECK(problem_of({"--config"}) == "no value for --config");
  CHECK(problem_of({"--help=x"}) == "unknown option '--help=x'; did you mean --help?");
  CHECK(problem_of({"more"}) == "unexpected word 'more'");
  CHECK(problem_of({"--tls", "perhaps"}).starts_with("--tls: "));
}

TEST_CASE("the command line goes before the configuration file") {
  const Scratch scratch;
  const auto path = scratch.write("sodapop.conf", "idle-limit = 800\nattempts = 5\n");
  const auto settings = settings_of(parse({"--config", path, "--idle-limit", "700"}));
  CHECK(settings.idle_limit == 700);
  CHECK(settings.attempts == 5);
}

TEST_CASE("a configuration that is missing, wrong or contradicts itself is refused") {
  const Scratch scratch;
  CHECK_THROWS_AS(settings_of(parse({"--config", scratch.path("missing")})),
                  config::ConfigurationError);
  const auto wrong = scratch.write("wrong", "no-such = 1\n");
  CHECK_THROWS_AS(settings_of(parse({"--config", wrong})), config::ConfigurationError);
  const auto empty = scratch.write("empty", "");
  CHECK_THROWS_AS(settings_of(parse({"--proxy", "required", "--config", empty})),
                  config::ConfigurationError);
}

TEST_CASE("keys for tokens without an issuer are refused" * doctest::skip(SODAPOP_TOKENS == 0)) {
  const Scratch scratch;
  const auto empty = scratch.write("empty", "");
  CHECK_THROWS_AS(settings_of(parse({"--oauth-keys", "/keys", "--config", empty})),
                  config::ConfigurationError);
}

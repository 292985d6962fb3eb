// SPDX-License-Identifier: ISC
#include "config/configuration.hpp"

#include "base/unique_fd.hpp"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <vector>

namespace {

using config::ConfigurationError;
using config::Settings;

/// The error message about `text`; empty when there is none.
std::string complaint(std::string_view text, Settings& settings,
                      const std::vector<std::string>& fixed = {}) {
  try {
    config::apply_configuration(text, {"FILE", fixed}, settings,
                                [](const ConfigurationError& mistake) { throw mistake; });
    return "";
  } catch (const ConfigurationError& error) {
    return error.what();
  }
}

Settings settings_of_oauth() {
  Settings settings;
  settings.oauth_keys = "/etc/sodapop/keys.json";
  settings.oauth_issuer = "https://id.example.org";
  settings.oauth_audience = "pop.example.org";
  return settings;
}

} // namespace

TEST_CASE("keys are set, whatever the blanks around them") {
  Settings settings;
  CHECK(complaint("# comment\n\n \t \n  idle-limit\t =  700 \r\nhostname=pop.example.org\n",
                  settings) == "");
  CHECK(settings.idle_limit == 700);
  CHECK(settings.hostname == "pop.example.org");
}

TEST_CASE("a value may hold = and #") {
  Settings settings;
  CHECK(complaint("maildir = /mail/#a=b/%u\n", settings) == "");
  CHECK(settings.maildir == "/mail/#a=b/%u");
}

TEST_CASE("a mistake is named with its line") {
  Settings settings;
  CHECK(complaint("\ncolour = blue\n", settings) == "FILE:2: unknown key 'colour'");
  CHECK(complaint("idle-limit = soon", settings) ==
        "FILE:1: idle-limit: 'soon' is not a decimal number");
  CHECK(complaint("tls = none\ntls = none\n", settings) ==
        "FILE:2: key given twice: tls, first in line 1");
  CHECK(complaint("tls =\n", settings) == "FILE:1: no value for tls");
  CHECK(complaint("tls\n", settings) == "FILE:1: expected KEY = VALUE, not 'tls'");
  CHECK(complaint("= 5\n", settings) == "FILE:1: expected KEY = VALUE, not '= 5'");
}

TEST_CASE("a file that is cut off within a line is a mistake wherever it is cut") {
  const std::string text = "minimum-uid = 1000\n# a comment\n\ttls = wrapped\r\n \n";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    CAPTURE(size);
    Settings settings;
    const auto cut = text.substr(0, size);
    const bool is_at_line_end = cut.empty() || cut.back() == '\n';
    CHECK((complaint(cut, settings) == "") == is_at_line_end);
  }
  Settings settings;
  CHECK(complaint("minimum-uid = 10", settings) ==
        "FILE:1: the last line has no line end, and may be cut off");
  CHECK(complaint("\n\n# end", settings) ==
        "FILE:3: the last line has no line end, and may be cut off");
}

TEST_CASE("the key that was meant is named") {
  Settings settings;
  CHECK(complaint("idel-limit = 5\n", settings) ==
        "FILE:1: unknown key 'idel-limit'; did you mean idle-limit?");
}

TEST_CASE("a comment behind a value, and quotes around it, are mistakes whatever the setting") {
  Settings settings;
  for (const auto* key : {"hostname", "maildir", "idle-limit"}) {
    CHECK(complaint(key + std::string(" = 600 # ten"), settings) ==
          std::string("FILE:1: ") + key +
              ": '600 # ten' has a comment behind it, which needs a line of its own");
    CHECK(complaint(key + std::string(" = \"600\""), settings) ==
          std::string("FILE:1: ") + key + ": quotes are not used here: write 600");
  }
  CHECK(settings.hostname == Settings().hostname);
}

TEST_CASE("a line with a control character is a mistake, a comment with one is none") {
  Settings settings;
  CHECK(complaint("hostname = a\x01z\n", settings) ==
        "FILE:1: the line has the control character 0x01");
  CHECK(complaint("host\rname = a\n", settings) ==
        "FILE:1: the line has the control character 0x0d");
  CHECK(complaint("# \x01\nhostname =\ta\r\n", settings) == "");
}

TEST_CASE("a byte order mark is told, and the lines behind it are applied") {
  Settings settings;
  std::string told;
  const auto tell = [&](const auto& mistake) { told.append(mistake.what()).append("\n"); };
  config::apply_configuration("\xef\xbb\xbfidle-limit = 700\n", {"FILE", {}}, settings, tell);
  CHECK(told == "FILE:1: the file begins with a byte order mark: save it as UTF-8 without one\n");
  CHECK(settings.idle_limit == 700);
}

TEST_CASE("a file of UTF-16 is one mistake") {
  using namespace std::string_view_literals;
  for (const auto text : {"\xff\xfet\0l\0s\0\n\0"sv, "\xfe\xff\0t\0l\0s\0\n"sv}) {
    Settings settings;
    std::string told;
    const auto tell = [&](const auto& mistake) { told.append(mistake.what()).append("\n"); };
    config::apply_configuration(text, {"FILE", {}}, settings, tell);
    CHECK(told == "FILE:1: the file is UTF-16: save it as UTF-8 without a byte order mark\n");
  }
}

TEST_CASE("a fixed key is checked but not set") {
  Settings settings;
  settings.idle_limit = 42;
  CHECK(complaint("idle-limit = 700\n", settings, {"idle-limit"}) == "");
  CHECK(settings.idle_limit == 42);
  CHECK(complaint("idle-limit = soon\n", settings, {"idle-limit"}) != "");
}

TEST_CASE("a file is read whole up to the limit, and not beyond") {
  const std::string line = "idle-limit = 700\n";
  const auto read_file_of = [&](std::size_t size, Settings& settings) {
    const base::UniqueFd file(memfd_create("configuration", 0));
    const auto text = line + std::string(size - line.size() - 1, '#') + "\n";
    REQUIRE(write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(size));
    config::read_configuration({"/proc/self/fd/" + std::to_string(file.get()), {}}, settings);
  };
  for (const std::size_t size :
       {std::size_t{4096}, config::max_configuration - 1, config::max_configuration}) {
    Settings settings;
    read_file_of(size, settings);
    CHECK(settings.idle_limit == 700);
  }
  Settings settings;
  CHECK_THROWS_AS(read_file_of(config::max_configuration + 1, settings), ConfigurationError);
}

TEST_CASE("a file that is not there is a mistake") {
  Settings settings;
  CHECK_THROWS_WITH_AS(config::read_configuration({"/nowhere/conf", {}}, settings),
                       "/nowhere/conf: No such file or directory", ConfigurationError);
}

TEST_CASE("a file that is named is the one to read, and no file changes nothing") {
  CHECK(config::configuration_path("/etc/other.conf") == "/etc/other.conf");
  Settings settings;
  config::read_configuration({}, settings);
  CHECK(settings.idle_limit == Settings().idle_limit);
}

TEST_CASE("each mistake of a file is told, and the lines between are applied") {
  Settings settings;
  std::string told;
  config::apply_configuration(
      "colour = blue\nidle-limit = 700\nattempts = 0\n", {"FILE", {}}, settings,
      [&](const auto& mistake) { told.append(mistake.what()).append("\n"); });
  CHECK(told == "FILE:1: unknown key 'colour'\nFILE:3: attempts: '0' is not from 1 to 100\n");
  CHECK(settings.idle_limit == 700);
}

TEST_CASE("proxies have to be named where their headers are required") {
  Settings settings;
  CHECK_FALSE(config::problem_with_proxy(settings));
  REQUIRE(complaint("proxy = required\n", settings) == "");
  CHECK(config::problem_with_proxy(settings) == "proxy = required needs proxy-networks");
  REQUIRE(complaint("proxy-networks = ::1\n", settings) == "");
  CHECK_FALSE(config::problem_with_proxy(settings));
}

TEST_CASE("a proxy on a local socket has an account") {
  Settings settings;
  REQUIRE(complaint("proxy = required\nproxy-networks = ::1,local\n", settings) == "");
  CHECK(config::problem_with_proxy(settings) == "proxy-networks = local needs proxy-account");
  REQUIRE(complaint("proxy-account = haproxy\n", settings) == "");
  CHECK_FALSE(config::problem_with_proxy(settings));
}

TEST_CASE("settings of OAuth are complete by default, and with keys, issuer and audience") {
  CHECK_FALSE(config::problem_with_oauth(Settings()));
  CHECK_FALSE(config::problem_with_oauth(settings_of_oauth()));
}

TEST_CASE("keys are not enough: issuer, audience and claim have to be set") {
  const std::pair<std::string Settings::*, const char*> needed[] = {
      {&Settings::oauth_issuer, "oauth-issuer"},
      {&Settings::oauth_audience, "oauth-audience"},
      {&Settings::oauth_user_claim, "oauth-user-claim"}};
  for (const auto& need : needed) {
    const auto member = need.first;
    const std::string key = need.second;
    auto settings = settings_of_oauth();
    (settings.*member).clear();
    const auto problem = config::problem_with_oauth(settings);
    REQUIRE_MESSAGE(problem.has_value(), key);
    CHECK(problem->find(key) != std::string::npos);
    settings.oauth_keys.clear();
    CHECK_FALSE(config::problem_with_oauth(settings));
  }
}

// SPDX-License-Identifier: ISC
#include "config/settings_table.hpp"

#include "base/split.hpp"
#include "configuration_paths.hpp"

#include <doctest/doctest.h>
#include <map>
#include <set>
#include <vector>

namespace {

using config::find_setting;
using config::Settings;

/// The problem of the value; empty when it is accepted.
std::string assigned(Settings& settings, const char* key, std::string_view value) {
  const auto* setting = find_setting(key);
  REQUIRE(setting != nullptr);
  return setting->assign(settings, value).value_or("");
}

} // namespace

TEST_CASE("every setting has a key of its own, a name for its value and a help") {
  std::set<std::string_view> keys;
  for (const auto& setting : config::settings_table()) {
    CHECK(keys.insert(setting.key).second);
    CHECK_FALSE(std::string_view(setting.value_name).empty());
    CHECK_FALSE(std::string_view(setting.help).empty());
  }
  CHECK(keys.size() > 20);
  CHECK(find_setting("colour") == nullptr);
  CHECK(find_setting("idle") == nullptr);
}

TEST_CASE("a number is taken from the least to the most and no further") {
  Settings settings;
  CHECK(assigned(settings, "attempts", "0") == "'0' is not from 1 to 100");
  CHECK(assigned(settings, "attempts", "1").empty());
  CHECK(settings.attempts == 1);
  CHECK(assigned(settings, "attempts", "100").empty());
  CHECK(settings.attempts == 100);
  CHECK(assigned(settings, "attempts", "101") == "'101' is not from 1 to 100");
  CHECK(settings.attempts == 100);
}

TEST_CASE("only plain decimal numbers are accepted") {
  Settings settings;
  for (const char* value : {"soon", "-1", "+1", "010", "0x10", "1 ", " 1", "1.0", "", "1e2"}) {
    CAPTURE(value);
    CHECK(assigned(settings, "idle-limit", value) ==
          "'" + std::string(value) + "' is not a decimal number");
  }
  CHECK(assigned(settings, "idle-limit", "99999999999999999999") ==
        "'99999999999999999999' is not from 1 to 86400");
  CHECK(settings.idle_limit == Settings().idle_limit);
}

TEST_CASE("a word stands for the value at its place") {
  Settings settings;
  CHECK(assigned(settings, "tls", "wrapped").empty());
  CHECK(settings.tls == Settings::Tls::wrapped);
  CHECK(assigned(settings, "tls", "none").empty());
  CHECK(settings.tls == Settings::Tls::none);
  CHECK(assigned(settings, "sandbox", "require").empty());
  CHECK(settings.sandbox == Settings::Sandbox::require);
  CHECK(assigned(settings, "missing-maildir", "empty").empty());
  CHECK(settings.missing_maildir == Settings::MissingMaildir::empty);
  CHECK(assigned(settings, "mark-seen", "no").empty());
  CHECK_FALSE(settings.mark_seen);
  CHECK(assigned(settings, "mark-seen", "yes").empty());
  CHECK(settings.mark_seen);
}

TEST_CASE("name-case is as-given or lower, and require-domain is yes or no") {
  Settings settings;
  CHECK(assigned(settings, "name-case", "lower").empty());
  CHECK(settings.name_case == Settings::NameCase::lower);
  CHECK(assigned(settings, "name-case", "as-given").empty());
  CHECK(settings.name_case == Settings::NameCase::as_given);
  CHECK(assigned(settings, "name-case", "upper") == "'upper' is none of as-given, lower");
  CHECK(assigned(settings, "require-domain", "yes").empty());
  CHECK(settings.require_domain);
  CHECK(assigned(settings, "rehash", "yes").empty());
  CHECK(settings.rehash);
}

TEST_CASE("a default domain may stand behind an @, and fits into a name") {
  Settings settings;
  CHECK(assigned(settings, "default-domain", "Mail-1.example.org").empty());
  CHECK(settings.default_domain == "Mail-1.example.org");
  CHECK(assigned(settings, "default-domain", std::string(253, 'a')).empty());
  for (const std::string& value :
       {std::string(254, 'a'), std::string(".org"), std::string("@example.org"), std::string("a b"),
        std::string("a/b"), std::string("a:b"), std::string("\xc3\xbc.org")}) {
    CAPTURE(value);
    CHECK(assigned(settings, "default-domain", value) ==
          "'" + value + "' is not a domain such as example.org");
  }
}

TEST_CASE("a setting of a feature that was left out is refused, whatever its value") {
  Settings settings;
  for (const bool is_built : {true, false}) {
    const config::Feature feature{"numbering", is_built};
    auto setting = *find_setting("attempts");
    setting.feature = &feature;
    CHECK(setting.is_available() == is_built);
    const auto problem = setting.set(settings, is_built ? "7" : "8").value_or("");
    CHECK(problem == (is_built ? "" : "not available, as sodapop was built without numbering"));
  }
  CHECK(settings.attempts == 7);
  CHECK(find_setting("attempts")->set(settings, "0") == "'0' is not from 1 to 100");
}

TEST_CASE("each setting of a feature that an option leaves out belongs to that feature") {
  const std::map<std::string_view, bool> features{{"tokens", SODAPOP_TOKENS != 0},
                                                  {"checkpassword", SODAPOP_CHECKPASSWORD != 0},
                                                  {"auth_cache", SODAPOP_AUTH_CACHE != 0}};
  std::multiset<std::string_view> found;
  for (const auto& setting : config::settings_table())
    if (setting.feature != nullptr) {
      found.insert(setting.feature->name);
      CHECK(setting.is_available() == features.at(setting.feature->name));
    }
  CHECK(found.count("tokens") == 7);
  CHECK(found.count("checkpassword") == 2);
  CHECK(found.count("auth_cache") == 1);
}

TEST_CASE("networks are taken as a list or not at all") {
  Settings settings;
  CHECK(settings.proxy_networks.empty());
  CHECK(assigned(settings, "proxy-networks", "10.0.0.0/8,local").empty());
  CHECK(settings.proxy_networks.contains(base::Address::parse("10.1.2.3")));
  CHECK(settings.proxy_networks.contains({}));
  CHECK(assigned(settings, "trusted-networks", "192.0.2.8").empty());
  CHECK(settings.trusted_networks.contains(base::Address::parse("192.0.2.8")));
  const std::pair<const char*, const char*> wrong[] = {
      {"", "'' is not 1 to 64 networks with commas between them"},
      {"10.0.0.0/8,,::1", "'10.0.0.0/8,,::1' is not 1 to 64 networks with commas between them"},
      {"10.0.0.0/8, ::1", "' ::1' is neither an address nor a network such as 192.0.2.0/24"},
      {"all", "'all' is neither an address nor a network such as 192.0.2.0/24"}};
  for (const auto& one : wrong) {
    CAPTURE(one.first);
    CHECK(assigned(settings, "proxy-networks", one.first) == one.second);
  }
  CHECK(settings.proxy_networks.contains({}));
}

TEST_CASE("each word that the help has for a choice is accepted") {
  unsigned choices = 0;
  for (const auto& setting : config::settings_table()) {
    std::string_view words = setting.value_name;
    if (words.find('|') == words.npos || words == "SECONDS|off")
      continue;
    ++choices;
    while (!words.empty()) {
      Settings settings;
      CHECK(assigned(settings, setting.key, base::take_field(words, "|")).empty());
    }
  }
  CHECK(choices == 11);
}

TEST_CASE("an unknown word is refused with a list of the valid words") {
  Settings settings;
  for (const std::string value : {"", "wrap", "none|wrapped", "|"}) {
    CAPTURE(value);
    CHECK(assigned(settings, "tls", value) == "'" + value + "' is none of none, wrapped");
  }
  CHECK(assigned(settings, "tls", "wraped") ==
        "'wraped' is none of none, wrapped; did you mean wrapped?");
}

TEST_CASE("off is a number for the cache alone") {
  Settings settings;
  CHECK(assigned(settings, "auth-cache", "600").empty());
  CHECK(settings.auth_cache == 600);
  CHECK(assigned(settings, "auth-cache", "off").empty());
  CHECK(settings.auth_cache == 0);
  CHECK(assigned(settings, "auth-cache", "0") == "'0' is not from 1 to 86400");
  CHECK(assigned(settings, "auth-cache", "on") == "'on' is not a decimal number or the word off");
  CHECK(find_setting("take-over")->set(settings, "5m") ==
        "'5m' is not a decimal number or the word off; write seconds, without a unit");
  CHECK(assigned(settings, "idle-limit", "off") == "'off' is not a decimal number");
}

TEST_CASE("types of tokens are a list with commas, without blanks and empty types") {
  Settings settings;
  for (const auto* good : {"JWT", "at+jwt,JWT", "application/at+jwt"}) {
    CHECK(assigned(settings, "oauth-types", good).empty());
    CHECK(settings.oauth_types == good);
  }
  for (const std::string bad : {"", ",", "JWT,", ",JWT", "at+jwt,,JWT", "at+jwt, JWT", "a\tb"})
    CHECK(assigned(settings, "oauth-types", bad) ==
          "'" + bad + "' is not a list of types with commas between them, without blanks");
}

TEST_CASE("a scope is one word of the characters of RFC 6749") {
  Settings settings;
  for (const auto* good : {"pop", "https://mail.example.org/pop", "!#[]~"}) {
    CHECK(assigned(settings, "oauth-scope", good).empty());
    CHECK(settings.oauth_scope == good);
  }
  for (const std::string bad : {"pop imap", "a\tb", "a\"b", "a\\b", "a\x7f", "\xc3\xa9"})
    CHECK(assigned(settings, "oauth-scope", bad) ==
          "'" + bad + "' is not one scope, without blanks");
}

TEST_CASE("paths are absolute, a log may be a word") {
  Settings settings;
  CHECK(assigned(settings, "users", "users") == "'users' is not an absolute path");
  CHECK(assigned(settings, "oauth-keys", "keys") == "'keys' is not an absolute path");
  CHECK(assigned(settings, "users", "/u").empty());
  CHECK(settings.users == "/u");
  CHECK(assigned(settings, "checkpassword", "check x") == "'check x' is not an absolute path");
  CHECK(assigned(settings, "checkpassword", "/bin/check -x y").empty());
  CHECK(settings.checkpassword == "/bin/check -x y");
  CHECK(assigned(settings, "checkpassword-limit", "60").empty());
  CHECK(assigned(settings, "checkpassword-limit", "61") == "'61' is not from 1 to 60");
  for (const char* target : {"syslog", "stderr", "/var/log/sodapop"}) {
    CHECK(assigned(settings, "log", target).empty());
    CHECK(settings.log == target);
  }
  CHECK(assigned(settings, "log", "file") == "'file' is not syslog, stderr or an absolute path");
}

TEST_CASE("a value that is refused comes with its likely cause") {
  Settings settings;
  CHECK(find_setting("idle-limit")->set(settings, "10m") ==
        "'10m' is not a decimal number; write seconds, without a unit");
  CHECK(find_setting("attempts")->set(settings, "10m") == "'10m' is not a decimal number");
}

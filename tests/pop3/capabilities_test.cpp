// SPDX-License-Identifier: ISC
#include "pop3/capabilities.hpp"

#include "support/session_profile.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <ostream>
#include <set>
#include <sstream>
#include <vector>

namespace {

using Lines = std::vector<std::string>;

Lines announced(const pop3::SessionProfile& profile, bool logged_in) {
  const auto listing = pop3::capabilities(profile, logged_in);
  Lines lines;
  for (std::string line; listing(line); line.clear()) {
    REQUIRE(line.ends_with("\r\n"));
    lines.push_back(line.substr(0, line.size() - 2));
  }
  return lines;
}

Lines announced(bool is_protected, bool logged_in) {
  return announced(support::profile(is_protected), logged_in);
}

bool has(const Lines& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

std::string tag(const std::string& line) {
  return line.substr(0, line.find(' '));
}

} // namespace

TEST_CASE("capabilities that are announced before login are announced after it") {
  for (const bool is_protected : {false, true}) {
    auto before = announced(is_protected, false), after = announced(is_protected, true);
    CHECK(before.size() == after.size());
    for (const auto& line : before)
      CHECK((has(after, line) || tag(line) == "IMPLEMENTATION"));
  }
}

TEST_CASE("our version is told only after login") {
  CHECK(has(announced(true, false), "IMPLEMENTATION sodapop"));
  CHECK(has(announced(true, true), "IMPLEMENTATION sodapop-1.2.3"));
}

TEST_CASE("password logins are announced on protected connections only") {
  CHECK(has(announced(true, false), "USER"));
  CHECK(has(announced(true, false), "SASL PLAIN"));
  for (const bool logged_in : {false, true})
    for (const auto& line : announced(false, logged_in)) {
      CHECK(tag(line) != "USER");
      CHECK(tag(line) != "SASL");
    }
}

TEST_CASE("mechanisms without passwords are announced, before login and after it") {
  auto profile = support::full_profile();
  for (const bool logged_in : {false, true}) {
    profile.is_protected = false;
    CHECK(has(announced(profile, logged_in), "SASL SCRAM-SHA-256 EXTERNAL"));
    profile.is_protected = true;
    CHECK(has(announced(profile, logged_in),
              "SASL SCRAM-SHA-256 EXTERNAL PLAIN OAUTHBEARER XOAUTH2"));
  }
}

TEST_CASE("everything optional that works is announced") {
  for (const bool is_protected : {false, true})
    for (const bool logged_in : {false, true})
      for (const auto* line :
           {"TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "EXPIRE NEVER"})
        CHECK(has(announced(is_protected, logged_in), line));
}

TEST_CASE("capability lines have the form of RFC 2449") {
  for (const auto& line : announced(true, true)) {
    CAPTURE(line);
    CHECK(line.size() <= 510);
    CHECK_FALSE(line.starts_with('.'));
    CHECK_FALSE(line.ends_with(' '));
    CHECK(line.find("  ") == line.npos);
    CHECK(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < 0x7f; }));
  }
  std::set<std::string> tags;
  for (const auto& line : announced(true, true))
    CHECK(tags.insert(tag(line)).second);
}

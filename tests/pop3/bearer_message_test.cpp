// SPDX-License-Identifier: ISC
#include "pop3/bearer_message.hpp"

#include "pop3/limits.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace std::string_literals;
using pop3::parse_oauthbearer;
using pop3::parse_xoauth2;

namespace {

std::string oauthbearer(const std::string& value) {
  return "n,a=alice,\1auth=" + value + "\1\1";
}

std::string xoauth2(const std::string& value) {
  return "user=alice\1auth=" + value + "\1\1";
}

} // namespace

TEST_CASE("name and token are read in both forms") {
  const auto standard =
      parse_oauthbearer(oauthbearer("Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="));
  REQUIRE(standard);
  CHECK(standard->mechanism == pop3::Mechanism::oauthbearer);
  CHECK(standard->name == "alice");
  CHECK(standard->password.reveal() == "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
  const auto older = parse_xoauth2(xoauth2("Bearer ya29.x"));
  REQUIRE(older);
  CHECK(older->mechanism == pop3::Mechanism::xoauth2);
  CHECK(older->name == "alice");
  CHECK(older->password.reveal() == "ya29.x");
}

TEST_CASE("only OAUTHBEARER may leave the name to the token") {
  const auto nameless = parse_oauthbearer("n,,\1auth=Bearer x\1\1");
  REQUIRE(nameless);
  CHECK(nameless->name.empty());
  CHECK_FALSE(parse_xoauth2("user=\1auth=Bearer x\1\1"));
  CHECK_FALSE(parse_xoauth2("auth=Bearer x\1\1"));
}

TEST_CASE("the scheme is Bearer in either case, and blanks stand before the token") {
  for (const auto* value :
       {"Bearer x", "bearer x", "BEARER x", "Bearer   x", "Bearer x=", "Bearer x=="}) {
    CHECK(parse_oauthbearer(oauthbearer(value)));
    CHECK(parse_xoauth2(xoauth2(value)));
  }
  for (const auto* value :
       {"", "Bearer", "Bearer ", "Bearerx", "Bear x", "x", " Bearer x", "Basic x", "Bearer x ",
        "Bearer x y", "Bearer =", "Bearer x=y", "Bearer\tx"}) {
    CAPTURE(value);
    CHECK_FALSE(parse_oauthbearer(oauthbearer(value)));
    CHECK_FALSE(parse_xoauth2(xoauth2(value)));
  }
}

TEST_CASE("a token is of letters, digits and six other characters") {
  const auto good = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"s;
  for (int c = 0; c < 256; ++c) {
    const auto value = "Bearer a"s + static_cast<char>(c) + "b";
    const bool is_good = c != 0 && good.find(static_cast<char>(c)) != good.npos;
    CHECK(parse_oauthbearer(oauthbearer(value)).has_value() == is_good);
    CHECK(parse_xoauth2(xoauth2(value)).has_value() == is_good);
  }
}

TEST_CASE("a token is at most max_token octets long") {
  const auto passes = [](std::size_t length) {
    const auto value = "Bearer " + std::string(length, 't');
    const bool first = parse_oauthbearer(oauthbearer(value)).has_value();
    CHECK(parse_xoauth2(xoauth2(value)).has_value() == first);
    return first;
  };
  CHECK(passes(pop3::max_token - 1));
  CHECK(passes(pop3::max_token));
  CHECK_FALSE(passes(pop3::max_token + 1));
}

TEST_CASE("at most max_bearer_pairs pairs come with OAUTHBEARER") {
  const auto passes = [](std::size_t pairs) {
    std::string message = "n,,\1auth=Bearer x\1";
    std::string key = "k";
    for (std::size_t i = 1; i < pairs; ++i)
      message += (key += 'k') + "=v\1";
    return parse_oauthbearer(message + "\1").has_value();
  };
  CHECK(passes(1));
  CHECK(passes(pop3::max_bearer_pairs - 1));
  CHECK(passes(pop3::max_bearer_pairs));
  CHECK_FALSE(passes(pop3::max_bearer_pairs + 1));
}

TEST_CASE("values are of printable ASCII, tabs and line ends, and may be empty") {
  for (int c = 0; c < 256; ++c) {
    const bool is_good = (c >= 0x20 && c < 0x7f) || c == '\t' || c == '\r' || c == '\n';
    const auto message = "n,,\1host=a"s + static_cast<char>(c) + "b\1auth=Bearer x\1\1";
    CHECK(parse_oauthbearer(message).has_value() == is_good);
  }
  CHECK(parse_oauthbearer("n,,\1host=\1auth=Bearer x\1port=\1\1"));
}

TEST_CASE("a message that is cut or goes on is refused") {
  for (const auto& message : {oauthbearer("Bearer x"), xoauth2("Bearer x")}) {
    const bool is_standard = message.starts_with('n');
    const auto passes = [&](const std::string& text) {
      return (is_standard ? parse_oauthbearer(text) : parse_xoauth2(text)).has_value();
    };
    CHECK(passes(message));
    for (std::size_t length = 0; length < message.size(); ++length)
      CHECK_FALSE(passes(message.substr(0, length)));
    for (const auto* more : {"\1", "x", "x=y\1", "\1\1"})
      CHECK_FALSE(passes(message + more));
  }
}

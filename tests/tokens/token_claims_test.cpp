// SPDX-License-Identifier: ISC
#include "token_fixture.hpp"

#include <doctest/doctest.h>

using namespace fixture;

TEST_CASE("claims are one object of JSON") {
  for (const auto* bad : {"x", "[]", "null", "{\"iss\":1", R"({"exp":1,"exp":2})"})
    CHECK_MESSAGE(problem(signer.token(good_header, bad)) == token_problem::malformed_claims, bad);
  CHECK(problem_with({{"x", std::string(tokens::max_token, '[')}}) == token_problem::too_long);
  CHECK(problem_with({{"x", std::string(20, '[') + std::string(20, ']')}}) ==
        token_problem::malformed_claims);
}

TEST_CASE("a token without an end is refused") {
  CHECK(problem_with({{"exp", ""}}) == token_problem::no_expiry);
}

TEST_CASE("a token is good until the second in which it expires, and the leeway longer") {
  using tokens::leeway;
  for (const auto expires : {now + 1, now, now - leeway + 1})
    CHECK_MESSAGE(problem_with({{"exp", std::to_string(expires)}}) == accepted, (expires - now));
  for (const auto expires : {now - leeway, now - leeway - 1, std::int64_t{0}})
    CHECK_MESSAGE(problem_with({{"exp", std::to_string(expires)}}) == token_problem::expired,
                  (expires - now));
}

TEST_CASE("a token is not good before its time, less the leeway") {
  using tokens::leeway;
  for (const auto* claim : {"nbf", "iat"}) {
    for (const auto begins : {now - 1, now, now + leeway - 1, now + leeway})
      CHECK_MESSAGE(problem_with({{claim, std::to_string(begins)}}) == accepted, (begins - now));
    for (const auto begins : {now + leeway + 1, tokens::last_date})
      CHECK_MESSAGE(problem_with({{claim, std::to_string(begins)}}) == token_problem::not_yet_valid,
                    (begins - now));
    CHECK(problem_with({{claim, ""}}) == accepted);
  }
}

TEST_CASE("a token is issued for oauth-lifetime seconds at most") {
  const std::int64_t longest = settings.oauth_lifetime;
  REQUIRE(longest == 86400);
  for (const auto issued : {now - longest, now - 1, now, now + tokens::leeway}) {
    const auto begin = std::to_string(issued);
    for (const auto seconds : {longest - 1, longest})
      CHECK_MESSAGE(problem_with({{"iat", begin}, {"exp", std::to_string(issued + seconds)}}) ==
                        accepted,
                    (issued - now));
    for (const auto& end :
         {std::to_string(issued + longest + 1), std::to_string(tokens::last_date)})
      CHECK_MESSAGE(problem_with({{"iat", begin}, {"exp", end}}) == token_problem::lifetime,
                    (issued - now));
  }
}

TEST_CASE("a token that does not say since when it is valid has no longer to go") {
  const std::int64_t longest = settings.oauth_lifetime;
  CHECK(problem_with({{"iat", ""}, {"exp", std::to_string(now + longest)}}) == accepted);
  CHECK(problem_with({{"iat", ""}, {"exp", std::to_string(now + longest + 1)}}) ==
        token_problem::lifetime);
  CHECK(problem_with({{"iat", ""}, {"nbf", "1"}}) == accepted);
}

TEST_CASE("a site can set a shorter lifetime") {
  auto wanted = settings;
  wanted.oauth_lifetime = 3599;
  CHECK(problem(good_token(), keys(), wanted) == token_problem::lifetime);
  wanted.oauth_lifetime = 3600;
  CHECK(problem(good_token(), keys(), wanted) == accepted);
}

TEST_CASE("a date is a number of seconds up to the year 9999, perhaps with a fraction") {
  using tokens::last_date;
  for (const auto& good : {std::to_string(last_date - 1), std::to_string(last_date),
                           std::to_string(last_date) + ".5", std::string("1.9e9")})
    CHECK_MESSAGE(problem_with({{"exp", good}}) == token_problem::lifetime, good);
  CHECK(problem_with({{"exp", std::to_string(now) + ".9"}}) == accepted);
  for (const auto& bad :
       {std::to_string(last_date + 1), std::string("1800000000000"), std::string("-1"),
        std::string("1e300"), std::string("18446744073709551615"),
        std::string("18446744073709551616"), std::string("\"1900000000\""), std::string("null"),
        std::string("[1900000000]"), std::string("true"), std::string("{}")})
    for (const auto* claim : {"exp", "nbf", "iat"})
      CHECK_MESSAGE(problem_with({{claim, bad}}) == token_problem::malformed_claims, bad);
}

TEST_CASE("the issuer is the one that is set, octet by octet") {
  for (const auto* issuer : {"", R"("https://id.example.org/")", R"("https://ID.example.org")",
                             "\"\"", R"(["https://id.example.org"])", "null"})
    CHECK_MESSAGE(problem_with({{"iss", issuer}}) == token_problem::wrong_issuer, issuer);
}

TEST_CASE("the audience is the one that is set, or an array with it") {
  for (const auto* audience : {R"("pop.example.org")", R"(["pop.example.org"])",
                               R"(["imap.example.org","pop.example.org"])"})
    CHECK_MESSAGE(problem_with({{"aud", audience}}) == accepted, audience);
  for (const auto* audience : {"", "[]", R"("imap.example.org")", R"("POP.example.org")", "\"\"",
                               R"([["pop.example.org"]])", R"({"pop.example.org":1})", "1", "null",
                               R"("imap.example.org pop.example.org")"})
    CHECK_MESSAGE(problem_with({{"aud", audience}}) == token_problem::wrong_audience, audience);
}

TEST_CASE("a token has to say what the settings say, and by default names the user in email") {
  config::TokenSettings other_site;
  other_site.oauth_issuer = "https://id.example.com";
  other_site.oauth_audience = settings.oauth_audience;
  CHECK(problem(good_token(), keys(), other_site) == token_problem::wrong_issuer);
  other_site.oauth_issuer = settings.oauth_issuer;
  CHECK(problem(good_token(), keys(), other_site) == accepted);
  other_site.oauth_audience = "pop.example.com";
  CHECK(problem(good_token(), keys(), other_site) == token_problem::wrong_audience);
}

TEST_CASE("a site without issuer or audience accepts nothing") {
  CHECK(problem(signer.token(good_header, claims({{"iss", "\"\""}})), keys(),
                {"", "", settings.oauth_audience, "email"}) == token_problem::wrong_issuer);
  CHECK(problem(signer.token(good_header, claims({{"aud", "\"\""}})), keys(),
                {"", settings.oauth_issuer, "", "email"}) == token_problem::wrong_audience);
}

TEST_CASE("a scope that is set has to be among those of the token") {
  auto wanted = settings;
  wanted.oauth_scope = "pop";
  const auto problem_of_scope = [&](std::initializer_list<Change> changes) {
    return problem(signer.token(good_header, claims(changes)), keys(), wanted);
  };
  for (const auto* name : {"scope", "scp"}) {
    for (const auto* good : {R"("pop")", R"("openid pop")", R"("pop imap")", R"("a  pop b")",
                             R"(["pop"])", R"(["imap","pop"])"})
      CHECK_MESSAGE(problem_of_scope({{name, good}}) == accepted, good);
    for (const auto* bad :
         {"", "\"\"", R"("POP")", R"("pops")", R"("xpop")", R"("pop,imap")", R"("pop\timap")", "[]",
          R"(["pop imap"])", R"([["pop"]])", "null", "1", R"({"pop":true})"})
      CHECK_MESSAGE(problem_of_scope({{name, bad}}) == token_problem::wrong_scope, bad);
  }
  CHECK(problem_of_scope({{"scope", "\"imap\""}, {"scp", "\"pop\""}}) ==
        token_problem::wrong_scope);
}

TEST_CASE("without oauth-scope the scope of a token does not matter") {
  for (const auto* any : {"", "\"\"", R"("imap")", "1"})
    CHECK_MESSAGE(problem_with({{"scope", any}}) == accepted, any);
}

TEST_CASE("an ID token is refused, as it proves a login at another service") {
  for (const auto* name : {"nonce", "at_hash", "c_hash", "s_hash"})
    for (const auto* value : {"\"x\"", "\"\"", "null"})
      CHECK_MESSAGE(problem_with({{name, value}}) == token_problem::no_access_token, name);
  CHECK(problem_with({{"typ", "\"ID\""}}) == token_problem::no_access_token);
  CHECK(problem_with({{"token_use", "\"id\""}}) == token_problem::no_access_token);
}

TEST_CASE("a logout token and a refresh token are refused") {
  const auto* logout = R"({"http://schemas.openid.net/event/backchannel-logout":{}})";
  for (const auto* events : {logout, "{}", "[]", "null"})
    CHECK_MESSAGE(problem_with({{"events", events}}) == token_problem::no_access_token, events);
  for (const auto* kind : {"\"Logout\"", "\"Refresh\"", "\"Offline\""})
    CHECK_MESSAGE(problem_with({{"typ", kind}}) == token_problem::no_access_token, kind);
}

TEST_CASE("a claim that says what an access token is does no harm") {
  CHECK(problem_with({{"typ", "\"Bearer\""}, {"auth_time", "1"}, {"acr", "\"1\""}}) == accepted);
  CHECK(problem_with({{"token_use", "\"access\""}, {"azp", "\"x\""}, {"sid", "\"x\""}}) ==
        accepted);
}

TEST_CASE("a token that is good only along with the client's own key is refused") {
  CHECK(problem_with({{"cnf", R"({"jkt":"x"})"}}) == token_problem::bound);
}

TEST_CASE("the user is a string that can be a user's name") {
  for (const auto* user : {R"("bob")", R"("Bob.B+c@example.org")"})
    CHECK_MESSAGE(problem_with({{"email", user}}) == accepted, user);
  for (const auto* user :
       {"", "\"\"", "1", "null", R"(["alice@example.org"])", R"("..")", R"("a b")", R"("a/b")",
        R"("a@b@c")", R"("a\u0000b")", R"("a\nb")", R"("\u00e9")"})
    CHECK_MESSAGE(problem_with({{"email", user}}) == token_problem::no_user, user);
}

TEST_CASE("another claim can name the user") {
  const auto token = signer.token(good_header, claims({{"sub", "\"bob\""}, {"email", ""}}));
  const auto checked =
      check_token(token, keys(), {"", settings.oauth_issuer, settings.oauth_audience, "sub"}, now);
  REQUIRE(checked.has_value());
  CHECK(checked->user == "bob");
  CHECK(problem(token) == token_problem::no_user);
}

TEST_CASE("an address names a user only when the token says that it was verified") {
  for (const auto* verified : {"true", "\"true\""})
    CHECK_MESSAGE(problem_with({{"email_verified", verified}}) == accepted, verified);
  for (const auto* verified : {"", "false", "\"false\"", "null", "1", R"(["true"])", "\"\""})
    CHECK_MESSAGE(problem_with({{"email_verified", verified}}) == token_problem::unverified_email,
                  verified);
}

TEST_CASE("an unverified address hinders no other claim") {
  for (const auto* verified : {"", "false"}) {
    const auto token = claims({{"email_verified", verified}, {"sub", "\"bob\""}});
    CHECK_MESSAGE(problem(signer.token(good_header, token), keys(),
                          {"", settings.oauth_issuer, settings.oauth_audience, "sub"}) == accepted,
                  verified);
  }
}

TEST_CASE("the first problem is the one that is told") {
  CHECK(problem_with({{"exp", "1"}, {"iss", "1"}, {"aud", "1"}}) == token_problem::expired);
  CHECK(problem_with({{"iss", "1"}, {"aud", "1"}}) == token_problem::wrong_issuer);
  CHECK(problem_with({{"aud", "1"}, {"cnf", "{}"}}) == token_problem::wrong_audience);
}

// SPDX-License-Identifier: ISC
#include "credentials/token.hpp"

#include "signer.hpp"
#include "token_vectors.hpp"

#include <doctest/doctest.h>
#include <initializer_list>
#include <set>

using credentials::check_token;
using credentials::KeySet;
using credentials::TokenPolicy;
using credentials::TokenProblem;

namespace {

constexpr std::int64_t now = 1'800'000'000;
const TokenPolicy policy{"https://id.example.org", "pop.example.org", "email"};
const Signer signer(1), other(2);
const std::string good_header = R"({"alg":"EdDSA","kid":"one","typ":"JWT"})";

KeySet set_of(std::initializer_list<std::string> keys) {
  std::string text;
  for (const auto& key : keys)
    text += (text.empty() ? "{\"keys\":[" : ",") + key;
  return KeySet::parse(text + "]}").value();
}

KeySet keys() {
  return set_of({other.key(R"(,"kid":"two")"), signer.key(R"(,"kid":"one")")});
}

/// Good claims, but for `changes`: a name, then what stands behind the colon, or nothing.
using Change = std::pair<std::string, std::string>;
std::string claims(std::initializer_list<Change> changes = {}) {
  std::vector<Change> all = {{"iss", R"("https://id.example.org")"},
                             {"aud", R"("pop.example.org")"},
                             {"exp", std::to_string(now + 3600)},
                             {"iat", std::to_string(now)},
                             {"email", R"("alice@example.org")"}};
  for (const auto& change : changes) {
    std::erase_if(all, [&](const Change& claim) { return claim.first == change.first; });
    all.push_back(change);
  }
  std::string text;
  for (const auto& [name, value] : all)
    if (!value.empty())
      text.append(text.empty() ? "{\"" : ",\"").append(name).append("\":").append(value);
  return text + "}";
}

std::string good_token() {
  return signer.token(good_header, claims());
}

auto check(std::string_view token) {
  return check_token(token, keys(), policy, now);
}

/// Nothing when the token is accepted.
std::optional<TokenProblem> problem(std::string_view token, const KeySet& set = keys(),
                                    const TokenPolicy& wanted = policy) {
  const auto checked = check_token(token, set, wanted, now);
  return checked ? std::nullopt : std::optional(checked.error());
}

std::optional<TokenProblem> problem_with(std::initializer_list<Change> changes) {
  return problem(signer.token(good_header, claims(changes)));
}

std::optional<TokenProblem> problem_of_header(const std::string& header) {
  return problem(signer.token(header, claims()));
}

constexpr auto accepted = std::nullopt;

} // namespace

TEST_CASE("a good token says who the user is, and until when") {
  const auto checked = check(good_token());
  REQUIRE(checked.has_value());
  CHECK(checked->user == "alice@example.org");
  CHECK(checked->expires == now + 3600);
}

TEST_CASE("tokens that OpenSSL has signed are accepted, by the key of their algorithm alone") {
  const auto set = KeySet::parse(vectors::openssl_keys).value();
  REQUIRE(set.keys().size() == 3);
  for (const auto& [header, signature] : vectors::openssl_tokens) {
    const auto text = std::string(header) + "." + std::string(vectors::openssl_claims) + ".";
    CHECK_MESSAGE(problem(text + std::string(signature), set) == accepted, header);
    for (const auto& [_, foreign] : vectors::openssl_tokens)
      if (foreign != signature)
        CHECK(problem(text + std::string(foreign), set) == TokenProblem::bad_signature);
  }
}

TEST_CASE("the signatures of RFC 7515 are right, the claims are not for us") {
  const auto token = std::string(vectors::rsa_message) + "." + std::string(vectors::rsa_signature);
  CHECK(problem(token, set_of({vectors::rsa_key})) == TokenProblem::expired);
  const auto curve =
      std::string(vectors::p256_message) + "." + std::string(vectors::p256_signature);
  CHECK(problem(curve, set_of({vectors::p256_key})) == TokenProblem::expired);
  CHECK(problem(curve, set_of({vectors::rsa_key})) == TokenProblem::unknown_key);
}

TEST_CASE("a signed text of RFC 8037 that is no JSON has no claims") {
  const auto token =
      std::string(vectors::ed25519_message) + "." + std::string(vectors::ed25519_signature);
  CHECK(problem(token, set_of({vectors::ed25519_key})) == TokenProblem::malformed_claims);
}

TEST_CASE("no octet of a token can be another one") {
  const auto token = good_token();
  for (std::size_t i = 0; i < token.size(); ++i)
    for (const char c : {'A', 'B', '.', '=', '+', '\0'}) {
      auto changed = token;
      changed[i] = c;
      CHECK_MESSAGE((changed == token) == check(changed).has_value(), i << c);
    }
}

TEST_CASE("no piece of a token is a token") {
  const auto token = good_token();
  for (std::size_t i = 0; i < token.size(); ++i) {
    CHECK_FALSE_MESSAGE(check(token.substr(0, i)), i);
    CHECK_FALSE_MESSAGE(check(token.substr(i + 1)), i);
  }
}

TEST_CASE("a token has three parts, none of them empty") {
  const auto token = good_token();
  const auto first = token.find('.'), last = token.rfind('.');
  const auto header = token.substr(0, first), payload = token.substr(first + 1, last - first - 1),
             signature = token.substr(last + 1);
  for (const auto& wrong :
       {std::string(), std::string("."), std::string(".."), header, header + "." + payload,
        "." + payload + "." + signature, header + ".." + signature, header + "." + payload + ".",
        token + ".", token + "." + signature, "." + token,
        header + "=." + payload + "." + signature, token + "=", token + "\n", " " + token,
        "Bearer " + token})
    CHECK_MESSAGE(problem(wrong) == TokenProblem::malformed, wrong);
}

TEST_CASE("a token has at most 6000 octets") {
  std::set<std::size_t> sizes;
  for (std::size_t filler = 0; filler < 4; ++filler)
    for (std::size_t padding = 4220; padding < 4280; ++padding) {
      const auto token = signer.token(good_header + std::string(filler, ' '),
                                      claims({{"x", "\"" + std::string(padding, 'x') + "\""}}));
      const bool fits = token.size() <= credentials::max_token;
      if (!sizes.insert(token.size()).second)
        continue;
      CHECK_MESSAGE(problem(token) == (fits ? std::nullopt : std::optional(TokenProblem::too_long)),
                    token.size());
    }
  for (const auto size :
       {credentials::max_token - 1, credentials::max_token, credentials::max_token + 1})
    CHECK_MESSAGE(sizes.contains(size), size);
  CHECK(problem(std::string(100'000, 'x')) == TokenProblem::too_long);
}

TEST_CASE("the header is an object of JSON") {
  for (const auto* header :
       {"x", "[]", "\"EdDSA\"", R"({"alg":"EdDSA","alg":"EdDSA"})", R"({"alg":"EdDSA","kid":1})",
        R"({"alg":"EdDSA","kid":null})", R"({"alg":"EdDSA")", "{\"alg\":\"EdDSA\xff\"}"})
    CHECK_MESSAGE(problem_of_header(header) == TokenProblem::malformed, header);
}

TEST_CASE("none, symmetric and unknown algorithms are refused") {
  for (const auto* header :
       {"{}", R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":""})", R"({"alg":null})",
        R"({"alg":["EdDSA"]})", R"({"alg":"HS256","kid":"one"})", R"({"alg":"RS512"})",
        R"({"alg":"PS256"})", R"({"alg":"ES384"})", R"({"alg":"eddsa"})", R"({"ALG":"EdDSA"})"})
    CHECK_MESSAGE(problem_of_header(header) == TokenProblem::algorithm, header);
}

TEST_CASE("a token signed with a public key as if it were a secret is refused by its header") {
  CHECK(problem(base64url(R"({"alg":"HS256"})") + "." + base64url(claims()) + ".AAAA",
                set_of({vectors::rsa_key})) == TokenProblem::algorithm);
}

TEST_CASE("extensions that have to be understood are refused, whatever they are") {
  for (const auto* crit : {R"(["exp"])", R"(["b64"],"b64":false)", "[]", "null", "1"})
    CHECK_MESSAGE(problem_of_header(R"({"alg":"EdDSA","kid":"one","crit":)" + std::string(crit) +
                                    "}") == TokenProblem::critical,
                  crit);
}

TEST_CASE("other members of the header do not matter, not even keys and addresses") {
  CHECK(problem_of_header(R"({"alg":"EdDSA","kid":"one","typ":"at+jwt","x":{}})") == accepted);
  const auto header = R"({"alg":"EdDSA","kid":"one","jku":"https://evil.example/","jwk":)" +
                      other.key() + R"(,"x5u":"https://evil.example/"})";
  CHECK(problem(signer.token(header, claims())) == accepted);
  CHECK(problem(other.token(header, claims())) == TokenProblem::bad_signature);
}

TEST_CASE("the token's kid chooses the key") {
  const auto token = [](const Signer& by, const std::string& kid) {
    return by.token(R"({"alg":"EdDSA","kid":")" + kid + "\"}", claims());
  };
  CHECK(problem(token(signer, "one")) == accepted);
  CHECK(problem(token(other, "two")) == accepted);
  CHECK(problem(token(signer, "two")) == TokenProblem::bad_signature);
  CHECK(problem(token(signer, "three")) == TokenProblem::unknown_key);
  CHECK(problem(token(signer, "")) == TokenProblem::unknown_key);
  CHECK(problem(token(signer, "ONE")) == TokenProblem::unknown_key);
  CHECK(problem(token(signer, "one"), set_of({signer.key()})) == TokenProblem::unknown_key);
}

TEST_CASE("keys of the same kid are all tried") {
  const auto set = set_of({other.key(R"(,"kid":"one")"), signer.key(R"(,"kid":"one")")});
  CHECK(problem(good_token(), set) == accepted);
}

TEST_CASE("a token without a kid is tried with every key of its algorithm") {
  const std::string header = R"({"alg":"EdDSA"})";
  const auto set = set_of({vectors::rsa_key, other.key(), signer.key(R"(,"kid":"x")")});
  CHECK(problem(signer.token(header, claims()), set) == accepted);
  CHECK(problem(other.token(header, claims()), set) == accepted);
  CHECK(problem(Signer(3).token(header, claims()), set) == TokenProblem::bad_signature);
  CHECK(problem(signer.token(header, claims()), set_of({vectors::p256_key})) ==
        TokenProblem::unknown_key);
}

TEST_CASE("the header cannot choose another algorithm than the key's") {
  for (const auto* algorithm : {"RS256", "ES256"})
    CHECK(problem_of_header(R"({"kid":"one","alg":")" + std::string(algorithm) + "\"}") ==
          TokenProblem::unknown_key);
}

TEST_CASE("claims are not looked at before the signature is right") {
  for (const auto* bad : {"x", "[]", "{}"})
    CHECK(problem(other.token(good_header, bad)) == TokenProblem::bad_signature);
}

TEST_CASE("claims are one object of JSON") {
  for (const auto* bad : {"x", "[]", "null", "{\"iss\":1", R"({"exp":1,"exp":2})"})
    CHECK_MESSAGE(problem(signer.token(good_header, bad)) == TokenProblem::malformed_claims, bad);
  CHECK(problem_with({{"x", std::string(credentials::max_token, '[')}}) == TokenProblem::too_long);
  CHECK(problem_with({{"x", std::string(20, '[') + std::string(20, ']')}}) ==
        TokenProblem::malformed_claims);
}

TEST_CASE("a token without an end is refused") {
  CHECK(problem_with({{"exp", ""}}) == TokenProblem::no_expiry);
}

TEST_CASE("a token is good until the second in which it expires, and the leeway longer") {
  using credentials::leeway;
  for (const auto& [expires, expected] :
       std::initializer_list<std::pair<std::int64_t, bool>>{{now + 1, true},
                                                            {now, true},
                                                            {now - leeway + 1, true},
                                                            {now - leeway, false},
                                                            {now - leeway - 1, false},
                                                            {0, false}})
    CHECK_MESSAGE(problem_with({{"exp", std::to_string(expires)}}) ==
                      (expected ? std::nullopt : std::optional(TokenProblem::expired)),
                  (expires - now));
}

TEST_CASE("a token is not good before its time, less the leeway") {
  using credentials::leeway;
  for (const auto* claim : {"nbf", "iat"}) {
    for (const auto begins : {now - 1, now, now + leeway - 1, now + leeway})
      CHECK_MESSAGE(problem_with({{claim, std::to_string(begins)}}) == accepted, (begins - now));
    for (const auto begins : {now + leeway + 1, credentials::last_date})
      CHECK_MESSAGE(problem_with({{claim, std::to_string(begins)}}) == TokenProblem::not_yet_valid,
                    (begins - now));
    CHECK(problem_with({{claim, ""}}) == accepted);
  }
}

TEST_CASE("a date is a number of seconds up to the year 9999, perhaps with a fraction") {
  using credentials::last_date;
  for (const auto& good : {std::to_string(last_date - 1), std::to_string(last_date),
                           std::to_string(last_date) + ".5", std::string("1.9e9")})
    CHECK_MESSAGE(problem_with({{"exp", good}}) == accepted, good);
  CHECK(problem_with({{"exp", std::to_string(now) + ".9"}}) == accepted);
  for (const auto& bad :
       {std::to_string(last_date + 1), std::string("1800000000000"), std::string("-1"),
        std::string("1e300"), std::string("18446744073709551615"),
        std::string("18446744073709551616"), std::string("\"1900000000\""), std::string("null"),
        std::string("[1900000000]"), std::string("true"), std::string("{}")})
    for (const auto* claim : {"exp", "nbf", "iat"})
      CHECK_MESSAGE(problem_with({{claim, bad}}) == TokenProblem::malformed_claims, bad);
}

TEST_CASE("the issuer is the one that is set, octet by octet") {
  for (const auto* issuer : {"", R"("https://id.example.org/")", R"("https://ID.example.org")",
                             "\"\"", R"(["https://id.example.org"])", "null"})
    CHECK_MESSAGE(problem_with({{"iss", issuer}}) == TokenProblem::wrong_issuer, issuer);
}

TEST_CASE("the audience is the one that is set, or an array with it") {
  for (const auto* audience : {R"("pop.example.org")", R"(["pop.example.org"])",
                               R"(["imap.example.org","pop.example.org"])"})
    CHECK_MESSAGE(problem_with({{"aud", audience}}) == accepted, audience);
  for (const auto* audience : {"", "[]", R"("imap.example.org")", R"("POP.example.org")", "\"\"",
                               R"([["pop.example.org"]])", R"({"pop.example.org":1})", "1", "null",
                               R"("imap.example.org pop.example.org")"})
    CHECK_MESSAGE(problem_with({{"aud", audience}}) == TokenProblem::wrong_audience, audience);
}

TEST_CASE("a policy without issuer or audience accepts nothing") {
  CHECK(problem(signer.token(good_header, claims({{"iss", "\"\""}})), keys(),
                {"", policy.audience, "email"}) == TokenProblem::wrong_issuer);
  CHECK(problem(signer.token(good_header, claims({{"aud", "\"\""}})), keys(),
                {policy.issuer, "", "email"}) == TokenProblem::wrong_audience);
}

TEST_CASE("a token that is good only along with the client's own key is refused") {
  CHECK(problem_with({{"cnf", R"({"jkt":"x"})"}}) == TokenProblem::bound);
}

TEST_CASE("the user is a string that can be a user's name") {
  for (const auto* user : {R"("bob")", R"("Bob.B+c@example.org")"})
    CHECK_MESSAGE(problem_with({{"email", user}}) == accepted, user);
  for (const auto* user :
       {"", "\"\"", "1", "null", R"(["alice@example.org"])", R"("..")", R"("a b")", R"("a/b")",
        R"("a@b@c")", R"("a\u0000b")", R"("a\nb")", R"("\u00e9")"})
    CHECK_MESSAGE(problem_with({{"email", user}}) == TokenProblem::no_user, user);
}

TEST_CASE("another claim can name the user") {
  const auto token = signer.token(good_header, claims({{"sub", "\"bob\""}, {"email", ""}}));
  const auto checked = check_token(token, keys(), {policy.issuer, policy.audience, "sub"}, now);
  REQUIRE(checked.has_value());
  CHECK(checked->user == "bob");
  CHECK(problem(token) == TokenProblem::no_user);
}

TEST_CASE("an address that nobody has verified names no user, but hinders no other claim") {
  for (const auto* verified : {"true", "\"true\"", ""})
    CHECK_MESSAGE(problem_with({{"email_verified", verified}}) == accepted, verified);
  for (const auto* verified : {"false", "\"false\"", "null", "1", R"(["true"])", "\"\""})
    CHECK_MESSAGE(problem_with({{"email_verified", verified}}) == TokenProblem::unverified_email,
                  verified);
  const auto token = claims({{"email_verified", "false"}, {"sub", "\"bob\""}});
  CHECK(problem(signer.token(good_header, token), keys(),
                {policy.issuer, policy.audience, "sub"}) == accepted);
}

TEST_CASE("the first problem is the one that is told") {
  CHECK(problem_with({{"exp", "1"}, {"iss", "1"}, {"aud", "1"}}) == TokenProblem::expired);
  CHECK(problem_with({{"iss", "1"}, {"aud", "1"}}) == TokenProblem::wrong_issuer);
  CHECK(problem_with({{"aud", "1"}, {"cnf", "{}"}}) == TokenProblem::wrong_audience);
}

TEST_CASE("every problem of a token has a word and a sentence of its own") {
  std::set<std::string_view> words, sentences;
  const int count = static_cast<int>(TokenProblem::no_user) + 1;
  for (int i = 0; i < count; ++i) {
    words.insert(word(static_cast<TokenProblem>(i)));
    sentences.insert(sentence(static_cast<TokenProblem>(i)));
  }
  CHECK(words.size() == static_cast<std::size_t>(count));
  CHECK(sentences.size() == static_cast<std::size_t>(count));
  for (const auto word : words)
    CHECK(word.starts_with("token-"));
}

// SPDX-License-Identifier: ISC
#include "tokens/token.hpp"

#include "token_fixture.hpp"
#include "token_vectors.hpp"

#include <doctest/doctest.h>
#include <set>

using namespace fixture;

TEST_CASE("a good token says who the user is, and until when") {
  const auto checked = check(good_token());
  REQUIRE(checked.has_value());
  CHECK(checked->user == "alice@example.org");
  CHECK(checked->expires == now + 3600);
}

TEST_CASE("tokens that OpenSSL has signed are accepted, by the key of their algorithm alone") {
  const auto set = KeySet::parse(vectors::openssl_keys).value();
  REQUIRE(set.keys().size() == 3);
  auto wanted = settings;
  wanted.oauth_user_claim = "aud"; // as the tokens do not say that their address was verified
  wanted.oauth_lifetime = UINT32_MAX;
  for (const auto& vector : vectors::openssl_tokens) {
    const auto header = vector[0], signature = vector[1];
    const auto text = std::string(header) + "." + std::string(vectors::openssl_claims) + ".";
    CHECK_MESSAGE(problem(text + std::string(signature), set, wanted) == accepted, header);
    for (const auto& foreign : vectors::openssl_tokens)
      if (foreign[1] != signature)
        CHECK(problem(text + std::string(foreign[1]), set, wanted) == token_problem::bad_signature);
  }
}

TEST_CASE("the signatures of RFC 7515 are right, the claims are not for us") {
  const auto token = std::string(vectors::rsa_message) + "." + std::string(vectors::rsa_signature);
  CHECK(problem(token, set_of({vectors::rsa_key})) == token_problem::expired);
  const auto curve =
      std::string(vectors::p256_message) + "." + std::string(vectors::p256_signature);
  CHECK(problem(curve, set_of({vectors::p256_key})) == token_problem::expired);
  CHECK(problem(curve, set_of({vectors::rsa_key})) == token_problem::unknown_key);
}

TEST_CASE("a signed text of RFC 8037 that is no JSON has no claims") {
  const auto token =
      std::string(vectors::ed25519_message) + "." + std::string(vectors::ed25519_signature);
  CHECK(problem(token, set_of({vectors::ed25519_key})) == token_problem::malformed_claims);
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
    CHECK_MESSAGE(problem(wrong) == token_problem::malformed, wrong);
}

TEST_CASE("a token has at most 6000 octets") {
  std::set<std::size_t> sizes;
  for (std::size_t filler = 0; filler < 4; ++filler)
    for (std::size_t padding = 4220; padding < 4280; ++padding) {
      const auto token = signer.token(good_header + std::string(filler, ' '),
                                      claims({{"x", "\"" + std::string(padding, 'x') + "\""}}));
      const bool fits = token.size() <= tokens::max_token;
      if (!sizes.insert(token.size()).second)
        continue;
      CHECK_MESSAGE(problem(token) ==
                        (fits ? std::nullopt : std::optional(token_problem::too_long)),
                    token.size());
    }
  for (const auto size : {tokens::max_token - 1, tokens::max_token, tokens::max_token + 1})
    CHECK_MESSAGE(sizes.contains(size), size);
  CHECK(problem(std::string(100'000, 'x')) == token_problem::too_long);
}

TEST_CASE("the header is an object of JSON") {
  for (const auto* header :
       {"x", "[]", "\"EdDSA\"", R"({"alg":"EdDSA","alg":"EdDSA"})", R"({"alg":"EdDSA","kid":1})",
        R"({"alg":"EdDSA","kid":null})", R"({"alg":"EdDSA")", "{\"alg\":\"EdDSA\xff\"}"})
    CHECK_MESSAGE(problem_of_header(header) == token_problem::malformed, header);
}

TEST_CASE("none, symmetric and unknown algorithms are refused") {
  for (const auto* header :
       {"{}", R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":""})", R"({"alg":null})",
        R"({"alg":["EdDSA"]})", R"({"alg":"HS256","kid":"one"})", R"({"alg":"RS512"})",
        R"({"alg":"PS256"})", R"({"alg":"ES384"})", R"({"alg":"eddsa"})", R"({"ALG":"EdDSA"})"})
    CHECK_MESSAGE(problem_of_header(header) == token_problem::algorithm, header);
}

TEST_CASE("a token signed with a public key as if it were a secret is refused by its header") {
  CHECK(problem(base64url(R"({"alg":"HS256"})") + "." + base64url(claims()) + ".AAAA",
                set_of({vectors::rsa_key})) == token_problem::algorithm);
}

TEST_CASE("extensions that have to be understood are refused, whatever they are") {
  for (const auto* crit : {R"(["exp"])", R"(["b64"],"b64":false)", "[]", "null", "1"})
    CHECK_MESSAGE(problem_of_header(R"({"alg":"EdDSA","kid":"one","crit":)" + std::string(crit) +
                                    "}") == token_problem::critical,
                  crit);
}

namespace {

/// The header of a token of that type, a value of JSON.
std::string header_of_type(const std::string& type) {
  return R"({"alg":"EdDSA","kid":"one","typ":)" + type + "}";
}

} // namespace

TEST_CASE("the type is at+jwt or JWT, in either case and with or without application/") {
  for (const auto* good : {R"("at+jwt")", R"("AT+JWT")", R"("application/at+jwt")", R"("JWT")",
                           R"("jwt")", R"("Application/JWT")"})
    CHECK_MESSAGE(problem_of_header(header_of_type(good)) == accepted, good);
  for (const auto* bad :
       {R"("logout+jwt")", R"("dpop+jwt")", R"("secevent+jwt")", R"("JOSE")", "\"\"", R"("at")",
        R"("at+jwt,JWT")", R"(",")", R"("application/")", R"("text/jwt")", R"("jwt ")",
        R"("application/application/jwt")", R"("application/okta-internal-at+jwt")"})
    CHECK_MESSAGE(problem_of_header(header_of_type(bad)) == token_problem::wrong_type, bad);
  for (const auto* bad : {"1", "null", R"(["JWT"])"})
    CHECK_MESSAGE(problem_of_header(header_of_type(bad)) == token_problem::malformed, bad);
}

TEST_CASE("a token without a type is a JWT") {
  CHECK(problem_of_header(R"({"alg":"EdDSA","kid":"one"})") == accepted);
}

TEST_CASE("a site can take access tokens of RFC 9068 alone, or other types") {
  auto wanted = settings;
  const auto problem_of_type = [&](const std::string& header) {
    return problem(signer.token(header, claims()), keys(), wanted);
  };
  wanted.oauth_types = "at+jwt";
  CHECK(problem_of_type(header_of_type(R"("at+jwt")")) == accepted);
  CHECK(problem_of_type(header_of_type(R"("application/at+jwt")")) == accepted);
  CHECK(problem_of_type(good_header) == token_problem::wrong_type);
  CHECK(problem_of_type(R"({"alg":"EdDSA","kid":"one"})") == token_problem::wrong_type);
  wanted.oauth_types = "application/x+jwt,y";
  CHECK(problem_of_type(header_of_type(R"("X+JWT")")) == accepted);
  CHECK(problem_of_type(header_of_type(R"("y")")) == accepted);
  CHECK(problem_of_type(header_of_type(R"("at+jwt")")) == token_problem::wrong_type);
}

TEST_CASE("other members of the header do not matter, not even keys and addresses") {
  CHECK(problem_of_header(R"({"alg":"EdDSA","kid":"one","typ":"at+jwt","x":{}})") == accepted);
  const auto header = R"({"alg":"EdDSA","kid":"one","jku":"https://evil.example/","jwk":)" +
                      other.key() + R"(,"x5u":"https://evil.example/"})";
  CHECK(problem(signer.token(header, claims())) == accepted);
  CHECK(problem(other.token(header, claims())) == token_problem::bad_signature);
}

TEST_CASE("the token's kid chooses the key") {
  const auto token = [](const Signer& by, const std::string& kid) {
    return by.token(R"({"alg":"EdDSA","kid":")" + kid + "\"}", claims());
  };
  CHECK(problem(token(signer, "one")) == accepted);
  CHECK(problem(token(other, "two")) == accepted);
  CHECK(problem(token(signer, "two")) == token_problem::bad_signature);
  CHECK(problem(token(signer, "three")) == token_problem::unknown_key);
  CHECK(problem(token(signer, "")) == token_problem::unknown_key);
  CHECK(problem(token(signer, "ONE")) == token_problem::unknown_key);
  CHECK(problem(token(signer, "one"), set_of({signer.key()})) == token_problem::unknown_key);
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
  CHECK(problem(Signer(3).token(header, claims()), set) == token_problem::bad_signature);
  CHECK(problem(signer.token(header, claims()), set_of({vectors::p256_key})) ==
        token_problem::unknown_key);
}

TEST_CASE("a token is tried with at most eight keys") {
  using tokens::max_tries;
  const auto token = signer.token(R"({"alg":"EdDSA"})", claims());
  std::string before = vectors::rsa_key;
  for (std::size_t tries = 1; tries <= max_tries + 1; ++tries) {
    CHECK_MESSAGE(
        problem(token, set_of({before, signer.key(R"(,"kid":"one")")})) ==
            (tries <= max_tries ? std::nullopt : std::optional(token_problem::bad_signature)),
        tries);
    before += "," + Signer(static_cast<unsigned char>(100 + tries)).key();
  }
  CHECK(problem(good_token(), set_of({before, signer.key(R"(,"kid":"one")")})) == accepted);
}

TEST_CASE("the header cannot choose another algorithm than the key's") {
  for (const auto* algorithm : {"RS256", "ES256"})
    CHECK(problem_of_header(R"({"kid":"one","alg":")" + std::string(algorithm) + "\"}") ==
          token_problem::unknown_key);
}

TEST_CASE("claims are not looked at before the signature is right") {
  for (const auto* bad : {"x", "[]", "{}"})
    CHECK(problem(other.token(good_header, bad)) == token_problem::bad_signature);
}

TEST_CASE("every problem of a token has a word of its own") {
  using namespace token_problem;
  const std::set<std::string_view> words{
      too_long,      malformed,        critical,  algorithm,        unknown_key,
      bad_signature, malformed_claims, no_expiry, expired,          not_yet_valid,
      wrong_issuer,  wrong_audience,   bound,     unverified_email, no_user};
  CHECK(words.size() == 15);
  for (const auto word : words)
    CHECK(word.starts_with("token-"));
}

// SPDX-License-Identifier: ISC
#include "tokens/key_set.hpp"

#include "signer.hpp"
#include "token_vectors.hpp"

#include <doctest/doctest.h>
#include <set>

using tokens::Algorithm;
using tokens::KeySet;

namespace key_problem = tokens::key_problem;
namespace key_set_problem = tokens::key_set_problem;

namespace {

/// The keys as a document.
template <class... Keys> std::string document(const std::string& first, const Keys&... more) {
  return "{\"keys\":[" + first + (std::string() + ... + ("," + std::string(more))) + "]}";
}

KeySet parse(const std::string& text) {
  auto set = KeySet::parse(text);
  REQUIRE_MESSAGE(set.has_value(), text);
  return std::move(*set);
}

std::string_view refusal(const std::string& text) {
  const auto set = KeySet::parse(text);
  REQUIRE_FALSE_MESSAGE(set.has_value(), text);
  return set.error();
}

/// The problem of `key`, which is the first of two keys; the second is good.
std::string_view problem_of(const std::string& key) {
  const auto set = parse(document(key, Signer(9).key()));
  REQUIRE_MESSAGE(set.skipped_keys().size() == 1, key);
  CHECK(set.skipped_keys().front().number == 1);
  CHECK(set.keys().size() == 1);
  return set.skipped_keys().front().problem;
}

std::string with(std::string key, const std::string& members) {
  key.insert(key.size() - 1, "," + members);
  return key;
}

/// `count` good keys, all different.
std::string many(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i)
    text += (i == 0 ? "" : ",") + Signer(static_cast<unsigned char>(i)).key();
  return text;
}

} // namespace

TEST_CASE("the keys of the RFCs are read, in their order") {
  const auto set = parse(document(with(vectors::rsa_key, R"("kid":"2011-04-29")"),
                                  vectors::ed25519_key, vectors::p256_key));
  REQUIRE(set.keys().size() == 3);
  CHECK(set.keys()[0].key.algorithm() == Algorithm::rs256);
  CHECK(set.keys()[0].id == "2011-04-29");
  CHECK(set.keys()[1].key.algorithm() == Algorithm::eddsa);
  CHECK_FALSE(set.keys()[1].id);
  CHECK(set.keys()[2].key.algorithm() == Algorithm::es256);
  CHECK(set.skipped_keys().empty());
}

TEST_CASE("other members of a document and of its keys do not matter") {
  const auto text = R"({"about":{"keys":1},"keys":[)" +
                    Signer(1).key(R"(,"use":"sig","key_ops":["sign","verify"],"alg":"EdDSA",)"
                                  R"("x5c":["AA=="],"x5u":"https://evil.example","iat":1)") +
                    "]}";
  CHECK(parse(text).keys().size() == 1);
}

TEST_CASE("a document that is no set of keys is refused") {
  for (const auto* text :
       {"", "{}", "[]", "x", R"({"keys":{}})", R"({"keys":"x"})", R"({"keys":[1]})",
        R"({"keys":[[]]})", R"({"Keys":[]})", R"({"keys":[],"keys":[]})"})
    CHECK_MESSAGE(refusal(text) == key_set_problem::malformed, text);
  CHECK(refusal(Signer(1).key()) == key_set_problem::malformed);
  CHECK(refusal(document(Signer(1).key()) + "x") == key_set_problem::malformed);
}

TEST_CASE("a document has at most 64 KiB") {
  auto text = document(Signer(1).key());
  text.resize(tokens::max_key_set - 1, ' ');
  CHECK(parse(text).keys().size() == 1);
  CHECK(parse(text + " ").keys().size() == 1);
  CHECK(refusal(text + "  ") == key_set_problem::too_large);
}

TEST_CASE("at most 32 keys are usable, however many are not") {
  using tokens::max_keys;
  CHECK(parse(document(many(max_keys - 1))).keys().size() == max_keys - 1);
  CHECK(parse(document(many(max_keys))).keys().size() == max_keys);
  CHECK(refusal(document(many(max_keys + 1))) == key_set_problem::too_many);
  CHECK(parse(document(many(max_keys), R"({"kty":"X"})")).keys().size() == max_keys);
}

TEST_CASE("a document with a private key in it is refused, whatever else it has") {
  for (const auto* member : {"d", "p", "q", "dp", "dq", "qi", "oth"}) {
    const auto secret = "\"" + std::string(member) + "\":\"AQ\"";
    CHECK(refusal(document(Signer(1).key(), with(Signer(2).key(), secret))) ==
          key_set_problem::private_key);
    CHECK(refusal(document(Signer(1).key(), "{\"kty\":\"X\"," + secret + "}")) ==
          key_set_problem::private_key);
  }
  CHECK(refusal(document(with(vectors::rsa_key, R"("d":null)"))) == key_set_problem::private_key);
}

TEST_CASE("a document with a symmetric key in it is refused, whatever else it has") {
  CHECK(refusal(document(Signer(1).key(), R"({"kty":"oct","k":"AAAA"})")) ==
        key_set_problem::symmetric_key);
  CHECK(refusal(document(Signer(1).key(), R"({"kty":"oct"})")) == key_set_problem::symmetric_key);
  CHECK(refusal(document(Signer(1).key(), with(vectors::rsa_key, R"("k":"AAAA")"))) ==
        key_set_problem::symmetric_key);
}

TEST_CASE("a document without a usable key is refused") {
  CHECK(refusal(R"({"keys":[]})") == key_set_problem::no_usable_key);
  CHECK(refusal(document(R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"})")) ==
        key_set_problem::no_usable_key);
}

TEST_CASE("keys of other types are passed over") {
  for (const auto* key : {"{}", R"({"kty":"rsa","n":"AQ","e":"AQAB"})",
                          R"({"kty":"EC","crv":"P-521"})", R"({"kty":"EC","crv":"Ed25519"})",
                          R"({"kty":"OKP","crv":"X25519"})", R"({"kty":"OKP","crv":"P-256"})",
                          R"({"kty":"OKP"})", R"({"kty":1})", R"({"crv":"Ed25519"})"})
    CHECK_MESSAGE(problem_of(key) == key_problem::other_type, key);
}

TEST_CASE("keys for other uses are passed over") {
  for (const auto* member :
       {R"("use":"enc")", R"("use":"SIG")", R"("use":"")", R"("alg":"ES256")", R"("alg":"eddsa")",
        R"("alg":"none")", R"("key_ops":["sign"])", R"("key_ops":[])", R"("key_ops":[1])"})
    CHECK_MESSAGE(problem_of(with(Signer(1).key(), member)) == key_problem::other_use, member);
  for (const auto* member : {R"("alg":"RS512")", R"("alg":"PS256")", R"("alg":"RSA-OAEP")"})
    CHECK_MESSAGE(problem_of(with(vectors::rsa_key, member)) == key_problem::other_use, member);
}

TEST_CASE("malformed keys are passed over") {
  for (const auto* key :
       {R"({"kty":"OKP","crv":"Ed25519"})", R"({"kty":"OKP","crv":"Ed25519","x":1})",
        R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo="})",
        R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHU"})",
        R"({"kty":"RSA","n":"AQAB","e":"AQAB"})", R"({"kty":"RSA","e":"AQAB"})",
        R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"})",
        R"({"kty":"EC","crv":"P-256","x":"","y":""})"})
    CHECK_MESSAGE(problem_of(key) == key_problem::malformed, key);
  for (const auto* member :
       {R"("kid":1)", R"("use":["sig"])", R"("alg":null)", R"("key_ops":"verify")"})
    CHECK_MESSAGE(problem_of(with(Signer(1).key(), member)) == key_problem::malformed, member);
}

TEST_CASE("keys that are passed over are counted from 1") {
  const auto set = parse(document(Signer(1).key(), "{}", Signer(2).key(), R"({"kty":"RSA"})"));
  REQUIRE(set.skipped_keys().size() == 2);
  CHECK(set.skipped_keys()[0].number == 2);
  CHECK(set.skipped_keys()[1].number == 4);
}

TEST_CASE("every problem of keys has a sentence of its own") {
  using namespace tokens::key_set_problem;
  const std::set<std::string_view> sentences{too_large,
                                             malformed,
                                             private_key,
                                             symmetric_key,
                                             too_many,
                                             no_usable_key,
                                             key_problem::other_type,
                                             key_problem::other_use,
                                             key_problem::malformed};
  CHECK(sentences.size() == 9);
}

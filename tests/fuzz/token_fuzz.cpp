// SPDX-License-Identifier: ISC
// The first octet of the input chooses what the rest is: a token as it comes, or a header on a line
// and the claims of a token, which is then signed by a known or a foreign key, or signed and then
// changed in one octet.
#include "fuzz/target.hpp"
#include "tokens/json.hpp"
#include "tokens/signer.hpp"
#include "tokens/token.hpp"
#include "tokens/token_vectors.hpp"
#include "users/user.hpp"

namespace {

using fuzz::expect;
using tokens::Claims;

enum Way : std::uint8_t { as_it_comes, by_known_key, by_foreign_key, changed, count };

constexpr std::int64_t now = 1'800'000'000;
const config::TokenSettings settings{"", "i", "a", "u"};

const tokens::KeySet& keys() {
  static const auto set =
      tokens::KeySet::parse(R"({"keys":[)" + Signer(1).key(R"(,"kid":"k")") + "," +
                            vectors::rsa_key + "," + vectors::p256_key + "]}");
  expect(set.has_value(), "the keys are good");
  return *set;
}

auto check(std::string_view token) {
  return tokens::check_token(token, keys(), settings, now);
}

void check_refused(std::string_view problem) {
  expect(problem.starts_with("token-"), "a token is refused for a reason");
}

/// Checks an accepted token against its header and claims, which are read in the simplest way.
void check_accepted(const Claims& accepted, std::string_view header, std::string_view claims) {
  const auto head = tokens::parse_object(header), body = tokens::parse_object(claims);
  expect(head && head->value("alg", "") == "EdDSA" && !head->contains("crit"),
         "the header has the key's algorithm and nothing critical");
  expect(head->value("kid", "k") == "k", "a kid is the key's");
  expect(body && body->value("iss", "") == "i" && body->contains("aud"), "the claims are for us");
  expect(body->value("u", "") == accepted.user && users::is_valid_name(accepted.user),
         "the user is in the claims, and can be one");
  expect(accepted.expires > now - tokens::leeway && accepted.expires <= tokens::last_date,
         "the end is not over and not beyond all years");
  expect(!body->contains("cnf"), "nothing else is wanted of the client");
  const auto type = head->value("typ", "JWT");
  expect(type.size() >= 3 && (type.back() == 'T' || type.back() == 't'), "the type is a JWT's");
  for (const auto* claim : {"nonce", "at_hash", "c_hash", "s_hash", "events"})
    expect(!body->contains(claim), "the token is an access token");
}

void check_signed(Way way, std::uint8_t place, std::string_view header, std::string_view claims) {
  auto token = Signer(way == by_foreign_key ? 2 : 1).token(header, claims);
  if (way == changed)
    token[place % token.size()] = static_cast<char>(token[place % token.size()] ^ (1 + place / 64));
  const auto checked = check(token);
  if (!checked)
    return check_refused(checked.error());
  expect(way == by_known_key, "only a known key opens a maildrop");
  expect(token.size() <= tokens::max_token, "no token is too long");
  check_accepted(*checked, header, claims);
}

void try_input(fuzz::Input input) {
  const auto way = static_cast<Way>(input.byte() % count);
  if (way == as_it_comes) {
    const auto checked = check(input.rest());
    expect(!checked, "what nobody has signed is refused");
    check_refused(checked.error());
    return;
  }
  const auto place = way == changed ? input.byte() : std::uint8_t{0};
  const auto header = input.take_until('\n');
  check_signed(way, place, header, input.rest());
}

const fuzz::Target target("token", try_input);

} // namespace

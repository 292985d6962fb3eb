// SPDX-License-Identifier: ISC
// The input is a JWK Set.
#include "fuzz/target.hpp"
#include "tokens/json.hpp"
#include "tokens/key_set.hpp"

namespace {

using fuzz::expect;
using tokens::KeySet;

void check_accepted(const KeySet& set, std::string_view document) {
  const auto object = tokens::parse_object(document);
  expect(object.has_value(), "a set is an object");
  const auto* keys = tokens::member(*object, "keys");
  expect(keys != nullptr && keys->size() == set.keys().size() + set.skipped_keys().size(),
         "each key is used or passed over");
  expect(!set.keys().empty() && set.keys().size() <= tokens::max_keys,
         "a set has at least one key and not too many");
  for (const auto& key : *keys)
    for (const auto* secret : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
      expect(tokens::member(key, secret) == nullptr, "no key has a secret");
  for (const auto& key : set.keys())
    for (const std::size_t octets : {0, 64, 256})
      expect(!key.key.verifies(std::string(octets, '\0'), document), "nobody signs with zeros");
}

void check_refused(const KeySet& set) {
  std::size_t last = 0;
  for (const auto& [number, problem] : set.skipped_keys()) {
    expect(number > last, "keys are passed over in their order");
    expect(!problem.empty(), "for a reason");
    last = number;
  }
}

void try_input(fuzz::Input input) {
  const auto document = input.rest();
  const auto set = KeySet::parse(document);
  if (!set) {
    expect(!set.error().empty(), "a set is refused for a reason");
    return;
  }
  check_accepted(*set, document);
  check_refused(*set);
}

const fuzz::Target target("key_set", try_input);

} // namespace

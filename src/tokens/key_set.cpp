// SPDX-License-Identifier: ISC
#include "tokens/key_set.hpp"

#include "base/base64.hpp"
#include "base/system_error.hpp"
#include "tokens/json.hpp"

#include <algorithm>
#include <unistd.h>

namespace tokens {

namespace {

/// Members of a private key (RFC 7518 sections 6.2.2 and 6.3.2, RFC 8037 section 2).
constexpr const char* private_members[] = {"d", "p", "q", "dp", "dq", "qi", "oth"};

std::string_view text_of(const Json& key, std::string_view name) {
  const auto* text = string_member(key, name);
  return text == nullptr ? std::string_view() : *text;
}

/// The problem when a key has a secret in it. The document is public, so the secret is compromised
/// and the key is not used in any way.
std::optional<std::string_view> secret_in(const Json& key) {
  if (text_of(key, "kty") == "oct" || member(key, "k") != nullptr)
    return key_set_problem::symmetric_key;
  if (std::ranges::any_of(private_members,
                          [&](const char* name) { return member(key, name) != nullptr; }))
    return key_set_problem::private_key;
  return {};
}

/// Nothing for a type that is not supported.
std::optional<Algorithm> algorithm_for(const Json& key) {
  const auto type = text_of(key, "kty"), curve = text_of(key, "crv");
  if (type == "RSA")
    return Algorithm::rs256;
  if (type == "EC" && curve == "P-256")
    return Algorithm::es256;
  if (type == "OKP" && curve == "Ed25519")
    return Algorithm::eddsa;
  return {};
}

/// True when signatures may be checked with the key (RFC 7517 sections 4.2 to 4.4). A member that
/// is missing does not restrict the key.
bool is_for(const Json& key, Algorithm algorithm) {
  const auto* use = string_member(key, "use");
  const auto* operations = member(key, "key_ops");
  const auto* own = string_member(key, "alg");
  return (use == nullptr || *use == "sig") && (own == nullptr || *own == name(algorithm)) &&
         (operations == nullptr || is_or_has(*operations, "verify"));
}

std::optional<PublicKey> public_key(const Json& key, Algorithm algorithm) {
  const auto number = [&key](std::string_view name) {
    const auto octets = base::decode_base64(text_of(key, name), base::Base64::url);
    return std::string(octets ? octets->reveal() : "");
  };
  switch (algorithm) {
  case Algorithm::eddsa: return PublicKey::ed25519(number("x"));
  case Algorithm::rs256: return PublicKey::rsa(number("n"), number("e"));
  case Algorithm::es256: break;
  }
  return PublicKey::p256(number("x"), number("y"));
}

base::Result<KeySet::Key, std::string_view> read_key(const Json& key) {
  const auto algorithm = algorithm_for(key);
  if (!algorithm)
    return base::Refused{key_problem::other_type};
  const auto* operations = member(key, "key_ops");
  if (!is_text_or_absent(key, "kid") || !is_text_or_absent(key, "use") ||
      !is_text_or_absent(key, "alg") || (operations != nullptr && !operations->is_array()))
    return base::Refused{key_problem::malformed};
  if (!is_for(key, *algorithm))
    return base::Refused{key_problem::other_use};
  auto usable = public_key(key, *algorithm);
  if (!usable)
    return base::Refused{key_problem::malformed};
  const auto* id = string_member(key, "kid");
  return KeySet::Key{id == nullptr ? std::nullopt : std::optional(*id), std::move(*usable)};
}

bool are_objects(const Json& values) {
  return std::all_of(values.begin(), values.end(), [](const Json& v) { return v.is_object(); });
}

} // namespace

base::Result<KeySet, std::string_view> KeySet::parse(std::string_view document) {
  if (document.size() > max_key_set)
    return base::Refused{key_set_problem::too_large};
  const auto object = parse_object(document);
  const auto* keys = object ? member(*object, "keys") : nullptr;
  if (keys == nullptr || !keys->is_array() || !are_objects(*keys))
    return base::Refused{key_set_problem::malformed};
  for (const auto& key : *keys)
    if (const auto secret = secret_in(key))
      return base::Refused{*secret};
  KeySet set;
  for (std::size_t i = 0; i < keys->size(); ++i) {
    auto key = read_key((*keys)[i]);
    if (!key)
      set.skipped_keys_.push_back({i + 1, key.error()});
    else if (set.keys_.size() == max_keys)
      return base::Refused{key_set_problem::too_many};
    else
      set.keys_.push_back(std::move(*key));
  }
  if (set.keys_.empty())
    return base::Refused{key_set_problem::no_usable_key};
  return set;
}

/// Reads at most one octet more than a set may have.
std::string read_document(int file) {
  std::string text(max_key_set + 1, '\0');
  std::size_t size = 0;
  for (ssize_t octets = 1; octets > 0; size += static_cast<std::size_t>(octets))
    octets =
        base::check(::pread(file, text.data() + size, text.size() - size, static_cast<off_t>(size)),
                    "read the keys of OAuth");
  text.resize(size);
  return text;
}

} // namespace tokens

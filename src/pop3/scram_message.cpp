// SPDX-License-Identifier: ISC
#include "pop3/scram_message.hpp"

#include "base/base64.hpp"
#include "base/split.hpp"
#include "pop3/limits.hpp"

#include <algorithm>

namespace pop3 {

namespace {

/// The names that an optional extension may have: the letters, except those of the attributes that
/// RFC 5802 section 5.1 defines. There, `m` is for mandatory extensions; none is supported.
constexpr std::string_view extension_names = "ABCDEFGHIJKLMNOPQRSTUVWXYZbdfghjkloqtuwxyz";

/// Takes the attribute `name`, which must come next, and the comma behind it. Gives its value. A
/// comma has to be followed by another attribute.
std::optional<std::string_view> take_value(std::string_view& message, char name) {
  if (message.size() < 2 || message[0] != name || message[1] != '=' || message.back() == ',')
    return {};
  return base::take_field(message, ',').substr(2);
}

/// Takes the extensions up to the attribute `end`, or to the end of the message when there is no
/// such attribute. False when they are malformed.
bool take_extensions(std::string_view& message, char end) {
  std::string unused(extension_names);
  while (!message.empty() && message.front() != end) {
    const char name = message.front();
    if (std::erase(unused, name) == 0)
      return false;
    const auto value = take_value(message, name);
    if (!value || value->empty() || !is_utf8(*value))
      return false;
  }
  return true;
}

bool is_nonce(std::string_view text) {
  return !text.empty() && text.size() <= max_scram_nonce &&
         std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f && c != ','; });
}

} // namespace

std::optional<ScramClientFirst> parse_client_first(std::string_view message) {
  if (message.size() > max_scram_message)
    return {};
  auto header = take_gs2_header(message);
  if (!header)
    return {};
  const std::string bare(message);
  const auto escaped = take_value(message, 'n');
  auto name = escaped ? decode_sasl_name(*escaped) : std::nullopt;
  const auto nonce = name ? take_value(message, 'r') : std::nullopt;
  if (!nonce || !is_nonce(*nonce) || !take_extensions(message, '\0') || !message.empty())
    return {};
  return ScramClientFirst{std::move(*header), {std::move(*name), bare, std::string(*nonce)}};
}

std::optional<ScramFinal> parse_client_final(std::string_view message, const Gs2Header& header,
                                             std::string_view nonce) {
  if (message.size() > max_scram_message)
    return {};
  const auto all = message;
  const auto binding = take_value(message, 'c');
  if (!binding || *binding != base::encode_base64(header.text) ||
      take_value(message, 'r') != nonce || !take_extensions(message, 'p') || message.empty())
    return {};
  const auto before = all.size() - message.size();
  const auto base64 = take_value(message, 'p');
  const auto proof = base64 && message.empty() ? base::decode_base64(*base64) : std::nullopt;
  ScramFinal final{std::string(all.substr(0, before - 1)), {}};
  if (!proof || proof->size() != final.proof.size())
    return {};
  std::ranges::copy(proof->reveal(), final.proof.begin());
  return final;
}

std::string server_first(std::string_view client_nonce, const ScramOffer& offer) {
  return std::string("r=").append(client_nonce) + offer.nonce +
         ",s=" + base::encode_base64(offer.salt) + ",i=" + std::to_string(offer.iterations);
}

std::string server_final(const ScramSignature& signature) {
  return "v=" +
         base::encode_base64({reinterpret_cast<const char*>(signature.data()), signature.size()});
}

} // namespace pop3

// SPDX-License-Identifier: ISC
// The site and the gatekeeper of one exchange of a SASL mechanism under test.
#pragma once

#include "pop3/sasl.hpp"
#include "support/memory_gatekeeper.hpp"
#include "support/session_profile.hpp"

#include <string>
#include <string_view>
#include <variant>

namespace support {

/// A site that offers everything, and alice, whose password and token is wonderland.
struct SaslFixture {
  explicit SaslFixture(std::string_view mechanism) : name(mechanism) {}

  std::string_view name;
  pop3::SessionProfile site = full_profile();
  MemoryStore store;
  MemoryGatekeeper gatekeeper{store};
  std::unique_ptr<pop3::Exchange> exchange;

  void start() {
    exchange = pop3::start_exchange(pop3::find_mechanism(name, site).value(), gatekeeper);
  }
  /// Gives `malformed`, `in`, `refused`, or the challenge.
  std::string respond(std::string_view response) {
    if (!exchange)
      start();
    const auto step = exchange->respond(response);
    if (const auto* challenge = std::get_if<pop3::Challenge>(&step))
      return challenge->octets;
    exchange.reset();
    if (const auto* attempt = std::get_if<pop3::Attempt>(&step))
      return attempt->login ? "in" : "refused";
    return "malformed";
  }
};

} // namespace support

// SPDX-License-Identifier: ISC
#include "state/usual_networks.hpp"

#include "state/penalty_key.hpp"

namespace state {

namespace {

/// No user has this name: it stands for all of them.
constexpr std::string_view any_user;

std::string login_from(std::string_view user, const base::Address& client) {
  const auto network = network_of_client(client).octets;
  return std::string(user) + '\0' + std::string(network.begin(), network.end());
}

} // namespace

std::optional<UsualNetworks> UsualNetworks::open(const std::string& state_directory) {
  auto uses = LastUses::open(state_directory, "usual-networks");
  return uses ? std::optional(UsualNetworks(std::move(*uses))) : std::nullopt;
}

void UsualNetworks::note(std::string_view user, const base::Address& client, std::int64_t now) {
  uses_.note(login_from(user, client), now, resolution);
  uses_.note(login_from(any_user, client), now, resolution);
}

bool UsualNetworks::is_usual(std::string_view user, const base::Address& client,
                             std::int64_t now) const {
  return user != any_user && is_recent(user, client, now);
}

bool UsualNetworks::has_usual(const base::Address& client, std::int64_t now) const {
  return is_recent(any_user, client, now);
}

bool UsualNetworks::is_recent(std::string_view user, const base::Address& client,
                              std::int64_t now) const {
  const auto when = uses_.when(login_from(user, client));
  return when && now - lifetime <= *when && *when <= now + lifetime;
}

} // namespace state

// SPDX-License-Identifier: ISC
#include "listener/network_penalties.hpp"

#include "pop3/refusal.hpp"
#include "state/auth_key.hpp"
#include "state/network_refusal.hpp"

namespace listener {

namespace {

using Kind = EventThrottle::Kind;

constexpr Refusal after_crash{Kind::penalty, "crash", pop3::network_refused};
constexpr Refusal after_failures{Kind::penalty, "penalty", pop3::network_has_failed};
constexpr Refusal after_giving_way{Kind::gave_way_before, "gave-way", pop3::too_many_connections};

} // namespace

NetworkPenalties::NetworkPenalties() {
  (void)state::current_boot();
}

const Refusal* NetworkPenalties::refusal_for(const std::optional<base::Address>& source,
                                             const config::Settings& settings) {
  const auto* const found = source ? table(settings.runtime_directory) : nullptr;
  if (found == nullptr)
    return nullptr;
  const auto now = state::penalty_time();
  switch (state::refusal_of_network(*found, *source, settings.state_directory, now)) {
  case state::NetworkRefusal::crash: return &after_crash;
  case state::NetworkRefusal::failures: return &after_failures;
  case state::NetworkRefusal::none: break;
  }
  const bool is_refused = !settings.trusted_networks.contains(*source) &&
                          state::is_kept_out(*found, *source, settings.state_directory, now);
  return is_refused ? &after_giving_way : nullptr;
}

void NetworkPenalties::punish(const std::optional<base::Address>& source,
                              const config::Settings& settings) {
  if (auto* const found = source ? table(settings.runtime_directory) : nullptr)
    state::punish_crash(*found, *source, state::penalty_time());
}

state::PenaltyTable* NetworkPenalties::table(const std::string& runtime_directory) {
  if (table_ && table_->is_current(runtime_directory))
    return &*table_;
  table_.reset();
  if (auto opened = state::PenaltyTable::open(runtime_directory))
    table_ = std::move(*opened);
  return table_ ? &*table_ : nullptr;
}

} // namespace listener

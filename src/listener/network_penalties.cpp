// SPDX-License-Identifier: ISC
#include "listener/network_penalties.hpp"

#include "pop3/refusal.hpp"
#include "state/network_refusal.hpp"

namespace listener {

namespace {

using Kind = EventThrottle::Kind;

constexpr Refusal after_crash{Kind::penalty, "crash", pop3::network_refused};
constexpr Refusal after_failures{Kind::penalty, "penalty", pop3::network_has_failed};

} // namespace

const Refusal* NetworkPenalties::refusal_for(const std::optional<base::Address>& source,
                                             const config::Settings& settings) {
  const auto* const found = source ? table(settings.runtime_directory) : nullptr;
  if (found == nullptr)
    return nullptr;
  switch (
      state::refusal_of_network(*found, *source, settings.state_directory, state::penalty_time())) {
  case state::NetworkRefusal::crash: return &after_crash;
  case state::NetworkRefusal::failures: return &after_failures;
  case state::NetworkRefusal::none: break;
  }
  return nullptr;
}

void NetworkPenalties::punish(const std::optional<base::Address>& source,
                              const config::Settings& settings) {
  if (auto* const found = source ? table(settings.runtime_directory) : nullptr)
    state::punish_crash(*found, *source, state::penalty_time());
}

/// nullptr when it cannot be used, which the sessions tell.
state::PenaltyTable* NetworkPenalties::table(const std::string& runtime_directory) {
  if (table_ && table_->is_current(runtime_directory))
    return &*table_;
  table_.reset();
  if (auto opened = state::PenaltyTable::open(runtime_directory))
    table_ = std::move(*opened);
  return table_ ? &*table_ : nullptr;
}

} // namespace listener

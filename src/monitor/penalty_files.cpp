// SPDX-License-Identifier: ISC
#include "monitor/penalty_files.hpp"

#include "base/time_of_day.hpp"
#include "state/octet_lock.hpp"

#include <system_error>
#include <utility>

namespace monitor {

state::PenaltyTable* PenaltyFiles::table() {
  if (!table_ && !has_no_table_) {
    auto opened = state::PenaltyTable::open(settings_.runtime_directory);
    if (opened)
      table_ = std::move(*opened);
    else
      warn(opened.error());
    has_no_table_ = !opened;
  }
  return table_ ? &*table_ : nullptr;
}

bool PenaltyFiles::is_usual(std::string_view user, const base::Address& client) {
  bool is_usual = false;
  try_to([&] {
    is_usual = usual() != nullptr && usual()->is_usual(user, client, base::seconds_since_1970());
  });
  return is_usual;
}

void PenaltyFiles::note_usual(std::string_view user, const base::Address& client) {
  try_to([&] {
    if (usual() != nullptr)
      usual()->note(user, client, base::seconds_since_1970());
  });
}

std::string_view PenaltyFiles::site_key() {
  std::string_view octets;
  try_to([&] {
    if (const auto& key = site_key_.get())
      octets = key->reveal();
  });
  return octets;
}

int PenaltyFiles::turnstiles() {
  if (!turnstiles_)
    try_to(
        [&] { turnstiles_ = state::open_lock_file(settings_.runtime_directory + "/turnstiles"); });
  return turnstiles_.get();
}

void PenaltyFiles::warn(std::string_view problem) {
  if (!std::exchange(has_warned_, true))
    log_.write(base::Event("penalties", base::Level::warning).with_quoted("problem", problem));
}

void PenaltyFiles::close() {
  has_no_table_ = true;
  table_.reset();
  usual_.reset();
  site_key_.forget();
  turnstiles_.reset();
}

/// nullptr when the file is refused. Throws std::system_error.
state::UsualNetworks* PenaltyFiles::usual() {
  if (!usual_)
    usual_ = state::UsualNetworks::open(settings_.state_directory);
  if (!usual_)
    warn(state::UsualNetworks::refusal);
  return usual_ ? &*usual_ : nullptr;
}

void PenaltyFiles::try_to(const std::function<void()>& open) {
  try {
    open();
  } catch (const std::system_error& error) {
    warn(error.what());
  }
}

} // namespace monitor

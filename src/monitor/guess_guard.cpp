// SPDX-License-Identifier: ISC
#include "monitor/guess_guard.hpp"

#include "login/attempt_digest.hpp"
#include "state/network_refusal.hpp"
#include "state/turnstile.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace monitor {

namespace {

using state::PenaltyKey;
using state::PenaltyKind;
using state::PenaltyTime;
using std::chrono::milliseconds;

/// A connection that ends without an attempt counts a quarter of one: it costs two processes, but
/// no hash, and a mail program that looks for its settings makes some.
constexpr unsigned quarters_of_aborted = 1;

/// The longest time that an attempt may wait now.
PenaltyTime longest_until(GuessGuard::Clock::time_point deadline) {
  const auto left = std::chrono::floor<milliseconds>(deadline - GuessGuard::Clock::now()).count();
  return std::min(state::longest_penalty_wait,
                  static_cast<PenaltyTime>(std::max<std::int64_t>(left, 0)));
}

/// True when the front waits for no answer any more.
bool is_left(const ipc::Channel& channel) {
  return channel.is_ended_by(ipc::ReportRequest::tag);
}

ipc::Admission admission_by(state::NetworkRefusal refusal) {
  switch (refusal) {
  case state::NetworkRefusal::crash: return ipc::Admission::crash;
  case state::NetworkRefusal::failures: return ipc::Admission::penalty;
  case state::NetworkRefusal::none: break;
  }
  return ipc::Admission::granted;
}

/// True for the end of a connection that has begun to talk and has not said QUIT.
bool is_aborted(const ipc::ReportRequest& report) {
  using ipc::Ending;
  return report.said == ipc::Said::more &&
         (report.ending == Ending::connection_lost || report.ending == Ending::login_limit ||
          report.ending == Ending::too_many_bad_commands ||
          report.ending == Ending::tls_unexpected);
}

} // namespace

ipc::Admission GuessGuard::admit() {
  const auto* const found = client_ ? files_.table() : nullptr;
  if (found == nullptr)
    return ipc::Admission::granted;
  return admission_by(state::refusal_of_network(*found, *client_, settings_.state_directory,
                                                state::penalty_time()));
}

GuessGuard::Turn GuessGuard::begin(const Attempt& attempt, Clock::time_point deadline,
                                   const ipc::Channel& channel) {
  charges_.clear(); // what no function has settled has failed
  password_.reset();
  is_suspect_ = false;
  if (!client_ || files_.table() == nullptr)
    return {};
  const auto name = login::name_meant_by(attempt.said, settings_);
  const auto keys = keys_of(name);
  is_suspect_ = std::ranges::any_of(keys, [this](const auto& key) { return has_level(key); });
  const bool has_password = !attempt.password.empty();
  const auto password = password_key(name, attempt.password);
  const bool is_repeated = has_password && has_level(password);
  if (has_password && !is_repeated)
    password_ = password;
  return queue(keys, is_repeated ? Keys{password} : keys, deadline, channel);
}

/// Waits for all of `keys` and of `charged`, and counts the attempt for the latter.
GuessGuard::Turn GuessGuard::queue(const Keys& keys, const Keys& charged,
                                   Clock::time_point deadline, const ipc::Channel& channel) {
  const auto wait_before = std::max(wait_of(keys), wait_of(charged));
  if (const auto longest = longest_until(deadline); wait_before > longest)
    return refuse(keys, wait_before, longest);
  // Also where nothing has failed: right logins of one network would count as failed for each other
  // as long as they are checked. From a usual network a user has few at once.
  const bool is_first_of_user = charged.front().kind == PenaltyKind::pair && !is_suspect_;
  if (!is_first_of_user && !pass_turnstile(charged.front(), deadline, channel))
    return {is_left(channel) ? Turn::Kind::given_up : Turn::Kind::refused, 1};
  const auto wait_of_others = wait_of(keys); // before the charge, whose delay is for the next one
  const auto wait = std::max(wait_of_others, charge(charged));
  const auto longest = longest_until(deadline);
  const bool is_due =
      wait <= longest && (wait == 0 || !channel.has_message(Clock::now() + milliseconds(wait)));
  if (is_due)
    return {};
  forgive();
  if (wait > longest)
    return refuse(keys, wait, longest);
  charge_unmade(keys, 0);
  return {Turn::Kind::given_up, 0};
}

GuessGuard::Turn GuessGuard::refuse(const Keys& keys, PenaltyTime wait, PenaltyTime longest) {
  charge_unmade(keys, longest);
  return {Turn::Kind::refused, static_cast<std::uint32_t>(state::whole_seconds(wait))};
}

/// Charges the network for an attempt that had to wait for what others have tried, and was not
/// made: it has taken the place of another one in the queue. It counts for nothing when the network
/// itself has to wait for more than `own_wait`: tries would move that time away for ever. Neither
/// does it when only the repeated password has to.
void GuessGuard::charge_unmade(const Keys& keys, PenaltyTime own_wait) {
  const auto now = state::penalty_time();
  if (keys.front().kind == PenaltyKind::network && wait_of(keys) > own_wait &&
      files_.table()->wait(keys.front(), now) <= own_wait)
    files_.table()->charge(keys.front(), state::quarters_of_refusal, now);
}

void GuessGuard::let_next_begin() {
  if (const auto octet = std::exchange(passed_, {}))
    state::leave_turnstile(files_.turnstiles(), *octet);
}

void GuessGuard::succeed(const std::string& user) {
  forgive();
  if (client_)
    files_.note_usual(user, *client_);
}

void GuessGuard::forgive() {
  for (const auto& charge : std::exchange(charges_, {}))
    files_.table()->refund(charge);
  password_.reset();
  let_next_begin();
}

void GuessGuard::fail() {
  if (const auto password = std::exchange(password_, {}))
    files_.table()->charge(*password, state::quarters_a_failure, state::penalty_time());
  if (!charges_.empty() && charges_.front().key.kind == PenaltyKind::network)
    files_.table()->count_stranger(charges_.front().key, state::penalty_time());
  charges_.clear();
  let_next_begin();
}

void GuessGuard::count_unprotected() {
  charge_network(state::quarters_a_failure);
}

void GuessGuard::count_end(const ipc::ReportRequest& report) {
  if (is_aborted(report) && !settings_.trusted_networks.contains(client_))
    charge_network(quarters_of_aborted);
}

void GuessGuard::count_crash() {
  if (client_ && files_.table() != nullptr)
    state::punish_crash(*files_.table(), *client_, state::penalty_time());
}

void GuessGuard::close() {
  charges_.clear();
  password_.reset();
  passed_.reset();
  files_.close();
}

bool GuessGuard::has_level(const PenaltyKey& key) {
  return files_.table()->level(key, state::penalty_time()) > 0;
}

/// The keys that an attempt counts for. Attempts with the same first key wait for each other.
GuessGuard::Keys GuessGuard::keys_of(const std::string& name) {
  const auto& client = *client_;
  const auto digest = login::digest_of_name(files_.site_key(), name);
  if (files_.is_usual(name, client))
    return {state::pair_key(digest, client)};
  Keys keys{state::network_key(client)};
  const bool is_fresh = state::is_fresh(files_.table()->level(keys.front(), state::penalty_time()));
  for (const auto& wider : state::wider_keys(client))
    keys.push_back(wider);
  if (!name.empty()) // as with a token, which names the user itself
    keys.push_back(is_fresh ? state::fresh_name_key(digest) : state::name_key(digest));
  return keys;
}

PenaltyKey GuessGuard::password_key(const std::string& name, std::string_view password) {
  return state::password_key(login::digest_of_password(files_.site_key(), name, password),
                             *client_);
}

PenaltyTime GuessGuard::wait_of(const Keys& keys) {
  PenaltyTime longest = 0;
  for (const auto& key : keys)
    longest = std::max(longest, files_.table()->wait(key, state::penalty_time()));
  return longest;
}

/// True also when there is no turnstile.
bool GuessGuard::pass_turnstile(const PenaltyKey& key, Clock::time_point deadline,
                                const ipc::Channel& channel) {
  const auto octet = state::turnstile_octet("attempt" + state::octets_of(key));
  try {
    if (!state::pass_turnstile(files_.turnstiles(), octet, deadline,
                               [&] { return !is_left(channel); }))
      return false;
    passed_ = octet;
  } catch (const std::system_error& error) {
    files_.warn(error.what());
  }
  return true;
}

/// Counts the attempt as failed, and gives the time until it is due.
PenaltyTime GuessGuard::charge(const Keys& keys) {
  PenaltyTime longest = 0;
  for (const auto& key : keys) {
    charges_.push_back(
        files_.table()->charge(key, state::quarters_a_failure, state::penalty_time()));
    longest = std::max(longest, charges_.back().wait);
  }
  return longest;
}

void GuessGuard::charge_network(unsigned quarters) {
  if (client_ && files_.table() != nullptr)
    files_.table()->charge(state::network_key(*client_), quarters, state::penalty_time());
}

} // namespace monitor

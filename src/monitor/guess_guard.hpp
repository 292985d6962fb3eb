// SPDX-License-Identifier: ISC
// Slows guesses down: has each login attempt wait for its turn, as long as the failed ones before
// it from the same network or for the same name ask for. Runs in the monitor, which closes it
// before it becomes the user. Clients on this host whose address is not told are not slowed down:
// all of them would be one source. Nothing about the files can refuse a login.
#pragma once

#include "base/client.hpp"
#include "base/log.hpp"
#include "config/settings.hpp"
#include "ipc/answer.hpp"
#include "ipc/channel.hpp"
#include "ipc/request.hpp"
#include "monitor/penalty_files.hpp"
#include "state/penalty_table.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace monitor {

class GuessGuard {
 public:
  using Clock = std::chrono::steady_clock;

  /// Opens nothing. All arguments must outlive this object.
  GuessGuard(const config::Settings& settings, const base::Log& log)
      : settings_(settings), files_(settings, log) {}

  /// To be called as soon as it is known, which behind a proxy is after its header.
  void set_client(const base::Client& client) { client_ = client.remote_address(); }
  /// Why the client gets no greeting; Admission::granted when it does. The caller logs a refusal.
  ipc::Admission admit();

  /// What begin() has come to.
  struct Turn {
    enum class Kind : std::uint8_t {
      due,     ///< The attempt may be made. One of the functions below must follow.
      refused, ///< It would have to wait too long, and must not be made.
      given_up ///< The front does not wait any more.
    };
    Kind kind = Kind::due;
    std::uint32_t seconds = 0; ///< When it is refused: until it may be made.
  };
  /// An attempt to log in as `said`.
  struct Attempt {
    std::string_view said;
    std::string_view password; ///< Or a token; empty where the client sends none.
  };
  /// Waits until the attempt may be made. It counts as failed until succeed() or forgive() takes
  /// that back. Waits at most for state::longest_penalty_wait, and never beyond `deadline`.
  /// Attempts of one network are made one after the other, and those of a user from a usual
  /// network, too. A password that was wrong for this name and network within a day, as an
  /// unattended program repeats it, counts for itself alone.
  Turn begin(const Attempt& attempt, Clock::time_point deadline, const ipc::Channel& channel);
  /// Lets the next attempt begin, while the client decides about this one. For SCRAM.
  void let_next_begin();
  /// The attempt has logged `user` in: its network is a usual one of this user from now on.
  void succeed(const std::string& user);
  /// The attempt says nothing about the client, as the site has a fault.
  void forgive();
  /// The attempt has failed.
  void fail();
  /// True when the network or the name of the attempt had failed before it.
  bool is_suspect() const { return is_suspect_; }

  /// An attempt that was refused on sight.
  void count_unprotected();
  /// A connection that has ended without an attempt. It counts a little when it has begun to talk,
  /// unless it comes from one of the trusted networks.
  void count_end(const ipc::ReportRequest& report);
  /// A crash of the front or a verifier. Does nothing after close().
  void count_crash();

  /// The site's key, which the attempts that follow share until close().
  state::SiteKey& site_key() { return files_.shared_site_key(); }
  /// Unmaps and closes all files, for good. Nothing is counted then.
  void close();

 private:
  bool has_level(const state::PenaltyKey& key);
  using Keys = std::vector<state::PenaltyKey>;
  Keys keys_of(const std::string& name);
  state::PenaltyKey password_key(const std::string& name, std::string_view password);
  state::PenaltyTime wait_of(const Keys& keys);
  Turn queue(const Keys& keys, const Keys& charged, Clock::time_point deadline,
             const ipc::Channel& channel);
  Turn refuse(const Keys& keys, state::PenaltyTime wait, state::PenaltyTime longest);
  void charge_unmade(const Keys& keys, state::PenaltyTime own_wait);
  bool pass_turnstile(const state::PenaltyKey& key, Clock::time_point deadline,
                      const ipc::Channel& channel);
  state::PenaltyTime charge(const Keys& keys);
  void charge_network(unsigned quarters);

  const config::Settings& settings_;
  PenaltyFiles files_;
  std::optional<base::Address> client_; // unless it is on this host
  std::optional<off_t> passed_;         // the turnstile that this process has passed and holds
  std::vector<state::PenaltyCharge> charges_;
  std::optional<state::PenaltyKey> password_; // of the attempt, unless it is a repeated one
  bool is_suspect_ = false;
};

} // namespace monitor

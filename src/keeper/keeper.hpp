// SPDX-License-Identifier: ISC
// The keeper: gives the front access to one maildrop for one session. The monitor becomes the
// keeper after a login. The keeper answers a few kinds of requests about message numbers. It
// understands neither POP3 nor mail, treats the front as hostile, and has no privilege but for that
// Maildir.
#pragma once

#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/settings.hpp"
#include "ipc/answer.hpp"
#include "ipc/channel.hpp"
#include "ipc/permissions.hpp"
#include "keeper/failure_log.hpp"
#include "maildir/maildir.hpp"
#include "maildir/maildrop_lock.hpp"
#include "state/session_registry.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace keeper {

using maildir::Access;

/// Thrown in long work, when the front is gone or has nothing to say but its report.
struct FrontLeft {};

class Keeper {
 public:
  using Clock = std::chrono::steady_clock;

  /// `permissions` continue from their state in the monitor. open() waits for the lock until
  /// `deadline` at most, however long lock-wait is. All references must outlive the keeper.
  Keeper(ipc::Channel& channel, ipc::Permissions& permissions,
         const config::MaildropSettings& settings, config::Settings::Sandbox sandbox,
         const base::Log& log, Clock::time_point deadline = Clock::time_point::max())
      : channel_(channel), permissions_(permissions), settings_(settings), sandbox_(sandbox),
        log_(log), deadline_(deadline), failures_(log) {}

  /// Opens and locks the Maildir at `path`, confines the process, lists the maildrop, and sends the
  /// result to the front. True when the login is granted. Other sessions can read `from` while this
  /// session holds the lock; `index_key` is for the index of sizes. With Access::read_only UPDATE
  /// changes nothing, and a message marked as deleted is a ProtocolViolation. Logs failures. Throws
  /// what Channel throws; every other failure is sent to the front as a refusal.
  bool open(const std::string& path, std::string_view from, base::Secret index_key,
            Access access = Access::full);

  /// Sets the Maildir, where the monitor has opened it before it became the user, or the errno of
  /// that; open() does not open it then.
  void set_root(base::Result<base::UniqueFd, int> root) { root_ = std::move(root); }

  /// Answers requests until the front has sent its report or is gone, then logs how the session
  /// ended. The index is written and the lock released in every case. Throws ProtocolViolation,
  /// ChannelTimeout and std::system_error.
  void serve();

  /// Sets the entry in the list of sessions that this session updates from now on.
  void set_registration(state::RegisteredSession session) { registered_ = std::move(session); }

  pop3::MessageNumber count() const { return maildir_ ? maildir_->count() : 0; }

 private:
  ipc::LoginAnswer prepare(const std::string& path, std::string_view from, base::Secret index_key);
  // Each of these gives the refusal, if the login is refused.
  std::optional<ipc::LoginAnswer>
  refusal_of(const std::function<std::optional<ipc::LoginAnswer>()>& step) const;
  std::optional<ipc::LoginAnswer> open_maildir(const std::string& path, std::string_view from);
  std::optional<ipc::LoginAnswer> lock(std::string_view from);
  std::optional<ipc::LoginAnswer> confine() const;
  std::optional<ipc::LoginAnswer> scan(base::Secret index_key);
  ipc::LoginAnswer unavailable(pop3::Denial::Reason reason, std::string_view why,
                               std::string_view detail) const;

  void answer(const ipc::SizesRequest& request);
  void answer(const ipc::UniqueIdsRequest& request);
  void answer(const ipc::OpenRequest& request);
  void answer(const ipc::SizeChangedRequest& request);
  void answer(const ipc::ReadFailedRequest& request);
  void answer(const ipc::CodedRequest& request);
  void answer(const ipc::MarksRequest& request);
  void answer(const ipc::CommitRequest& request);
  void answer(const ipc::ReportRequest& request) { report_ = request; }
  void answer(const ipc::SilenceRequest& request);

  std::uint64_t size_of(std::uint32_t message);
  base::UniqueFd open_message(std::uint32_t message, bool is_ahead, ipc::OpenAnswer::Entry& entry);
  void answer_requests();
  void take(const ipc::Request& request);
  void look_for_end();
  void note_use(const ipc::Request& request);
  void check_number(std::uint32_t message) const;
  void release_maildrop();
  void log_end() const;

  ipc::Channel& channel_;
  ipc::Permissions& permissions_;
  config::MaildropSettings settings_;
  config::Settings::Sandbox sandbox_;
  const base::Log& log_;
  Clock::time_point deadline_;
  Access access_ = Access::full;
  std::optional<base::Result<base::UniqueFd, int>> root_;
  std::optional<maildir::Maildir> maildir_; // none: a missing Maildir that counts as empty
  std::optional<maildir::MaildropLock> lock_;
  pop3::Marks deleted_;
  pop3::Marks retrieved_;
  pop3::Marks size_changed_; // messages whose changed size the front has reported
  maildir::Maildir::Outcome updated_;
  std::optional<ipc::ReportRequest> report_;
  state::RegisteredSession registered_;
  std::uint64_t opened_messages_ = 0;
  FailureLog failures_;
  Clock::time_point opened_ = Clock::now();
  Clock::time_point next_look_{}; // at the channel, in long work
};

} // namespace keeper

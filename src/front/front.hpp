// SPDX-License-Identifier: ISC
// The front: the only process with the client's connection. It speaks POP3 from greeting to QUIT.
// It has no privilege and no access to files or other processes; it sends requests over the
// channel.
#pragma once

#include "base/deadline_stream.hpp"
#include "config/settings.hpp"
#include "front/first_octets.hpp"
#include "front/hang_alarm.hpp"
#include "front/output.hpp"
#include "front/remote_gatekeeper.hpp"
#include "ipc/channel.hpp"
#include "ipc/kill_switch.hpp"
#include "ipc/request.hpp"
#include "pop3/session.hpp"

#include <functional>
#include <optional>
#include <string>

namespace front {

class Front {
 public:
  /// What the session begins with.
  enum class Opening {
    login,
    proxy_header, ///< A PROXY header, then a login.
    maildrop      ///< No login: the process that started the server has vouched for the user.
  };

  /// Serves the client on descriptors 0 and 1. `channel` must outlive this object. `kill_switch` is
  /// that of the process at its other end.
  Front(ipc::Channel& channel, const config::ClientLimits& limits, pop3::SessionProfile profile,
        Opening opening, ipc::KillSwitch kill_switch = {});

  /// Serves one session from greeting to end, then sends a report over the channel. When the
  /// monitor or keeper still owes an answer or holds the maildrop then, closes the connection and
  /// the channel, waits for the end of that process, and kills it when it hangs. Never throws.
  void run() noexcept;

 private:
  using Clock = base::DeadlineStream::Clock;

  /// Thrown when the connection begins with what is not expected of the other end.
  struct Mismatch {
    ipc::Ending ending;
  };
  /// Thrown when the monitor or keeper has not answered in time.
  struct NoAnswer {
    bool can_tell = true; ///< False when a part of the reply has left.
  };
  /// Thrown when a new login of the user has got the maildrop.
  struct TakenOver {};

  ipc::Ending converse_until_taken_over();
  ipc::Ending converse();
  bool read_proxy();
  std::optional<pop3::Session> begin_session();
  void send(const pop3::Reply& reply);
  void send_listing(const pop3::Listing& listing);
  void send_message(const pop3::MessageText& message);
  std::uint64_t send_text(const pop3::MessageText& message);
  void flush();
  void read_more();
  void await(Awaited awaited);
  Clock::time_point limit_for(Awaited awaited) const;
  std::optional<Clock::time_point> patience_for(Awaited awaited) const;
  void tell_no_answer(bool can_tell);
  void tell_mismatch(ipc::Ending ending);
  void say_last(const std::function<void()>& add);
  void put_off_alarm(bool is_long_wait = false);
  void be_done_with_files();
  void end_other_process(ipc::Ending ending) noexcept;
  void ask_whether_wanted();
  void give_memory_back();
  Clock::time_point deadline() const;
  void report(ipc::Ending ending) noexcept;

  ipc::Channel& channel_;
  config::ClientLimits limits_;
  pop3::SessionProfile profile_;
  Opening opening_;
  ipc::KillSwitch kill_switch_;
  Requester requester_;
  RemoteGatekeeper gatekeeper_;
  base::DeadlineStream stream_;
  pop3::LineReader reader_;
  FirstOctets first_octets_; // not looked at where there is no login
  Output out_;               // replies to be written before waiting for input
  ipc::ReportRequest report_;
  std::uint64_t flushes_ = 0;
  bool logged_in_ = false;
  bool has_read_file_ = false; // or is about to
  bool is_first_line_ = true;
  bool is_answer_due_ = false;
  bool may_have_more_ = false; // the last read filled its space
  HangAlarm hang_alarm_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point handling_since_ = started_; // start of the work for the last line
  Clock::time_point waiting_since_ = started_;  // start of the wait for a whole line
};

} // namespace front

// SPDX-License-Identifier: ISC
// How a session of the front ends.
#include "front/front.hpp"
#include "pop3/refusal.hpp"

#include <algorithm>
#include <unistd.h>

namespace front {

namespace {

using std::chrono::seconds;

constexpr std::chrono::milliseconds close_timeout{2000};
constexpr std::chrono::milliseconds last_word_time{200};
/// The time from the report in which the monitor or keeper may end by itself: the index is saved
/// and the end logged, which takes less than a second where storage works.
constexpr seconds ending_grace{3};

} // namespace

void Front::run() noexcept {
  ipc::Ending ending = ipc::Ending::failure;
  try {
    ending = converse_until_taken_over();
    be_done_with_files();
    flush();
    stream_.close_gracefully(close_timeout);
  } catch (const base::Timeout&) {
    // After QUIT the result of UPDATE counts, whether the client receives the reply or not.
    if (ending == ipc::Ending::failure)
      ending = logged_in_ ? ipc::Ending::idle : ipc::Ending::login_limit;
  } catch (const base::ConnectionLost&) {
    if (ending == ipc::Ending::failure)
      ending = ipc::Ending::connection_lost;
  } catch (const NoAnswer& silence) {
    ending = logged_in_ ? ipc::Ending::no_answer : ipc::Ending::login_limit;
    tell_no_answer(silence.can_tell);
  } catch (const Mismatch& mismatch) {
    ending = mismatch.ending;
    tell_mismatch(ending);
  } catch (const pop3::MessageChanged&) {
    ending = ipc::Ending::message_changed;
  } catch (const pop3::StoreFailure&) {
    ending = ipc::Ending::message_unreadable;
  } catch (const std::exception&) {
    ending = ipc::Ending::failure;
  }
  report(ending);
  end_other_process(ending);
}

/// Tells the client of the failure where that is possible, and ends the connection.
void Front::tell_no_answer(bool can_tell) {
  using Kind = pop3::StoreFailure::Kind;
  be_done_with_files();
  say_last([&] {
    if (can_tell)
      out_.append(status_line(
          logged_in_ ? pop3::refusal(pop3::StoreFailure(Kind::temporary))
                     : pop3::refusal(pop3::Denial{.reason = pop3::Denial::Reason::temporary})));
  });
}

/// Tells the client behind a proxy whose header is not expected. In all other cases no client is
/// known that could understand a reply.
void Front::tell_mismatch(ipc::Ending ending) {
  if (ending == ipc::Ending::proxy_unexpected)
    say_last([&] { out_.append(pop3::header_unexpected); });
}

/// Writes what is left to be written and what `add` adds to it, waiting at most last_word_time for
/// a client that does not read, and ends the connection.
void Front::say_last(const std::function<void()>& add) {
  try {
    add();
    stream_.write_all(out_.text(), seconds(limits_.idle_limit), Clock::now() + last_word_time);
    stream_.close_gracefully(close_timeout);
  } catch (const std::exception&) {
    // The client is gone, or does not read.
  }
}

/// Ends the watch for silence and for files that hang: the later waits, for a client that may be
/// silent, have limits of their own.
void Front::be_done_with_files() {
  stream_.on_silence({}, {});
  stream_.before_each_wait([](bool) {});
  hang_alarm_.stop();
}

/// Not needed when no answer is due and the other process has no maildrop: after UPDATE it has
/// released the maildrop, and before a login it has none.
void Front::end_other_process(ipc::Ending ending) noexcept {
  const bool has_released = ending == ipc::Ending::quit || ending == ipc::Ending::update_failed;
  if (!is_answer_due_ && (!logged_in_ || has_released))
    return;
  be_done_with_files();
  const auto now = Clock::now();
  close(0);
  close(1);
  channel_ = ipc::Channel(base::UniqueFd());
  kill_switch_.await_end((logged_in_ ? now : std::max(now, deadline())) + ending_grace);
}

void Front::report(ipc::Ending ending) noexcept {
  try {
    report_.ending = ending;
    channel_.send(ipc::bytes_of(report_));
  } catch (const std::exception&) {
    // The monitor or keeper is gone, so that nothing can be logged.
  }
}

} // namespace front

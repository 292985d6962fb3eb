// SPDX-License-Identifier: ISC
#include "listener/listener.hpp"

#include "base/deadline.hpp"
#include "listener/connection.hpp"
#include "listener/giving_way.hpp"
#include "listener/signals.hpp"
#include "pop3/refusal.hpp"

#include <algorithm>
#include <cstring>
#include <sysexits.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace listener {

namespace {

using base::Event;
using base::Level;
using Kind = EventThrottle::Kind;
using std::chrono::milliseconds;

/// The pause when the system has no descriptors, memory or processes left: time to free some.
constexpr milliseconds accept_pause{100};

/// An attacker who needs addresses in memory can try so often with the same ones.
constexpr unsigned crashes_until_restart = 4;

} // namespace

Listener::Listener(ListenerPlan plan)
    : plan_(std::move(plan)), sessions_(std::move(plan_.inherited.sessions)),
      progress_(base::UniqueFd(plan_.inherited.progress)) {
  reserve_entries();
  signals_ = block_signals();
  plan_.harden();
  // After hardening, so that a log that could not be opened after SIGHUP fails here already.
  log_.open(plan_.service.settings.log, now_);
  log_.set_lost_lines(std::move(plan_.lost_lines));
  polled_.push_back({signals_.get(), POLLIN, 0});
  for (const auto& socket : plan_.sockets)
    polled_.push_back({socket.fd.get(), POLLIN, 0});
}

void Listener::run() {
  for (const auto& socket : plan_.sockets)
    log_.current().write(Event("listening").with("address", socket.address));
  idle_exit_.warn(plan_.service.settings, log_.current());
  plan_.notifier.ready();
  while (!shutdown_.is_over())
    try_turn();
  throttle_.write_kept();
  log_.current().write(Event("stopped").with("terminated", shutdown_.terminated()));
}

void Listener::try_turn() noexcept {
  try {
    turn();
  } catch (const std::exception& error) {
    complain(error);
    std::this_thread::sleep_for(accept_pause);
  }
}

void Listener::complain(const std::exception& error) noexcept {
  try {
    throttle_.write(Kind::loop_failed,
                    Event("loop-failed", Level::error).with_quoted("problem", error.what()), now_);
  } catch (const std::exception&) {
    // There is no memory for that either.
  }
}

void Listener::turn() {
  const std::size_t count = is_accepting() ? polled_.size() : 1;
  await(count);
  now_ = Clock::now();
  if (polled_[0].revents != 0)
    take_signals(); // first, as a session that has ended makes room
  if (now_ >= reaper_.due())
    reaper_.take_others();
  for (std::size_t i = 1; i < count && is_accepting(); ++i)
    if (polled_[i].revents != 0)
      accept_from(plan_.sockets[i - 1]);
  if (!shutdown_.has_begun() && now_ >= idle_end())
    stop();
  if (!shutdown_.has_begun() && crashes_ >= crashes_until_restart)
    restart();
  shutdown_.advance(sessions_, now_);
  throttle_.write_due(now_);
  plan_.notifier.count(sessions_.size(), now_);
}

/// Waits for the first `count` descriptors. Where poll(2) fails, as the system has no memory, looks
/// at all of them after a pause: none of them blocks.
void Listener::await(std::size_t count) {
  if (poll(polled_.data(), count, base::milliseconds_until(next_deadline())) >= 0)
    return;
  if (errno != EINTR) {
    throttle_.write(Kind::wait_failed,
                    Event("wait-failed", Level::error).with_quoted("problem", std::strerror(errno)),
                    now_);
    std::this_thread::sleep_for(accept_pause);
  }
  for (auto& one : polled_)
    one.revents = POLLIN;
}

Clock::time_point Listener::next_deadline() const {
  const auto pause_end = now_ < paused_until_ ? paused_until_ : Clock::time_point::max();
  return std::min({throttle_.due(), plan_.notifier.status_due(), shutdown_.due(), pause_end,
                   idle_end(), reaper_.due()});
}

void Listener::accept_from(const ListeningSocket& socket) {
  const auto connection = take_connection(socket.fd.get());
  if (!connection.fd) {
    if (!is_about_one_client(errno))
      pause_after(Kind::accept_failed, Event("accept-failed", Level::error), errno);
    return;
  }
  idle_exit_.note_client(now_);
  if (has_hung_up(connection.fd.get()))
    note_hung_up(connection.client);
  else if (const auto* refusal = refuse(connection.client))
    tell(connection.fd.get(), refusal->line);
  else
    start_session(connection.fd.get(), connection.client);
}

/// Health checks, which only connect, are no event.
void Listener::note_hung_up(const base::Client& client) {
  const auto& settings = plan_.service.settings;
  if (!is_proxy(client, settings) && !settings.trusted_networks.contains(client.peer))
    throttle_.write(Kind::hung_up, Event("hung-up").with("from", client.from()), now_);
}

/// Why the client is kept out; nullptr when it is not.
const Refusal* Listener::refusal_for(const base::Client& client) {
  const auto& settings = plan_.service.settings;
  const auto source = source_of(client, settings);
  if (const auto* refusal = penalties_.refusal_for(source, settings))
    return refusal;
  if (const auto* refusal = admission_.refusal_for(source, sessions_, settings, now_))
    return refusal;
  return lack_of_places(sessions_, progress_, settings);
}

/// As refusal_for(), but looks again when sessions that have ended or are stuck are counted no
/// more; logs it.
const Refusal* Listener::refuse(const base::Client& client) {
  const auto* refusal = refusal_for(client);
  if (refusal == nullptr)
    return nullptr;
  reaper_.take_others();
  if (refusal->kind == Kind::full || refusal->kind == Kind::source_full)
    forget_stuck(); // of those that wait for a login none is stuck
  refusal = refusal_for(client);
  while (refusal != nullptr && refusal->is_about_places && has_made_way(*refusal, client))
    refusal = refusal_for(client);
  if (refusal != nullptr)
    throttle_.write(refusal->kind, refusal->event_for(client), now_);
  return refusal;
}

/// False when no session gives way to `client`.
bool Listener::has_made_way(const Refusal& lack, const base::Client& client) {
  const auto& settings = plan_.service.settings;
  const auto ended = make_way(
      sessions_, progress_,
      {settings.state_directory, penalties_.table(settings.runtime_directory)},
      {.source = source_of(client, settings), .is_preferred = is_preferred(client, settings)});
  if (!ended)
    return false;
  Event event("gave-way", Level::warning);
  event.with("reason", lack.reason);
  if (ended->source)
    event.with("from", ended->source->text());
  throttle_.write(Kind::gave_way, event, now_);
  return true;
}

void Listener::forget_stuck() {
  const auto taken = stuck_.take_from(sessions_, plan_.service.settings.max_connections, now_);
  if (taken > 0)
    log_.current().write(Event("sessions-stuck", Level::error).with("sessions", taken));
}

void Listener::start_session(int connection, const base::Client& client) {
  log_.refresh(plan_.service.settings.log, now_);
  const auto place = progress_.take();
  const pid_t child = fork();
  if (child == 0)
    serve(connection, client, place);
  if (child > 0)
    return count(child, client, place);
  const int error = errno;
  progress_.give_back(place);
  tell(connection, pop3::cannot_start);
  pause_after(Kind::fork_failed, Event("fork-failed", Level::error).with("from", client.from()),
              error);
}

/// In the new process, which must never go on as a listener.
void Listener::serve(int connection, const base::Client& client, std::size_t place) noexcept {
  try {
    plan_.service.serve(connection, client, log_.take(), progress_.hand_over(place));
  } catch (const std::exception&) {
    tell(connection, pop3::cannot_start);
  }
  _exit(EX_OSERR);
}

void Listener::count(pid_t process, const base::Client& client, std::size_t place) {
  const auto& settings = plan_.service.settings;
  const auto source = source_of(client, settings);
  sessions_.push_back({.process = process,
                       .source = source,
                       .is_preferred = is_preferred(client, settings),
                       .place = static_cast<std::uint32_t>(place)});
  admission_.note(source, settings, now_);
}

/// A session that has been forked must not lack memory for its entry.
void Listener::reserve_entries() {
  sessions_.reserve(plan_.service.settings.max_connections + most_ending);
}

void Listener::pause_after(Kind kind, Event event, int error) {
  paused_until_ = now_ + accept_pause;
  idle_exit_.note_client(now_); // a client waits
  throttle_.write(kind, event.with_quoted("problem", std::strerror(error)), now_);
}

} // namespace listener

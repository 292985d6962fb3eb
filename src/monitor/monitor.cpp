// SPDX-License-Identifier: ISC
#include "monitor/monitor.hpp"

#include "base/system_error.hpp"
#include "ipc/left_report.hpp"
#include "keeper/keeper.hpp"
#include "monitor/connect_lines.hpp"
#include "monitor/connection_limit.hpp"
#include "monitor/mismatch_event.hpp"
#include "monitor/proxied_client.hpp"
#include "monitor/user_places.hpp"
#include "sandbox/landlock.hpp"

#include <array>
#include <unistd.h>
#include <utility>

namespace monitor {

namespace {

using base::Event;
using base::Level;
using Clock = std::chrono::steady_clock;
using std::chrono::seconds;

// The front ends sessions in time. This ends one before login whose front does not.
constexpr seconds login_grace{30};

using Reason = pop3::Denial::Reason;

} // namespace

Monitor::Monitor(ipc::Channel channel, MonitorContext context, GuessGuard& guard)
    : channel_(std::move(channel)), context_(std::move(context)),
      permissions_(context_.settings.attempts), guard_(guard),
      attempts_(context_, channel_, guard_, started_ + seconds(context_.settings.login_limit)) {
  context_.site_key = &guard_.site_key();
  channel_.set_limit(seconds(context_.settings.login_limit) + login_grace);
  set_log_context();
}

void Monitor::set_log_context(const std::string& first_field) {
  context_.log.set_context(first_field + " session=" + context_.session +
                           " from=" + context_.client.from());
}

void Monitor::announce() {
  if (std::exchange(is_announced_, true))
    return;
  auto event = Event("connect").with("protected", context_.client.is_protected ? "yes" : "no");
  if (!proxy_.empty())
    event.with("proxy", proxy_);
  if (!is_limited_)
    return context_.log.write(event);
  is_quiet_ = !log_connection(context_.log, event, context_.settings.runtime_directory);
  if (is_quiet_)
    attempts_.leave_unchecked_out();
}

void Monitor::run() {
  is_limited_ = true;
  is_due_ = context_.settings.proxy != config::Settings::Proxy::required;
  if (!is_due_)
    permissions_.enter(ipc::Phase::introduction);
  try {
    for (bool more = true; more;) {
      auto request = receive();
      if (!request)
        return log_disconnect("killed");
      more = handle(*request);
    }
    await_end();
  } catch (const ipc::ChannelClosed&) {
    log_disconnect(ipc::log_name(ipc::left_report(channel_)));
  }
}

/// The next request, if it is permitted now; nothing when the front is gone. Throws what Channel
/// throws, and ProtocolViolation. Returns one object everywhere, so that it is made in its place at
/// the caller and no copy of a password stays on the stack.
std::optional<ipc::Request> Monitor::receive() {
  static std::array<std::byte, ipc::max_request> space; // touched as far as messages are long
  const auto received = channel_.receive_unless_closed(space);
  auto request =
      received ? ipc::decode_request(std::span(space).first(received->size)) : std::nullopt;
  if (!received)
    return request;
  base::wipe(space.data(), received->size);
  if (!received->fds.empty() || !request || !permissions_.take(*request))
    throw ipc::ProtocolViolation("request not permitted");
  return request;
}

void Monitor::run_preauthenticated(const std::string& user, const std::string& path) {
  announce();
  try {
    // Without a secret key the index is protected from accidents only.
    GrantedLogin login{{verifier::Verdict::Kind::granted}, "PREAUTH"};
    login.verdict.name = user;
    login.verdict.maildir = path;
    run_keeper(login, login.take_index_key(), {});
    await_end();
  } catch (const ipc::ChannelClosed&) {
    log_disconnect(ipc::log_name(ipc::left_report(channel_)));
  }
}

template <class Attempt> bool Monitor::take(Attempt& attempt) {
  announce();
  context_.progress.set(state::Progress::checking);
  auto login = attempts_.take(attempt);
  const bool is_over = login && serve(*login);
  context_.progress.set(state::Progress::waiting);
  return !is_over;
}

/// False when the monitor has no more requests to answer. Wipes a password.
bool Monitor::handle(ipc::Request& request) {
  return std::visit(
      [this]<class One>(One& one) -> bool {
        if constexpr (One::permission.is_in(ipc::Phase::introduction) ||
                      One::permission.is_in(ipc::Phase::authorization))
          return take(one);
        else
          throw ipc::ProtocolViolation("no maildrop yet");
      },
      request);
}

bool Monitor::take(ipc::ReportRequest& request) {
  const bool is_trusted = context_.settings.trusted_networks.contains(context_.client.address);
  if (is_trusted && request.said != ipc::Said::more)
    is_due_ = false; // a health check
  if (request.said == ipc::Said::nothing && !is_announced_ && std::exchange(is_due_, false))
    count_silent_connection(context_.log, context_.settings.runtime_directory);
  if (!attempts_.has_any())
    guard_.count_end(request);
  log_end(request.ending);
  return false;
}

bool Monitor::take(ipc::UnprotectedRequest& request) {
  announce();
  attempts_.note(request);
  return true;
}

/// False when the client is not admitted.
bool Monitor::take(ipc::ProxyRequest& request) {
  const auto proxy =
      std::exchange(context_.client, client_behind(context_.client, request, context_.settings));
  const auto& client = context_.client;
  context_.profile.is_protected = client.is_protected;
  context_.profile.has_certificate = client.has_certificate();
  guard_.set_client(client);
  ipc::ProxyAnswer answer;
  answer.is_protected = client.is_protected ? 1 : 0;
  answer.has_certificate = client.has_certificate() ? 1 : 0;
  if (client.address != proxy.address) {
    set_log_context();
    if (auto slot = admit(client, context_.settings, guard_, context_.log)) {
      source_slot_ = std::move(*slot);
      proxy_ = proxy.from();
      is_due_ = true;
    } else {
      answer.admission = slot.error();
    }
  }
  permissions_.enter(ipc::Phase::authorization);
  channel_.send(ipc::bytes_of(answer));
  return answer.admission == ipc::Admission::granted;
}

/// False when the user cannot have a session now: the client is told so and may log in again. True
/// when the session is over, or when this process could not become the user.
bool Monitor::serve(GrantedLogin& login) {
  auto index_key = login.take_index_key();
  const auto slot = user_slot(login.verdict.name, context_);
  if (!slot) {
    attempts_.deny(slot.error());
    return false;
  }
  context_.progress.finish();
  auto registered = register_session(login.verdict.name, context_);
  guard_.close(); // the user must not be able to lock others out
  if (geteuid() == 0 && !become_user(login.verdict))
    return true;
  run_keeper(login, std::move(index_key), std::move(registered));
  return true;
}

/// False when the system refuses; the client is told so then. No other login may follow, as the
/// process may have given up a part of its identity.
bool Monitor::become_user(const verifier::Verdict& verdict) {
  try {
    const base::Identity user{verdict.uid, verdict.gid};
    if (!sandbox::has_landlock()) // the root directory is a wall as well, but costs more
      maildir_ = sandbox::enter_directory(verdict.maildir, user);
    sandbox::become(user);
    return true;
  } catch (const std::system_error& error) {
    context_.log.write({"unavailable", Level::error, "cage-failed", error.what()});
    const auto reason = base::is_shortage(error.code()) ? Reason::temporary : Reason::permanent;
    channel_.send(ipc::bytes_of(ipc::LoginAnswer{{.reason = reason, .is_final = 1}}));
    return false;
  }
}

void Monitor::run_keeper(const GrantedLogin& login, base::Secret index_key,
                         state::RegisteredSession registered) {
  const bool is_read_only = login.verdict.is_read_only;
  set_log_context(" user=" + base::escaped(login.verdict.name));
  channel_.set_limit(ipc::Channel::no_limit); // a slow client may take days for one message
  context_.log.forbid_connecting();           // the keeper's sandbox has neither of these calls
  keeper::Keeper keeper(channel_, permissions_, context_.settings, context_.settings.sandbox,
                        context_.log, started_ + seconds(context_.settings.login_limit));
  keeper.set_registration(std::move(registered));
  if (maildir_)
    keeper.set_root(std::move(*maildir_));
  if (!keeper.open(login.verdict.maildir, context_.client.from(), std::move(index_key),
                   is_read_only ? keeper::Access::read_only : keeper::Access::full))
    return;
  Event event("login");
  event.with("method", login.method).with("messages", keeper.count());
  if (!login.verdict.label.empty())
    event.with("app-password", login.verdict.label);
  if (is_read_only)
    event.with("access", "read-only");
  context_.log.write(event);
  keeper.serve();
}

/// Waits for the front, which may still be writing its last reply: some super-servers kill what is
/// left of a connection when the process that they started ends. The front may only send its report
/// now.
void Monitor::await_end() {
  permissions_.enter(ipc::Phase::update);
  while (const auto request = receive())
    log_end(std::get<ipc::ReportRequest>(*request).ending);
}

void Monitor::log_end(ipc::Ending ending) {
  if (const auto event = mismatch_event(ending)) {
    log_connection(context_.log, *event, context_.settings.runtime_directory);
    is_due_ = is_due_ && ending == ipc::Ending::proxy_doubled; // the others tell nothing more
  }
  log_disconnect(ipc::log_name(ending));
}

void Monitor::log_disconnect(std::string_view ended) {
  attempts_.abandon_exchange();
  if (is_due_)
    announce();
  if (!is_announced_ || is_quiet_)
    return;
  const auto lasted = std::chrono::duration_cast<seconds>(Clock::now() - started_).count();
  context_.log.write(
      Event("disconnect").with("ended", ended).with("seconds", static_cast<std::uint64_t>(lasted)));
}

} // namespace monitor

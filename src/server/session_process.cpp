// SPDX-License-Identifier: ISC
#include "server/session_process.hpp"

#include "base/system_error.hpp"
#include "pop3/refusal.hpp"
#include "sandbox/signal_blocker.hpp"
#include "server/session_plan.hpp"

#include <csignal>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

namespace server {

namespace {

constexpr unsigned first_own = 3; // the first descriptor that is not a standard one

/// Closes above all the listening sockets: an old session must not hold a port.
void keep_only(int connection, int log) {
  base::check(dup2(connection, 0), "dup2");
  base::check(dup2(connection, 1), "dup2");
  const auto kept = static_cast<unsigned>(log);
  if (log < 0) {
    base::check(close_range(first_own, ~0U, 0), "close_range");
    return;
  }
  if (kept > first_own)
    base::check(close_range(first_own, kept - 1, 0), "close_range");
  base::check(close_range(kept + 1, ~0U, 0), "close_range");
}

} // namespace

void run_session_process(int connection, const base::Client& client, SessionPlan& plan,
                         base::Log log) noexcept {
  try {
    keep_only(connection, log.fd());
    sandbox::unblock_signals();
    set_client(plan, client);
    run_session(plan, std::move(log));
    _exit(EX_OK);
  } catch (const std::exception& error) {
    [[maybe_unused]] const auto told =
        send(0, pop3::cannot_start.data(), pop3::cannot_start.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    try {
      base::Log::open(plan.settings.log, "sodapopd")
          .write(base::Event("system", base::Level::error).with_quoted("problem", error.what()));
    } catch (const std::exception&) {
      // The log itself is the problem.
    }
    _exit(EX_OSERR);
  }
}

} // namespace server

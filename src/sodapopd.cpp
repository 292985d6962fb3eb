// SPDX-License-Identifier: ISC
// sodapopd: serves one POP3 session on descriptors 0 and 1, started by a super-server for each
// connection; or, with listening sockets, forks a process for each connection.
#include "base/log.hpp"
#include "base/system_error.hpp"
#include "configuration_paths.hpp"
#include "listener/listener.hpp"
#include "passwords/password_hash.hpp"
#include "sandbox/landlock.hpp"
#include "sandbox/sandbox.hpp"
#include "server/checkpassword_main.hpp"
#include "server/command_line.hpp"
#include "server/misconfigured.hpp"
#include "server/reload_check.hpp"
#include "server/restart.hpp"
#include "server/session_plan.hpp"
#include "server/start_failure.hpp"
#include "server/startup.hpp"

#include <cstdio>
#include <set>
#include <stdexcept>
#include <sysexits.h>
#include <unistd.h>
#include <utility>

namespace {

void print_sandbox() {
  for (const auto& [role, name] : sandbox::role_names) {
    std::set<std::string_view> calls; // a call with several sets of arguments counts once
    std::string list;
    for (const auto& call : sandbox::allowed_calls(role))
      if (calls.insert(call.name).second)
        list.append(" ").append(call.name);
    std::printf("%s %zu:%s\n", name, calls.size(), list.c_str());
  }
}

void serve_connection(const server::CommandLine& line, const config::Settings& settings,
                      const base::Client& client) {
  auto plan = server::plan_session(line, settings, client);
  plan.hardens_monitor = settings.checkpassword.empty(); // such a program inherits all restrictions
  base::check(chdir("/"), "chdir");
  server::take_standard_error_from_client(1); // a launcher may give it another descriptor 0
  auto log = base::Log::open(settings.log, "sodapopd");
  server::prepare_host(plan);
  log.set_lost_lines(server::lost_lines(plan));
  server::run_session(plan, std::move(log));
}

/// The addresses of --listen. Throws std::runtime_error.
std::vector<listener::ListenAddress> addresses_of(const server::CommandLine& line) {
  std::vector<listener::ListenAddress> addresses;
  for (const auto& text : line.listen) {
    const auto address = listener::parse_listen_address(text);
    if (!address)
      throw std::runtime_error("--listen " + text + ": " + std::string(address.error()));
    addresses.push_back(*address);
  }
  return addresses;
}

/// What the listener gives up before its first client, and no reload can give back.
struct Hardening {
  bool runs_programs = false;
  std::optional<sandbox::PermittedIdentities> identities;
};

/// The work of a process for one connection. Throws std::exception.
listener::Service service_for(const server::SessionPlan& plan) {
  server::prepare_host(plan);
  return {plan.settings, [plan = plan](int connection, const base::Client& client, base::Log log,
                                       state::ProgressMark progress) mutable {
            server::run_session_process(connection, client, plan, std::move(log),
                                        std::move(progress));
          }};
}

/// Refuses a configuration under which no user could log in, and one that needs more than the
/// listener's sandbox permits.
listener::Service service_after_reload(const server::CommandLine& line,
                                       const Hardening& hardening) {
  const auto settings = server::settings_of(line);
  if (!settings.checkpassword.empty() && !hardening.runs_programs)
    throw std::runtime_error("checkpassword needs a restart, as this process can run no program");
  const auto plan = server::plan_session(line, settings, {});
  const auto identities = plan.permitted_identities();
  if (!hardening.runs_programs && identities && !hardening.identities->include(*identities))
    throw std::runtime_error("a lower minimum-uid or minimum-gid, or another front-account below "
                             "them, needs a restart, as this process cannot take such an identity");
  auto service = service_for(plan); // makes directories that are missing
  server::require_servable(settings);
  return service;
}

/// The function that gives up the privileges of the listener. A checkpassword program inherits all
/// restrictions, but must read its files and become other users, so a listener of programs has none
/// but those of take_over_process().
std::function<void()> action_for(const Hardening& hardening, const config::Settings& settings) {
  if (!hardening.runs_programs)
    return [identities = hardening.identities] { sandbox::harden_listener(identities); };
  return [log = settings.log] {
    base::Log::open(log, "sodapopd")
        .write(base::Event("cage", base::Level::warning).with("problem", "listener-not-confined"));
  };
}

/// What a process that listens has from its launcher.
struct Passed {
  std::vector<listener::ListeningSocket> sockets;
  listener::Notifier notifier;
};

Passed take_passed(const server::Launch& launch) {
  Passed passed{{}, listener::Notifier(launch.notify_socket)};
  for (const int fd : launch.sockets)
    passed.sockets.push_back(listener::adopt(fd));
  return passed;
}

void require_no_preauth(const server::CommandLine& line) {
  if (line.preauth)
    throw std::runtime_error("--preauth is for one connection, not for listening sockets");
}

/// Not in the caller's frame, which a process for one connection has too: the listener takes 25 KB
/// there, and each page of a frame is touched.
[[gnu::noinline]] void serve_sockets(server::CommandLine line, const config::Settings& settings,
                                     const server::Launch& launch, Passed passed) {
  require_no_preauth(line);
  if (!line.config.empty())
    line.config = server::absolute_path(line.config); // for a reload
  if (!launch.restarted)                              // else they are among those that were passed
    for (const auto& address : addresses_of(line))
      passed.sockets.push_back(listener::listen_at(address, server::find_proxy_uid(settings)));
  base::check(chdir("/"), "chdir");
  const auto plan = server::plan_session(line, settings, {});
  const Hardening hardening{!settings.checkpassword.empty(), plan.permitted_identities()};
  auto service = service_for(plan);
  passwords::initialise_libsodium();   // once, and not in every verifier
  (void)sandbox::has_landlock();       // once, and not in every process of a session
  server::replace_by_dev_null({0, 1}); // a launcher may have left a socket or a terminal there
  const bool others_hold_them = line.listen.empty();
  listener::Listener({std::move(passed.sockets), others_hold_them, std::move(passed.notifier),
                      action_for(hardening, settings), std::move(service),
                      [line, hardening] { return service_after_reload(line, hardening); },
                      [line, path = launch.notify_socket,
                       directory = settings.runtime_directory](listener::RestartState state) {
                        server::restart(line, path, directory, std::move(state));
                      },
                      server::lost_lines(plan),
                      launch.restarted.value_or(listener::RestartState())})
      .run();
  server::log_suppressed(settings);
}

/// Does what can fail before the first client; as `is_listener` with the privileges that a listener
/// has then, so that the process has to end afterwards. Makes directories and a log that are
/// missing. Sets the log of `target` when it is known.
void rehearse_start(const server::CommandLine& line, bool is_listener,
                    server::FailureTarget& target) {
  const auto settings = server::settings_of(line);
  target.log = settings.log;
  const auto plan = server::plan_session(line, settings, {});
  server::prepare_host(plan);
  if (is_listener && settings.checkpassword.empty())
    sandbox::harden_listener(plan.permitted_identities());
  base::Log::open(settings.log, "sodapopd");
  if (!line.preauth) // which needs no users file
    server::require_servable(settings);
}

void check_configuration(const server::CommandLine& line) {
  const bool is_listener = !addresses_of(line).empty();
  if (is_listener)
    require_no_preauth(line);
  server::FailureTarget unused; // standard error alone is told
  rehearse_start(line, is_listener, unused);
}

void attempt_to_listen(int argc, char** argv, server::FailureTarget& target) {
  const auto line = server::parse_command_line(argc, argv);
  target.log = line.settings.log;
  require_no_preauth(line);
  rehearse_start(line, true, target);
}

/// A launcher that passes sockets starts the program again for the next client, and gives up when
/// that fails too often: so the program stays, whatever is wrong. False when it was told to stop.
[[gnu::noinline]] bool await_configuration(int argc, char** argv, Passed& passed) {
  return server::refuse_until_mended(passed.sockets, passed.notifier,
                                     [=](server::FailureTarget& target) {
                                       attempt_to_listen(argc, argv, target);
                                     }) == server::Waiting::mended;
}

void serve(const server::CommandLine& line, const server::Launch& launch, Passed passed,
           server::FailureTarget& target) {
  target.has_client = launch.sockets.empty() && line.listen.empty();
  const auto settings = server::settings_of(line);
  target.log = settings.log;
  if (target.has_client)
    serve_connection(line, settings, launch.client);
  else
    serve_sockets(line, settings, launch, std::move(passed));
}

/// Runs the action of the command line.
void run(int argc, char** argv, server::FailureTarget& target) {
  const auto launch = server::take_over_process();
  target.has_client = launch.sockets.empty() && server::may_have_client(argc, argv);
  auto passed = take_passed(launch);
  if (!passed.sockets.empty() && !await_configuration(argc, argv, passed))
    return;
  const auto line = server::parse_command_line(argc, argv);
  target.log = line.settings.log;
  switch (line.action) {
  case server::CommandLine::Action::help: return server::print_help();
  case server::CommandLine::Action::version:
    std::puts("sodapop " SODAPOP_VERSION SODAPOP_LEFT_OUT);
    return;
  case server::CommandLine::Action::print_sandbox: return print_sandbox();
  case server::CommandLine::Action::check_configuration:
    target = {.log = "", .has_client = false};
    return check_configuration(line);
  case server::CommandLine::Action::serve: return serve(line, launch, std::move(passed), target);
  }
}

} // namespace

int main(int argc, char** argv) {
  if (const auto status = server::reply_to_checkpassword(argc, argv))
    return *status;
  server::FailureTarget target;
  try {
    run(argc, argv, target);
    return EX_OK;
  } catch (const std::exception& error) {
    const auto failure = server::failure_of(error);
    tell_failure(failure, target);
    return failure.status;
  }
}

// SPDX-License-Identifier: ISC
// sodapopd: one POP3 session on descriptors 0 and 1, started by a super-server for each connection.
#include "base/log.hpp"
#include "base/system_error.hpp"
#include "command_line.hpp"
#include "configuration_paths.hpp"
#include "maildir/location.hpp"
#include "pop3/limits.hpp"
#include "privsep/allowed_calls.hpp"
#include "privsep/processes.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <sysexits.h>
#include <unistd.h>

namespace {

using base::Event;
using base::Level;

void tell_client(std::string_view line) {
  [[maybe_unused]] const auto written = write(1, line.data(), line.size());
}

/// Tells the client, and whoever can mend it: the person at the terminal, else the log.
int fail(int status, std::string_view reply, const std::string& target,
         const std::string& problem) {
  tell_client(reply);
  if (isatty(2) != 0) {
    std::fprintf(stderr, "sodapopd: %s\n", problem.c_str());
    return status;
  }
  try {
    base::Log::open(target, "sodapopd")
        .write(Event(status == EX_CONFIG ? "configuration" : "system", Level::error)
                   .saying("problem", problem));
  } catch (const std::system_error&) {
    // The log itself is the problem.
  }
  return status;
}

void print_cage() {
  using privsep::Role;
  constexpr std::pair<Role, const char*> roles[] = {
      {Role::front, "front"}, {Role::verifier, "verifier"}, {Role::keeper, "keeper"}};
  for (const auto& [role, name] : roles) {
    std::set<std::string_view> calls; // one with several sets of arguments counts once
    std::string list;
    for (const auto& call : privsep::allowed_calls(role))
      if (calls.insert(call.name).second)
        list.append(" ").append(call.name);
    std::printf("%s %zu:%s\n", name, calls.size(), list.c_str());
  }
}

std::string own_hostname() {
  std::array<char, pop3::max_hostname + 1> name{};
  base::check(gethostname(name.data(), name.size() - 1), "gethostname");
  return name.data();
}

/// Whoever started us, and the Maildir to serve. Throws std::runtime_error.
privsep::Owner find_owner(const CommandLine& line, const base::Settings& settings) {
  if (getuid() == 0)
    throw std::runtime_error("--preauth is for an ordinary user");
  const auto account = privsep::find_account(getuid());
  const std::string name = account ? account->name : std::to_string(getuid());
  if (line.maildir.empty()) {
    const auto path = maildir::locate(settings.maildir, name, account ? account->home : "", "");
    if (!path)
      throw std::runtime_error(std::string(maildir::sentence(path.error())));
    return {name, *path};
  }
  const std::unique_ptr<char, void (*)(void*)> path(realpath(line.maildir.c_str(), nullptr),
                                                    std::free);
  if (!path)
    base::throw_errno(line.maildir);
  return {name, path.get()};
}

/// What is to be served, and by whom. Throws std::exception.
privsep::SessionPlan plan_session(const CommandLine& line, const base::Settings& settings,
                                  const privsep::Connection& connection) {
  privsep::SessionPlan plan{settings, connection, {}, {}, {}};
  plan.site = {settings.hostname.empty() ? own_hostname() : settings.hostname, SODAPOP_VERSION,
               settings.tls == base::Settings::Tls::wrapped || connection.is_local()};
  if (line.preauthenticated)
    plan.owner = find_owner(line, settings);
  if (geteuid() == 0)
    plan.front_account = privsep::front_identity(settings.front_account);
  return plan;
}

void serve(const CommandLine& line, const base::Settings& settings,
           const privsep::Connection& connection) {
  const auto plan = plan_session(line, settings, connection);
  base::check(chdir("/"), "chdir");
  auto log = base::Log::open(settings.log, "sodapopd");
  if (plan.front_account)
    privsep::make_runtime_directories(plan);
  else
    privsep::drop_capabilities();
  privsep::run_session(plan, std::move(log));
}

/// Does what was asked; `log_target` is where a failure is to be told.
void run(int argc, char** argv, const privsep::Connection& connection, std::string& log_target) {
  const auto line = parse_command_line(argc, argv);
  switch (line.wish) {
  case CommandLine::Wish::help: return print_help();
  case CommandLine::Wish::version: std::puts("sodapop " SODAPOP_VERSION); return;
  case CommandLine::Wish::cage: return print_cage();
  case CommandLine::Wish::serve: break;
  }
  const auto settings = settings_of(line);
  log_target = settings.log;
  serve(line, settings, connection);
}

} // namespace

int main(int argc, char** argv) {
  std::string log_target = "syslog";
  try {
    const auto connection = privsep::take_over_process();
    run(argc, argv, connection, log_target);
    return EX_OK;
  } catch (const std::system_error& error) {
    return fail(EX_OSERR, "-ERR [SYS/TEMP] the server cannot start\r\n", log_target, error.what());
  } catch (const std::exception& error) {
    return fail(EX_CONFIG, "-ERR [SYS/PERM] the server is misconfigured\r\n", log_target,
                error.what());
  }
}

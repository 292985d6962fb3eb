// SPDX-License-Identifier: ISC
// sodapopd: one POP3 session on descriptors 0 and 1, started by a super-server for each connection.
#include "base/log.hpp"
#include "base/settings.hpp"
#include "base/system_error.hpp"
#include "configuration_paths.hpp"
#include "maildir/location.hpp"
#include "options.hpp"
#include "pop3/limits.hpp"
#include "privsep/allowed_calls.hpp"
#include "privsep/processes.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <pwd.h>
#include <set>
#include <sysexits.h>
#include <unistd.h>

namespace {

using base::Event;
using base::Level;

/// What the command line and the configuration file say.
struct Program {
  base::Settings settings;
  bool preauthenticated = false;
  std::string maildir; ///< Of --preauth; empty: the template's.
};

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
privsep::Owner find_owner(const Program& program) {
  const passwd* account = getpwuid(getuid());
  if (account == nullptr || account->pw_uid == 0)
    throw std::runtime_error("--preauth is for an ordinary user with an account");
  const std::string name = account->pw_name, home = account->pw_dir;
  if (program.maildir.empty()) {
    const auto path = maildir::locate(program.settings.maildir, name, home, "");
    if (!path)
      throw std::runtime_error(std::string(maildir::sentence(path.error())));
    return {name, *path};
  }
  const std::unique_ptr<char, void (*)(void*)> path(realpath(program.maildir.c_str(), nullptr),
                                                    std::free);
  if (!path)
    base::throw_errno(program.maildir);
  return {name, path.get()};
}

/// What is to be served, and by whom. Throws std::exception.
privsep::SessionPlan plan_session(const Program& program, const privsep::Connection& connection) {
  const auto& settings = program.settings;
  privsep::SessionPlan plan{settings, connection, {}, {}, {}};
  plan.site = {settings.hostname.empty() ? own_hostname() : settings.hostname, SODAPOP_VERSION,
               settings.tls == base::Settings::Tls::wrapped || connection.is_local()};
  if (program.preauthenticated)
    plan.owner = find_owner(program);
  if (geteuid() == 0)
    plan.front_account = privsep::find_account(settings.front_account);
  return plan;
}

int serve(const Program& program, const privsep::Connection& connection) {
  const auto plan = plan_session(program, connection);
  base::check(chdir("/"), "chdir");
  auto log = base::Log::open(program.settings.log, "sodapopd");
  if (plan.front_account)
    privsep::make_runtime_directories(plan);
  else
    privsep::drop_capabilities();
  privsep::run_session(plan, std::move(log));
  return EX_OK;
}

/// Nothing when the program has done what was asked, such as --help; else with the exit status.
std::optional<int> read_command_line(int argc, char** argv, Program& program) {
  CLI::App app("One POP3 session on standard input and output.", "sodapopd");
  app.set_version_flag("--version", "sodapop " SODAPOP_VERSION);
  bool wants_cage = false;
  app.add_flag("--print-cage", wants_cage, "Print the system calls of each confined process");
  app.add_option("--preauth", program.maildir,
                 "Serve the invoking user's own Maildir, or this one, without login")
      ->type_name("[MAILDIR]")
      ->expected(0, 1);
  declare_options(app, program.settings);
  try {
    app.parse(argc, argv);
    program.preauthenticated = app.count("--preauth") > 0;
    if (!wants_cage)
      read_configuration(app);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const std::runtime_error& error) {
    return fail(EX_CONFIG, "-ERR [SYS/PERM] the server is misconfigured\r\n", "syslog",
                error.what());
  }
  if (!wants_cage)
    return {};
  print_cage();
  return EX_OK;
}

} // namespace

int main(int argc, char** argv) {
  Program program;
  try {
    const auto connection = privsep::take_over_process();
    if (const auto status = read_command_line(argc, argv, program))
      return *status;
    return serve(program, connection);
  } catch (const std::system_error& error) {
    return fail(EX_OSERR, "-ERR [SYS/TEMP] the server cannot start\r\n", program.settings.log,
                error.what());
  } catch (const std::exception& error) {
    return fail(EX_CONFIG, "-ERR [SYS/PERM] the server is misconfigured\r\n", program.settings.log,
                error.what());
  }
}

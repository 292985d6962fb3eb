// SPDX-License-Identifier: ISC
// sodapopd: one POP3 session on descriptors 0 and 1, started by a super-server for each connection.
#include "base/log.hpp"
#include "base/settings.hpp"
#include "base/system_error.hpp"
#include "configuration_paths.hpp"
#include "maildir/location.hpp"
#include "options.hpp"
#include "privsep/front.hpp"
#include "privsep/monitor.hpp"
#include "privsep/sandbox.hpp"
#include "privsep/startup.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

/// The user of a session without login.
struct Owner {
  std::string name;
  std::string maildir;
};

void tell_client(std::string_view line) {
  [[maybe_unused]] const auto written = write(1, line.data(), line.size());
}

int fail(int status, std::string_view reply, const std::string& target,
         const std::string& problem) {
  tell_client(reply);
  try {
    base::Log::open(target, "sodapopd")
        .write(Event("configuration", Level::error).with("problem", problem));
  } catch (const std::system_error&) {
    // The log itself may be the problem.
  }
  std::fprintf(stderr, "sodapopd: %s\n", problem.c_str());
  return status;
}

void print_cage() {
  using privsep::Role;
  constexpr std::pair<Role, const char*> roles[] = {
      {Role::front,    "front"   },
      {Role::verifier, "verifier"},
      {Role::keeper,   "keeper"  }
  };
  for (const auto& [role, name] : roles) {
    const auto calls = privsep::allowed_calls(role);
    std::printf("%s %zu:", name, calls.size());
    for (const auto& call : calls)
      std::printf(" %s", call.name);
    std::printf("\n");
  }
}

std::string session_id() {
  std::array<unsigned char, 6> bytes{};
  base::check(getrandom(bytes.data(), bytes.size(), 0), "getrandom");
  std::string id;
  for (const auto byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", unsigned{byte});
    id += digits;
  }
  return id;
}

std::string own_hostname() {
  std::array<char, pop3::max_hostname + 1> name{};
  base::check(gethostname(name.data(), name.size() - 1), "gethostname");
  return name.data();
}

/// Whoever started us, and the Maildir to serve. Throws std::runtime_error.
Owner find_owner(const Program& program) {
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

/// A host without tmpfiles.d loses /run at every start.
void make_runtime_directories(const base::Settings& settings) {
  for (const auto& path : {settings.runtime_directory, settings.chroot})
    if (mkdir(path.c_str(), 0755) == 0)
      base::check(chmod(path.c_str(), 0755), "chmod");
}

/// Builds the cage and speaks POP3. `monitor` is the process that forked us.
[[noreturn]] void run_front(const Program& program, privsep::MonitorPlace& place,
                            privsep::Channel channel, const pop3::Site& site, pid_t monitor) {
  // Looks at its descriptors, which it cannot do any more in the cage.
  privsep::Front front(channel, program.settings, site, program.preauthenticated);
  try {
    prctl(PR_SET_NAME, "sodapopd-front", 0, 0, 0);
    if (place.front_account) {
      privsep::enter_empty_root(place.chroot);
      privsep::become(*place.front_account);
    }
    // After become(), which clears it. Without the monitor there is nothing to serve.
    base::check(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl");
    if (getppid() != monitor)
      _exit(0);
    const auto cage = privsep::confine(privsep::Role::front);
    if (!cage.has_landlock && program.settings.sandbox == base::Settings::Sandbox::require)
      throw std::runtime_error("this kernel has no Landlock, and sandbox = require");
  } catch (const std::exception& error) {
    place.log.write(Event("cage", Level::error).with("problem", error.what()));
    tell_client("-ERR [SYS/PERM] the server cannot protect itself\r\n");
    _exit(EX_OSERR);
  }
  place.log = base::Log();
  front.run();
  _exit(0);
}

/// The monitor keeps nothing of the connection.
void give_up_connection() {
  const int null = base::check(open("/dev/null", O_RDWR | O_CLOEXEC), "open /dev/null");
  for (const int fd : {0, 1, 2})
    base::check(dup2(null, fd), "dup2");
  close(null);
}

void run_monitor(const Program& program, const std::optional<Owner>& owner,
                 privsep::MonitorPlace& place, privsep::Channel channel) {
  try {
    give_up_connection();
    privsep::Monitor monitor(std::move(channel), place);
    if (owner)
      monitor.run_preauthenticated(owner->name, owner->maildir);
    else
      monitor.run();
  } catch (const std::exception& error) {
    place.log.write(Event("broken-off", Level::error).with("problem", error.what()));
  }
  (void)program;
}

/// Both processes, until the session is over.
int serve(Program& program, const privsep::Connection& connection) {
  auto& settings = program.settings;
  std::optional<Owner> owner;
  if (program.preauthenticated)
    owner = find_owner(program);
  base::check(chdir("/"), "chdir");
  if (settings.chroot.empty())
    settings.chroot = settings.runtime_directory + "/empty";
  auto log = base::Log::open(settings.log, "sodapopd");
  std::optional<privsep::Identity> front_account;
  if (geteuid() == 0) {
    front_account = privsep::find_account(settings.front_account);
    make_runtime_directories(settings);
  } else {
    privsep::drop_capabilities();
  }
  const pop3::Site site{settings.hostname.empty() ? own_hostname() : settings.hostname,
                        SODAPOP_VERSION,
                        settings.tls == base::Settings::Tls::wrapped || connection.is_local()};
  privsep::MonitorPlace place{settings,        log,          front_account,
                              settings.chroot, session_id(), connection.from};
  auto [for_monitor, for_front] = privsep::Channel::make_pair();
  const pid_t monitor = getpid();
  const pid_t front = base::check(fork(), "fork");
  if (front == 0) {
    for_monitor = privsep::Channel(base::UniqueFd());
    run_front(program, place, std::move(for_front), site, monitor);
  }
  for_front = privsep::Channel(base::UniqueFd());
  run_monitor(program, owner, place, std::move(for_monitor));
  waitpid(front, nullptr, 0);
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
      ->expected(0, 1)
      ->each([&](const std::string&) { program.preauthenticated = true; });
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

// SPDX-License-Identifier: ISC
#include "admin/check/session_trial.hpp"

#include "admin/account.hpp"
#include "admin/check/child_program.hpp"
#include "admin/check/launcher_settings.hpp"
#include "admin/check/trial_user.hpp"
#include "admin/user_access.hpp"
#include "base/deadline_stream.hpp"
#include "base/split.hpp"
#include "base/system_error.hpp"

#include <array>
#include <fcntl.h>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>

namespace admin {

namespace {

using std::chrono::seconds;
/// For one session, or for the reading of the configuration.
constexpr seconds patience{10};

/// The client's side of a session.
class TrialClient {
 public:
  explicit TrialClient(int socket)
      : stream_(socket, socket), end_(base::DeadlineStream::Clock::now() + patience) {}

  std::string line() {
    while (input_.find('\n') == input_.npos)
      read();
    std::string_view rest = input_;
    std::string line(base::trimmed(base::take_field(rest, '\n')));
    input_ = rest;
    return line;
  }
  std::string ask(const std::string& command) {
    stream_.write_all(command + "\r\n", patience, end_);
    return line();
  }
  /// Reads to the end of a reply with several lines.
  void skip_lines() {
    while (line() != ".")
      ;
  }

 private:
  void read() {
    std::array<char, 65536> part;
    input_.append(part.data(), stream_.read_some(part, end_));
  }

  base::DeadlineStream stream_;
  base::DeadlineStream::Clock::time_point end_;
  std::string input_;
};

/// The last line that sodapopd wrote to standard error, without its name.
std::string last_line(std::string_view errors) {
  errors = base::trimmed(errors, "\n");
  auto line = errors.substr(errors.rfind('\n') + 1);
  base::take_prefix(line, "sodapopd: ");
  return line.empty() ? "the log has the reason" : std::string(line);
}

/// What the log says about a session that failed.
std::string reason_in(std::string_view log) {
  for (const std::string_view label : {"problem=\"", "reason="})
    if (const auto place = log.rfind(label); place != log.npos) {
      auto rest = log.substr(place + label.size());
      return ": " + std::string(base::take_field(rest, label.back() == '"' ? "\"" : " \n"));
    }
  return "";
}

struct Failed {
  std::string_view id;
  std::string what;
};

/// Throws Failed for a reply that says no.
void require(std::string_view id, const std::string& step, const std::string& reply) {
  if (!reply.starts_with("+OK"))
    throw Failed{id, step + " gets " + reply};
}

void talk(const TrialUser& user, TrialClient& client, Findings& findings) {
  require("session-login", "a connection", client.line());
  require("session-login", "USER", client.ask("USER " + user.name()));
  const auto answer = client.ask("PASS " + user.password());
  if (answer.find("[IN-USE]") != answer.npos)
    return findings.note(user.name() + " is reading mail, and so no session was tried");
  require("session-login", "PASS", answer);
  const auto state = client.ask("STAT");
  require("session-retrieve", "STAT", state);
  if (state.starts_with("+OK 0 "))
    return;
  require("session-retrieve", "RETR", client.ask("RETR 1"));
  client.skip_lines();
  require("session-delete", "DELE", client.ask("DELE 1"));
  require("session-delete", "RSET", client.ask("RSET"));
}

/// The session of one user. The connection is closed without QUIT, so that nothing is removed.
class SessionTrial {
 public:
  SessionTrial(const Trial& trial, const config::Settings& settings, Findings& findings)
      : trial_(trial), settings_(settings),
        program_(::open(trial.command[0].c_str(), O_RDONLY | O_CLOEXEC)),
        at_(trial.where, findings), findings_(findings) {}

  /// False if the server cannot be started.
  bool has_program() const {
    if (!program_)
      at_.error("session-not-started",
                trial_.command[0] +
                    " cannot be started so: " + std::generic_category().message(errno),
                remedy("the path"));
    return static_cast<bool>(program_);
  }

  /// False if sodapopd refuses its configuration.
  bool has_good_configuration() const {
    auto words = trial_.command;
    words.emplace_back("--check-configuration");
    const base::UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    ChildProgram server(program_, words, {nothing.get(), nothing.get()});
    if (server.wait(patience) && server.succeeded())
      return true;
    at_.error("session-configuration",
              "sodapopd cannot serve when it is started so: " + last_line(server.errors()),
              remedy("what the message names"));
    return false;
  }

  /// False if the session fails.
  bool try_user(const TrialUser& user) const {
    auto words = trial_.command;
    const auto options = user.options();
    words.insert(words.end(), options.begin(), options.end());
    std::array<int, 2> ends{};
    base::check(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), "socketpair");
    base::UniqueFd ours(ends[0]);
    base::UniqueFd its(ends[1]);
    ChildProgram server(program_, words, {its.get(), its.get()});
    its.reset();
    std::optional<Failed> failed;
    try {
      TrialClient client(ours.get());
      talk(user, client, findings_);
    } catch (const Failed& refused) {
      failed = refused;
    } catch (const std::exception& problem) { // the connection is lost, or the time is up
      failed = {"session-login", problem.what()};
    }
    ours.reset();
    server.wait(patience);
    if (failed)
      report(*failed, user, server.errors());
    return !failed;
  }

  /// Makes and removes a file as sodapopd does it for the user.
  void probe(const TrialUser& user) const {
    const auto path = maildir_of(settings_, user.user());
    const auto problem = as_user(user.identity(), [&] { return problem_with_removal(path); });
    if (!problem.empty())
      at_.error("session-removal",
                "messages of " + user.name() +
                    " cannot be removed when sodapopd is started so: " + problem,
                trial_.service.empty() ? Remedy("Let the server write to " + path)
                                       : Remedy("Write ReadWritePaths=" + path +
                                                " in [Service]: systemctl edit " + trial_.service));
  }

 private:
  Remedy remedy(const std::string& what) const {
    if (trial_.service.empty())
      return "Mend " + what;
    return "Mend " + what +
           ", or what hides or forbids it: ProtectHome, ProtectSystem, PrivateTmp, "
           "CapabilityBoundingSet and the like in [Service]: systemctl edit " +
           trial_.service;
  }

  void report(const Failed& failed, const TrialUser& user, const std::string& log) const {
    at_.error(failed.id,
              "a session of " + user.name() + " fails when sodapopd is started so: " + failed.what +
                  reason_in(log),
              remedy("the Maildir or its rights"));
  }

  static std::string problem_with_removal(const std::string& maildir) {
    const auto file = maildir + "/tmp/sodapop-check-" + std::to_string(::getpid());
    const base::UniqueFd made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!made || ::unlink(file.c_str()) != 0)
      return maildir + "/tmp: " + std::generic_category().message(errno);
    for (const auto* const folder : {"/cur", "/new"})
      if (::access((maildir + folder).c_str(), W_OK | X_OK) != 0)
        return maildir + folder + ": " + std::generic_category().message(errno);
    return "";
  }

  const Trial& trial_;
  const config::Settings& settings_;
  base::UniqueFd program_;
  FindingsAt at_;
  Findings& findings_;
};

} // namespace

void try_sessions(const Trial& trial, Findings& findings) {
  const Launcher launcher{Launcher::Kind::inetd, trial.where, trial.command, {}, {}};
  const auto settings =
      effective_settings(settings_of(launcher, {config::configuration_path(""), {}}));
  const SessionTrial session(trial, settings, findings);
  if (!session.has_program() || !session.has_good_configuration() ||
      !settings.checkpassword.empty())
    return;
  for (const auto& user : users_for_trial(settings, most_trials)) {
    const TrialUser with_password(user, settings);
    if (session.try_user(with_password))
      session.probe(with_password);
  }
}

} // namespace admin

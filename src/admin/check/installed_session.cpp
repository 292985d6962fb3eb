// SPDX-License-Identifier: ISC
#include "admin/check/installed_session.hpp"

#include "admin/check/child_program.hpp"
#include "admin/check/key_values.hpp"
#include "admin/check/service_lines.hpp"
#include "admin/check/session_trial.hpp"
#include "admin/check/unit_command.hpp"
#include "admin/check/unit_sandbox.hpp"
#include "base/split.hpp"
#include "base/system_error.hpp"
#include "base/text_file.hpp"

#include <algorithm>
#include <boost/filesystem/operations.hpp>
#include <fcntl.h>
#include <iostream>
#include <unistd.h>

namespace admin {

namespace {

constexpr std::chrono::seconds patience_with_all{60};
constexpr std::size_t most_findings_text = 1 << 20; // octets
constexpr auto systemd_run = "/usr/bin/systemd-run";

/// The beginnings of the names of settings of a service that decide what its processes may do, see
/// systemd.exec(5) and systemd.resource-control(5).
constexpr std::string_view settings_of_processes[] = {
    "Ambient",       "AppArmor",         "Bind",          "CacheDirectory", "Capability",
    "Configuration", "Device",           "DynamicUser",   "Environment",    "ExecPaths",
    "Group",         "Inaccessible",     "IPAddress",     "Limit",          "LockPersonality",
    "LogsDirectory", "MemoryDeny",       "MemoryMax",     "NoExec",         "NoNew",
    "Private",       "ProcSubset",       "Protect",       "ReadOnly",       "ReadWrite",
    "RestrictA",     "RestrictF",        "RestrictN",     "RestrictR",      "RestrictS",
    "RootDirectory", "RuntimeDirectory", "SecureBits",    "StateDirectory", "Supplementary",
    "SystemCall",    "TasksMax",         "TemporaryFile", "UMask",          "User"};

bool decides_on_processes(std::string_view key) {
  return std::ranges::any_of(settings_of_processes,
                             [&](auto beginning) { return key.starts_with(beginning); });
}

/// The command line by which systemd gives a program what it gives to the service.
std::vector<std::string> command_of_systemd(const Launcher& launcher) {
  std::vector<std::string> words{systemd_run, "--pipe", "--wait", "--collect", "--quiet"};
  const auto add = [&](const std::string& property) {
    words.insert(words.end(), {"-p", property});
  };
  for (const auto& [key, value] : launcher.service_lines)
    if (decides_on_processes(key))
      add(key + "=" + without_specifiers(value, launcher.service));
  add("RuntimeDirectoryPreserve=yes"); // the server has it, too
  add("RuntimeMaxSec=" + std::to_string(patience_with_all.count()));
  return words;
}

bool is_run_by_systemd(const CheckContext& context, const Launcher& launcher) {
  return !launcher.service.empty() && context.etc == "/etc" && ::geteuid() == 0 &&
         ::access("/run/systemd/system", F_OK) == 0 && ::access(systemd_run, X_OK) == 0;
}

/// sodapopd and its options in the form for one connection; those of this check come last.
std::vector<std::string> command_of_session(const Launcher& launcher,
                                            const std::vector<std::string>& site) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < launcher.command.size(); ++i) {
    if (launcher.command[i] == "--listen")
      ++i;
    else if (!launcher.command[i].starts_with("--listen="))
      words.push_back(launcher.command[i]);
  }
  words.insert(words.end(), site.begin(), site.end());
  return words;
}

bool has_login(const Launcher& launcher) {
  return std::ranges::none_of(launcher.command,
                              [](const auto& word) { return word.starts_with("--preauth"); });
}

/// False where systemd has yet to make the runtime directory: it does so when it starts the
/// service.
bool has_runtime_directory(const Server& server) {
  const auto path = effective_settings(server.given).runtime_directory;
  return ::access(path.c_str(), F_OK) == 0 || !is_made_by_systemd(*server.launcher, path);
}

std::string input_of(const Trial& trial) {
  std::string text = trial.where + '\0' + trial.service + '\0';
  for (const auto& word : trial.command)
    text += word + '\0';
  return text;
}

std::vector<std::string> fields_of(std::string_view text) {
  std::vector<std::string> fields;
  while (!text.empty())
    fields.emplace_back(base::take_field(text, '\0'));
  return fields;
}

void add_all_records(const std::string& text, Findings& findings) {
  Findings::Record record;
  std::size_t number = 0;
  for (const auto& field : fields_of(text)) {
    record[number++] = field;
    if (number == record.size())
      findings.add_record(record);
    number %= record.size();
  }
}

/// The notes of the check inside, which it has written as its own.
void add_notes(std::string_view errors, Findings& findings) {
  while (!errors.empty())
    if (auto line = base::take_field(errors, '\n'); base::take_prefix(line, "sodapop: "))
      findings.note(line);
}

void run_inside(const CheckContext& context, const Server& server, const Trial& trial,
                Findings& findings) {
  const auto& launcher = *server.launcher;
  const bool by_systemd = is_run_by_systemd(context, launcher);
  const base::UniqueFd self(base::check(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC), "exe"));
  const base::UniqueFd starter(::open(systemd_run, O_RDONLY | O_CLOEXEC));
  auto words = by_systemd ? command_of_systemd(launcher) : std::vector<std::string>();
  const auto path = boost::filesystem::read_symlink("/proc/self/exe").string();
  words.insert(words.end(), {path, "check", "--inside"});
  const auto in = nameless_file(input_of(trial));
  const auto out = nameless_file("");
  const auto prepare = [&] {
    if (!by_systemd)
      enter_unit(launcher, server.identity, server.groups);
  };
  ChildProgram program(by_systemd ? starter : self, words, {in.get(), out.get()}, prepare);
  const bool has_ended = program.wait(patience_with_all);
  base::check(::lseek(out.get(), 0, SEEK_SET), "lseek");
  add_all_records(base::read_text(out.get(), "findings", most_findings_text), findings);
  const auto errors = program.errors();
  if (has_ended && program.succeeded())
    return add_notes(errors, findings);
  findings.error("session-not-started", trial.where,
                 "no session could be tried as this launcher starts it: " +
                     (errors.empty() ? "the journal of systemd has the reason"
                                     : std::string(base::trimmed(errors, "\n"))),
                 "Mend what the message names");
}

} // namespace

void check_installed_session(const CheckContext& context, const Server& server,
                             Findings& findings) {
  if (server.launcher == nullptr || findings.worst() == Severity::error ||
      !has_login(*server.launcher))
    return;
  if (!is_run_by_systemd(context, *server.launcher) && !has_runtime_directory(server))
    return;
  const Trial trial{server.launcher->where, server.launcher->service,
                    command_of_session(*server.launcher, context.tool_options)};
  run_inside(context, server, trial, findings);
  findings.looked_at("a session as " + server.launcher->where + " starts it");
}

int try_sessions_inside() {
  Findings findings(Findings::Form::records, true);
  const auto fields =
      fields_of(base::read_text(STDIN_FILENO, "standard input", most_findings_text));
  if (fields.size() < 3)
    return 1; // called by hand
  findings.attempt("sessions", [&] {
    try_sessions({fields[0], fields[1], {fields.begin() + 2, fields.end()}}, findings);
  });
  findings.finish();
  std::cout.flush();
  return 0;
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "admin/check/unit_state.hpp"

#include "admin/check/child_program.hpp"
#include "base/text_file.hpp"

#include <fcntl.h>
#include <set>
#include <unistd.h>

namespace admin {

namespace {

constexpr auto systemctl = "/usr/bin/systemctl";
constexpr std::chrono::seconds patience_with_systemd{10};
constexpr std::size_t most_properties = 4096; // octets

/// Empty where systemd gives no answer.
std::string properties_of(const base::UniqueFd& program, const std::string& unit) {
  const auto out = nameless_file("");
  ChildProgram asking(program,
                      {systemctl, "show", "-p", "NeedDaemonReload,ActiveState", "--", unit},
                      {out.get(), out.get()});
  if (!asking.wait(patience_with_systemd) || !asking.succeeded() ||
      ::lseek(out.get(), 0, SEEK_SET) != 0)
    return {};
  return base::read_text(out.get(), systemctl, most_properties);
}

} // namespace

void check_unit_state(const std::string& unit, const std::string& properties, bool has_socket,
                      const FindingsAt& at) {
  if (properties.find("NeedDaemonReload=yes\n") != properties.npos)
    at.warning("launcher-not-reloaded",
               "systemd has not read the changed files of " + unit + " yet",
               run({"systemctl", "daemon-reload"}));
  if (!has_socket && properties.find("ActiveState=failed\n") != properties.npos)
    at.error(
        "launcher-failed", unit + " has failed, and is not started again",
        run_all({run({"systemctl", "reset-failed", unit}), run({"systemctl", "restart", unit})}));
}

void check_unit_states(const std::vector<Launcher>& launchers, Findings& findings) {
  const base::UniqueFd program(::open(systemctl, O_RDONLY | O_CLOEXEC));
  if (!program || ::access("/run/systemd/system", F_OK) != 0)
    return;
  std::set<std::string> seen;
  for (const auto& launcher : launchers)
    for (const auto& unit : {launcher.service, launcher.socket})
      if (!unit.empty() && unit.find("@.") == unit.npos && seen.insert(unit).second)
        check_unit_state(unit, properties_of(program, unit),
                         unit == launcher.service && !launcher.socket.empty(),
                         {launcher.where, findings});
}

} // namespace admin

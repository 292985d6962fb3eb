// SPDX-License-Identifier: ISC
#include "admin/check/ports.hpp"
#include "admin/check/servers.hpp"

#include <sys/stat.h>
#include <unistd.h>

namespace admin {

namespace {

using Kind = Launcher::Kind;
constexpr unsigned pop3s_port = 995;

void check_program(const Launcher& launcher, const FindingsAt& at) {
  const auto& program = launcher.command[0];
  struct stat facts {};
  const bool is_there = ::stat(program.c_str(), &facts) == 0 && S_ISREG(facts.st_mode);
  if (!is_there || (facts.st_mode & S_IXUSR) == 0)
    at.error("launcher-program-missing",
             program + (is_there ? " is no program" : " does not exist"),
             is_there ? run({"chmod", "0755", program})
                      : Remedy("Write the path of sodapopd in its place"));
}

void check_account(const CheckContext& context, const Launcher& launcher, const FindingsAt& at) {
  const auto account = account_of(context, launcher.account);
  if (!account)
    return at.error("launcher-account-missing", "there is no account " + launcher.account,
                    "Make the account, or name another one");
  // Root checks each server as its account.
  if (::geteuid() != 0 && account->identity.uid != ::geteuid())
    at.warning("launcher-account-other",
               "it starts sodapopd as " + account->name + ", and this check was made for uid " +
                   std::to_string(::geteuid()),
               "Check as root or as that account");
}

void check_tls_at(const config::Settings& its, const ListenEndpoint& place, Findings& findings) {
  const FindingsAt at(place.where, findings);
  if (place.port == pop3s_port)
    return at.error("launcher-no-tls",
                    "nothing decrypts what comes to port 995: sodapopd does no TLS",
                    "Put stunnel before it, or use port 110");
  // A proxy's header says for each connection whether it came by TLS.
  if (place.is_local || its.proxy == config::Settings::Proxy::required)
    return;
  const auto port = "port " + std::to_string(place.port);
  if (its.tls == config::Settings::Tls::wrapped)
    at.error("launcher-clear-passwords",
             "tls = wrapped, but the network reaches " + port +
                 " without TLS: passwords can be read on their way",
             "Set tls = none, or listen on 127.0.0.1 for the wrapper");
  else
    at.warning("launcher-open-port",
               "the network reaches " + port + " without TLS, where no password is accepted",
               "Listen on 127.0.0.1, with a TLS wrapper before it");
}

void check_tls(const Launcher& launcher, const config::Settings& its, Findings& findings) {
  if (launcher.kind != Kind::stunnel)
    for (const auto& place : launcher.places)
      check_tls_at(its, place, findings);
  else if (its.tls != config::Settings::Tls::wrapped)
    findings.error("launcher-tls-not-told", launcher.where,
                   "stunnel decrypts, but sodapopd is not told so and accepts no password",
                   "Write execArgs = sodapopd --tls wrapped");
}

void check_limits_of_inetd(const Launcher& launcher, Findings& findings) {
  if (!launcher.has_rate)
    findings.warning("launcher-rate", launcher.where,
                     "256 connections within a minute stop the service for ten",
                     "Write nowait.6000 in the place of nowait");
}

void check_limits_of_socket(const Launcher& launcher, Findings& findings) {
  const auto edit = " in [Socket]: systemctl edit " + launcher.socket;
  const bool is_accepting = launcher.kind == Kind::systemd_accept;
  if (!launcher.has_rate)
    findings.warning("launcher-rate", launcher.where_of("TriggerLimitIntervalSec"),
                     std::string(is_accepting ? "200 connections" : "20 starts of the server") +
                         " within two seconds stop the socket for good",
                     "Write TriggerLimitIntervalSec=0" + edit);
  if (is_accepting && !launcher.has_connections)
    findings.warning("launcher-connections", launcher.where_of("MaxConnections"),
                     "without MaxConnections the socket takes 64 at once",
                     "Write MaxConnections=256" + edit);
  if (!is_accepting && launcher.has_start_limit)
    findings.warning(
        "launcher-start-limit", launcher.where_of("StartLimitIntervalSec"),
        "five failed starts within ten seconds stop the server and its socket for good",
        "Write StartLimitIntervalSec=0 in [Unit]: systemctl edit " + launcher.service);
}

void check_reload(const Launcher& launcher, Findings& findings) {
  if (!launcher.reload_check.empty() && launcher.reload_check != launcher.command)
    findings.warning("launcher-reload-other", launcher.where_of("ExecReload"),
                     "a reload checks the configuration with other options than those of ExecStart",
                     "Write the options of ExecStart in ExecReload, too: systemctl edit " +
                         launcher.service);
}

void check_limits(const Launcher& launcher, Findings& findings) {
  if (launcher.kind == Kind::inetd)
    check_limits_of_inetd(launcher, findings);
  else if (!launcher.socket.empty())
    check_limits_of_socket(launcher, findings);
  check_reload(launcher, findings);
}

} // namespace

void check_launchers(const CheckContext& context, Findings& findings) {
  std::vector<Listening> all;
  for (auto& launcher : find_launchers(context.etc)) {
    findings.looked_at("launcher " + launcher.where);
    const FindingsAt at_command(launcher.where_of("ExecStart"), findings);
    const auto given = settings_of(launcher, context.file, context.given);
    for (const auto& listen : given.listen)
      launcher.places.push_back(parse_endpoint(listen, launcher.where_of("ExecStart")));
    check_program(launcher, at_command);
    for (const auto& mistake : given.mistakes)
      at_command.error("launcher-command-mistake", "sodapopd refuses this command: " + mistake,
                       "Correct the command; sodapopd(8) lists the options");
    check_account(context, launcher, {launcher.where_of("User"), findings});
    const auto its = effective_settings(given);
    check_tls(launcher, its, findings);
    check_limits(launcher, findings);
    all.push_back({launcher, its});
  }
  if (all.empty())
    findings.looked_at("no launcher, as none was found in " + context.etc);
  check_shared_ports(all, findings);
  check_headers(context, all, findings);
  if (context.etc == "/etc")
    check_taken_ports(all, findings);
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"
#include "admin/check/launcher_files.hpp"

#include <algorithm>
#include <cstring>
#include <sys/stat.h>
#include <unistd.h>

namespace admin {

namespace {

using Kind = Launcher::Kind;
constexpr unsigned pop3s_port = 995;

/// Checks one launcher.
class Inspection {
 public:
  Inspection(const CheckContext& context, const Launcher& launcher, Findings& findings)
      : context_(context), launcher_(launcher), findings_(findings) {}

  void check_program() {
    const auto& program = launcher_.command[0];
    struct stat facts;
    const bool is_there = ::stat(program.c_str(), &facts) == 0 && S_ISREG(facts.st_mode);
    if (!is_there || (facts.st_mode & S_IXUSR) == 0)
      findings_.error({"launcher-program-missing", launcher_.where,
                       program + (is_there ? " is no program" : " does not exist"),
                       "put the path of sodapopd there"});
  }

  void check_account() {
    const auto account = account_in_etc(context_, launcher_.account);
    if (!account && launcher_.account != "root")
      return findings_.error({"launcher-account-missing", launcher_.where,
                              "there is no account " + launcher_.account,
                              "make it, or name another"});
    const auto uid = account ? account->identity.uid : 0;
    if (uid != ::geteuid())
      findings_.warning({"launcher-account-other", launcher_.where,
                         "it starts sodapopd as " + launcher_.account +
                             ", and this check was made for uid " + std::to_string(::geteuid()),
                         "check as that account, or start sodapopd as this one"});
  }

  void check_tls() {
    const bool is_tls_wrapped = is_wrapped();
    if (launcher_.kind == Kind::stunnel) {
      if (!is_tls_wrapped)
        findings_.error({"launcher-tls-not-told", launcher_.where,
                         "stunnel decrypts, but sodapopd is not told so and accepts no password",
                         "execArgs = sodapopd --tls wrapped"});
      return;
    }
    for (const auto& place : launcher_.places)
      check_tls_at(place, is_tls_wrapped);
  }

  void check_limits() {
    if (launcher_.kind == Kind::systemd_accept && !launcher_.has_rate)
      findings_.warning({"launcher-rate", launcher_.where,
                         "200 connections within two seconds stop the socket for good",
                         "TriggerLimitIntervalSec=0 in the socket"});
    if (launcher_.kind == Kind::systemd_accept && !launcher_.has_connections)
      findings_.warning({"launcher-connections", launcher_.where,
                         "without MaxConnections the socket takes 64 at once",
                         "MaxConnections=256 in the socket"});
    if (launcher_.kind == Kind::inetd && !launcher_.has_rate)
      findings_.warning({"launcher-rate", launcher_.where,
                         "256 connections within a minute stop the service for ten",
                         "nowait.6000 in the place of nowait"});
  }

 private:
  /// Whether sodapopd runs with tls = wrapped: by the last --tls, else by the configuration.
  bool is_wrapped() const {
    bool wrapped = context_.settings.tls == config::Settings::Tls::wrapped;
    const auto& words = launcher_.command;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] == "--tls" && i + 1 < words.size())
        wrapped = words[i + 1] == "wrapped";
      else if (words[i].starts_with("--tls="))
        wrapped = words[i] == "--tls=wrapped";
    }
    return wrapped;
  }

  void check_tls_at(const ListenEndpoint& place, bool is_tls_wrapped) {
    if (place.port == pop3s_port)
      return findings_.error({"launcher-no-tls", launcher_.where,
                              "nothing decrypts what comes to port 995: sodapopd does no TLS",
                              "put stunnel before it, or use port 110"});
    // A proxy's header says for each connection whether it came by TLS.
    if (place.is_local || context_.settings.proxy == config::Settings::Proxy::required)
      return;
    const auto where = "port " + std::to_string(place.port);
    if (is_tls_wrapped)
      findings_.error({"launcher-clear-passwords", launcher_.where,
                       "tls = wrapped, but the network reaches " + where +
                           " without TLS: passwords can be read on their way",
                       "tls = none, or listen on 127.0.0.1 for the wrapper"});
    else
      findings_.warning(
          {"launcher-open-port", launcher_.where,
           "the network reaches " + where + " without TLS, where no password is accepted",
           "listen on 127.0.0.1, with a TLS wrapper before it"});
  }

  const CheckContext& context_;
  const Launcher& launcher_;
  Findings& findings_;
};

} // namespace

void check_launchers(const CheckContext& context, Findings& findings) {
  for (const auto& launcher : find_launchers(context.etc)) {
    Inspection inspection(context, launcher, findings);
    inspection.check_program();
    inspection.check_account();
    inspection.check_tls();
    inspection.check_limits();
  }
}

} // namespace admin

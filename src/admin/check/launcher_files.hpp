// SPDX-License-Identifier: ISC
// Reads the files by which systemd, inetd, xinetd and stunnel start sodapopd: program, arguments,
// account, endpoints and limits.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace admin {

/// A place where a launcher waits for clients.
struct ListenEndpoint {
  std::string text;      ///< As the file writes it.
  std::string address;   ///< An IP address or a path; empty for all addresses.
  unsigned port = 0;     ///< 0 for a local socket.
  bool is_local = false; ///< A loopback address, or a local socket.
  std::string where;     ///< `FILE` or `FILE:LINE`.
};

struct Launcher {
  enum class Kind {
    systemd,        ///< One server takes the connections of a socket unit, or of --listen.
    systemd_accept, ///< A service for each connection.
    inetd,
    xinetd,
    stunnel
  };
  Kind kind;
  std::string where;                ///< The file; for inetd with the line.
  std::vector<std::string> command; ///< The program, then its arguments.
  std::string account;              ///< A name or a number; empty for root.
  std::vector<ListenEndpoint> places;
  /// Whether the launcher's own limits are set to fit a mail server; false for its defaults.
  /// Without a socket unit true.
  bool has_rate = true;
  bool has_connections = true;

  // Of systemd alone:
  std::string service = {}; ///< The names of the units, such as `sodapop.service`; without a socket
  std::string socket = {};  ///< unit this one is empty.
  std::vector<std::string> unit_files = {};       ///< Of both units, with drop-ins.
  std::map<std::string, std::string> origin = {}; ///< By the key of a unit: `FILE:LINE`.
  /// All assignments of the section Service in their order; an empty value resets a list.
  std::vector<std::pair<std::string, std::string>> service_lines = {};
  bool has_start_limit = false; ///< Whether some failed starts are the last ones.
  /// The command of ExecReload that has --check-configuration, without that; empty without one.
  std::vector<std::string> reload_check = {};
  bool is_enabled = true;                  ///< Whether systemd starts it at boot.
  std::vector<std::string> conflicts = {}; ///< Units that systemd stops before it starts this one.

  /// Where a finding about that key of a unit belongs.
  std::string where_of(const std::string& key) const;
};

/// Finds the launchers below `etc`; for systemd, the units that are in its directory or enabled
/// there (see read_unit()). A file that cannot be read contains no launcher.
std::vector<Launcher> find_launchers(const std::string& etc);

/// Parses `110`, `pop3`, `127.0.0.1:110`, `[::1]:110`, `:::995` or a path, which stands at `where`.
ListenEndpoint parse_endpoint(std::string_view text, std::string_view where = {});

} // namespace admin

// SPDX-License-Identifier: ISC
// Reads the files by which systemd, inetd, xinetd and stunnel start sodapopd: program, arguments,
// account, endpoints and limits.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace admin {

/// An address as such a file writes it.
struct ListenEndpoint {
  unsigned port = 0;     ///< 0 for a local socket.
  bool is_local = false; ///< A loopback address, or a local socket.
};

struct Launcher {
  enum class Kind { systemd, systemd_accept, inetd, xinetd, stunnel };
  Kind kind;
  std::string where;                ///< The file; for inetd with the line.
  std::vector<std::string> command; ///< The program, then its arguments.
  std::string account;              ///< Empty for root.
  std::vector<ListenEndpoint> places;
  /// Whether the launcher's own limits are set to fit a mail server; false for its defaults.
  bool has_rate = true;
  bool has_connections = true;
};

/// Finds the launchers below `etc`; for systemd, the units that are in its directory or enabled
/// there. An enabled unit may be where packages install it (`etc`/../usr/lib/systemd/system). A
/// file that cannot be read contains no launcher.
std::vector<Launcher> find_launchers(const std::string& etc);

/// Parses `110`, `pop3`, `127.0.0.1:110`, `[::1]:110`, `:::995` or a path.
ListenEndpoint parse_endpoint(std::string_view text);

} // namespace admin

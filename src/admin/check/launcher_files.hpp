// SPDX-License-Identifier: ISC
// The files by which super-servers start sodapopd: those of systemd, inetd, xinetd and stunnel,
// read as far as they say who is started how.
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
  std::string where;                ///< The file, with the line where that tells more.
  std::vector<std::string> command; ///< The program, then its arguments.
  std::string account = "root";
  std::vector<ListenEndpoint> places;
  /// Whether the launcher's own limit was set that fits a mail server and not its default.
  bool has_rate = true;
  bool has_connections = true;
};

/// Launchers that are found below `etc`; for systemd, units in or enabled from its directory, which
/// may lie where packages put theirs (`etc`/../usr/lib/systemd/system). A file that cannot be read
/// is none.
std::vector<Launcher> find_launchers(const std::string& etc);

/// The same for each kind, by itself.
void find_systemd_units(const std::string& etc, std::vector<Launcher>& launchers);
void find_inetd_lines(const std::string& etc, std::vector<Launcher>& launchers);
void find_xinetd_services(const std::string& etc, std::vector<Launcher>& launchers);
void find_stunnel_services(const std::string& etc, std::vector<Launcher>& launchers);

/// `110`, `pop3`, `127.0.0.1:110`, `[::1]:110`, `:::995` or a path.
ListenEndpoint parse_endpoint(std::string_view text);
bool is_sodapopd(std::string_view program);
std::vector<std::string> words_of(std::string_view text);

} // namespace admin

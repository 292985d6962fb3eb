// SPDX-License-Identifier: ISC
#include "admin/check/ports.hpp"

#include "admin/check/key_values.hpp"
#include "admin/check/listening_sockets.hpp"
#include "base/split.hpp"

#include <algorithm>

namespace admin {

namespace {

/// Programs that wait at a port for sodapopd, by the beginnings or ends of their names.
constexpr std::string_view super_servers[] = {"systemd", "init",      "inetd",   "xinetd",
                                              "stunnel", "tcpserver", "sodapopd"};

bool is_super_server(std::string_view program) {
  return std::ranges::any_of(super_servers, [&](auto name) {
    return program.starts_with(name) || program.ends_with(name);
  });
}

bool is_ipv4(std::string_view address) {
  return address.find(':') == address.npos;
}

/// Whether two sockets cannot wait at both places at once. All addresses of IPv6 include those of
/// IPv4, as Linux has it by default.
bool overlap(const ListenEndpoint& one, const ListenEndpoint& other) {
  if (one.port != other.port || one.text.empty() || other.text.empty())
    return false;
  const auto includes = [](const auto& all, const auto& part) {
    return all.address.empty() || all.address == "::" ||
           (all.address == "0.0.0.0" && is_ipv4(part.address));
  };
  return one.address == other.address ||
         (one.port != 0 && (includes(one, other) || includes(other, one)));
}

bool names(const std::vector<std::string>& conflicts, const Launcher& other) {
  return std::ranges::any_of(
      conflicts, [&](const auto& unit) { return unit == other.socket || unit == other.service; });
}

void check_pair(const Launcher& one, const Launcher& other, Findings& findings) {
  if (names(one.conflicts, other) || names(other.conflicts, one))
    return;
  for (const auto& place : other.places)
    for (const auto& first : one.places)
      if (overlap(first, place) && place.where != first.where)
        return findings.error("launcher-port-shared", place.where,
                              place.text + " is a place of " + first.where +
                                  ", too: only one of both can wait there",
                              "Switch one of both off, or give it another port");
}

/// The place of our launchers to which a wrapper connects.
const Listening* find(const std::vector<Listening>& all, std::string_view target) {
  if (base::take_prefix(target, "unix@") && !target.starts_with('/'))
    return nullptr;
  auto wanted = parse_endpoint(target);
  if (wanted.address.empty()) // stunnel connects to this host
    wanted = parse_endpoint("127.0.0.1:" + std::to_string(wanted.port));
  for (const auto& one : all)
    for (const auto& place : one.launcher.places)
      // HAProxy writes a path as it is in its chroot.
      if (wanted.port == 0
              ? place.address.ends_with(wanted.address)
              : overlap(place, wanted) && (wanted.is_local || place.address == wanted.address))
        return one.launcher.kind != Launcher::Kind::stunnel ? &one : nullptr;
  return nullptr;
}

void check_header(const Listening* target, bool is_sent, const FindingsAt& at) {
  if (target == nullptr)
    return;
  const bool is_expected = target->settings.proxy == config::Settings::Proxy::required;
  if (is_sent && !is_expected)
    at.error("launcher-header-unexpected",
             "this sends a PROXY header to the server of " + target->launcher.where +
                 ", which expects none and refuses each connection",
             "Set proxy = required, or let no header be sent");
  if (!is_sent && is_expected)
    at.error("launcher-header-missing",
             "this sends no PROXY header to the server of " + target->launcher.where +
                 ", which waits for one and refuses each connection",
             "Set proxy = off, or let a header be sent");
}

void check_stunnel(const std::string& path, const std::vector<Listening>& all, Findings& findings) {
  for (const auto& section : sections_of(path))
    if (const auto target = section.value("connect"); !target.empty())
      check_header(find(all, target), section.value("protocol") == "proxy", {path, findings});
}

bool sends_header(const std::vector<std::string>& words) {
  return std::ranges::any_of(words,
                             [](const auto& word) { return word.starts_with("send-proxy"); });
}

void check_haproxy(const std::string& path, const std::vector<Listening>& all, Findings& findings) {
  bool by_default = false;
  unsigned number = 0;
  for (const auto& line : lines_of(path)) {
    std::string_view rest = line;
    const auto words = base::words_of(base::take_field(rest, '#'), " \t\r");
    ++number;
    if (words.empty())
      continue;
    if (words[0] == "backend" || words[0] == "listen" || words[0] == "defaults")
      by_default = false;
    if (words[0] == "default-server")
      by_default = sends_header(words);
    if (words[0] == "server" && words.size() > 2)
      check_header(find(all, words[2]), by_default || sends_header(words),
                   {path + ":" + std::to_string(number), findings});
  }
}

} // namespace

void check_shared_ports(const std::vector<Listening>& all, Findings& findings) {
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = i + 1; j < all.size(); ++j)
      if (all[i].launcher.is_enabled && all[j].launcher.is_enabled)
        check_pair(all[i].launcher, all[j].launcher, findings);
}

void check_taken_ports(const std::vector<Listening>& all, Findings& findings) {
  const auto sockets = listening_sockets();
  for (const auto& one : all)
    for (const auto& place : one.launcher.places)
      for (const auto& socket : sockets) {
        if (place.port == 0 || !overlap(place, {"socket", socket.address, socket.port, false, ""}))
          continue;
        if (const auto owner = owner_of(socket); owner && !is_super_server(owner->program))
          findings.error("launcher-port-taken", place.where,
                         owner->program + ", process " + std::to_string(owner->pid) +
                             ", waits at port " + std::to_string(place.port),
                         "Stop " + owner->program + ", or use another port");
      }
}

void check_headers(const CheckContext& context, const std::vector<Listening>& all,
                   Findings& findings) {
  for (const auto& path : files_of(context.etc + "/stunnel", ".conf"))
    check_stunnel(path, all, findings);
  check_haproxy(context.etc + "/haproxy/haproxy.cfg", all, findings);
}

} // namespace admin

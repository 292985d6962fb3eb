// SPDX-License-Identifier: ISC
#include "admin/check/unit_launchers.hpp"

#include "admin/check/unit_command.hpp"
#include "base/split.hpp"

#include <algorithm>
#include <set>

namespace admin {

namespace {

/// Where the keys that findings name are set.
void note_origins(const Unit& unit, std::string_view section,
                  std::initializer_list<const char*> keys, Launcher& launcher) {
  for (const auto* const key : keys)
    launcher.origin[key] = unit.where(section, key);
}

/// A time of zero, with a unit or without one.
bool is_zero(std::string_view time) {
  return time.starts_with('0') && time.find_first_of("123456789.") == time.npos;
}

/// Adds the command by which a reload looks at the configuration first.
void add_reload_check(const Unit& service, Launcher& launcher) {
  for (const auto& entry : service.list("Service", "ExecReload"))
    if (auto command = command_in(service, entry.value);
        std::erase(command, "--check-configuration") != 0) {
      launcher.reload_check = std::move(command);
      launcher.origin["ExecReload"] = entry.where;
    }
}

void add_socket(const Unit& socket, Launcher& launcher) {
  for (const auto& place : socket.list("Socket", "ListenStream"))
    launcher.places.push_back(
        parse_endpoint(without_specifiers(place.value, socket.name), place.where));
  for (const auto& entry : socket.list("Unit", "Conflicts"))
    std::ranges::move(base::words_of(entry.value), std::back_inserter(launcher.conflicts));
  if (socket.is_true("Socket", "Accept")) {
    launcher.kind = Launcher::Kind::systemd_accept;
    launcher.has_connections = !socket.value("Socket", "MaxConnections").empty();
  }
  launcher.has_rate = is_zero(socket.value("Socket", "TriggerLimitIntervalSec"));
  launcher.socket = socket.name;
  std::ranges::copy(socket.files, std::back_inserter(launcher.unit_files));
  note_origins(socket, "Socket", {"Accept", "TriggerLimitIntervalSec", "MaxConnections"}, launcher);
}

/// `socket` is nothing for a service without one.
void add_service(const std::string& etc, const std::string& name, const Unit* socket,
                 std::vector<Launcher>& launchers) {
  const auto service = read_unit(etc, name);
  Launcher launcher{Launcher::Kind::systemd,
                    service.files.empty() ? name : service.files.front(),
                    command_of(service),
                    service.value("Service", "User"),
                    {}};
  launcher.service = name;
  launcher.unit_files = service.files;
  note_origins(service, "Service", {"ExecStart", "User"}, launcher);
  note_origins(service, "Unit", {"StartLimitIntervalSec"}, launcher);
  launcher.has_start_limit = !is_zero(service.value("Unit", "StartLimitIntervalSec"));
  add_reload_check(service, launcher);
  for (const auto& entry : service.entries)
    if (entry.section == "Service")
      launcher.service_lines.emplace_back(entry.key, entry.value);
  if (socket != nullptr)
    add_socket(*socket, launcher);
  launcher.is_enabled = is_enabled(etc, socket != nullptr ? socket->name : name);
  launchers.push_back(std::move(launcher));
}

std::string service_of(const Unit& socket) {
  if (auto named = socket.value("Socket", "Service"); !named.empty())
    return named;
  const auto stem = socket.name.substr(0, socket.name.rfind('.'));
  return stem + (socket.is_true("Socket", "Accept") ? "@.service" : ".service");
}

} // namespace

void add_units(const std::string& etc, std::vector<Launcher>& launchers) {
  std::set<std::string> seen;
  for (const auto& name : unit_names(etc, ".socket")) {
    const auto socket = read_unit(etc, name);
    const auto service = service_of(socket);
    seen.insert(service);
    add_service(etc, service, &socket, launchers);
  }
  for (const auto& name : unit_names(etc, ".service"))
    if (!seen.contains(name))
      add_service(etc, name, nullptr, launchers);
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "admin/check/key_values.hpp"
#include "admin/check/launcher_files.hpp"
#include "base/split.hpp"

#include <algorithm>
#include <set>
#include <unistd.h>

namespace admin {

namespace {

constexpr auto units = "/systemd/system/";

/// The names with that ending, of units in `etc`/systemd/system and of enabled units.
std::set<std::string> unit_names(const std::string& etc, std::string_view ending) {
  auto directories = files_of(etc + units, ".wants");
  directories.push_back(etc + units);
  std::set<std::string> names;
  for (const auto& directory : directories)
    for (const auto& path : files_of(directory, ending))
      names.insert(path.substr(path.rfind('/') + 1));
  return names;
}

/// Empty if there is no such unit.
std::string path_of(const std::string& etc, const std::string& name) {
  for (const auto* place : {"", "/../usr/local/lib", "/../usr/lib", "/../lib"})
    if (const auto path = etc + place + units + name; ::access(path.c_str(), F_OK) == 0)
      return path;
  return {};
}

/// The unit and its drop-ins, merged into one section: no key that is used here occurs in two.
Section read_unit(const std::string& etc, const std::string& name) {
  Section all;
  auto paths = files_of(etc + units + name + ".d", ".conf");
  paths.insert(paths.begin(), path_of(etc, name));
  for (const auto& path : paths)
    for (auto& section : sections_of(path))
      std::ranges::move(section.entries, std::back_inserter(all.entries));
  return all;
}

/// The command without the prefixes of ExecStart, of which @ says that the program's name follows.
std::vector<std::string> command_of(const Section& service) {
  auto words = base::words_of(service.value("ExecStart"));
  if (words.empty())
    return words;
  const auto marks = std::min(words[0].find_first_not_of("-@:+!"), words[0].size());
  const bool has_name = words[0].find('@') < marks;
  words[0].erase(0, marks);
  return has_name ? without_name(std::move(words)) : words;
}

void add_service(const std::string& etc, const std::string& name, const Section& socket,
                 std::vector<Launcher>& launchers) {
  const auto service = read_unit(etc, name);
  Launcher launcher{
      Launcher::Kind::systemd, path_of(etc, name), command_of(service), service.value("User"), {}};
  for (const auto& place : socket.values("ListenStream"))
    launcher.places.push_back(parse_endpoint(place));
  if (socket.value("Accept") == "yes") {
    launcher.kind = Launcher::Kind::systemd_accept;
    launcher.has_rate = socket.value("TriggerLimitIntervalSec") == "0";
    launcher.has_connections = !socket.value("MaxConnections").empty();
  }
  launchers.push_back(std::move(launcher));
}

std::string service_of(const std::string& socket_name, const Section& socket) {
  if (auto named = socket.value("Service"); !named.empty())
    return named;
  const auto stem = socket_name.substr(0, socket_name.rfind('.'));
  return stem + (socket.value("Accept") == "yes" ? "@.service" : ".service");
}

} // namespace

void add_systemd_services(const std::string& etc, std::vector<Launcher>& launchers) {
  std::set<std::string> seen;
  for (const auto& name : unit_names(etc, ".socket")) {
    const auto socket = read_unit(etc, name);
    const auto service = service_of(name, socket);
    seen.insert(service);
    add_service(etc, service, socket, launchers);
  }
  for (const auto& name : unit_names(etc, ".service"))
    if (!seen.contains(name))
      add_service(etc, name, {}, launchers);
}

} // namespace admin

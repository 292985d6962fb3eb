// SPDX-License-Identifier: ISC
#include "admin/check/key_values.hpp"
#include "admin/check/launcher_files.hpp"
#include "base/split.hpp"

#include <algorithm>
#include <set>
#include <unistd.h>

namespace admin {

namespace {

/// Reads units without regard to sections: no key that is used here occurs in two of them.
class Units {
 public:
  explicit Units(const std::string& etc) : own_(etc + "/systemd/system") {
    for (const auto* folder : {"/../usr/local/lib", "/../usr/lib", "/../lib"})
      places_.push_back(etc + folder + "/systemd/system");
  }

  /// The names with that ending, of units in `etc`/systemd/system and of enabled units.
  std::set<std::string> names(std::string_view ending) const {
    std::set<std::string> names;
    const auto add = [&](const std::string& directory) {
      for (const auto& path : files_of(directory, ending))
        names.insert(path.substr(path.rfind('/') + 1));
    };
    add(own_);
    for (const auto& directory : files_of(own_, ".wants"))
      add(directory);
    return names;
  }

  std::string path_of(const std::string& name) const {
    for (auto path : places_)
      if (::access(path.append("/").append(name).c_str(), F_OK) == 0)
        return path;
    return {};
  }

  /// The unit and its drop-ins, merged into one section.
  Section read(const std::string& name) const {
    Section all;
    auto paths = files_of(own_ + "/" + name + ".d", ".conf");
    paths.insert(paths.begin(), path_of(name));
    for (const auto& path : paths)
      for (auto& section : sections_of(path))
        std::ranges::move(section.entries, std::back_inserter(all.entries));
    return all;
  }

 private:
  std::string own_;
  std::vector<std::string> places_{own_};
};

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

void add_service(const Units& units, const std::string& name, const Section& socket,
                 std::vector<Launcher>& launchers) {
  const auto service = units.read(name);
  Launcher launcher{
      Launcher::Kind::systemd, units.path_of(name), command_of(service), service.value("User"), {}};
  if (launcher.command.empty() || !is_sodapopd(launcher.command[0]))
    return;
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

void find_systemd_units(const std::string& etc, std::vector<Launcher>& launchers) {
  const Units units(etc);
  std::set<std::string> seen;
  for (const auto& name : units.names(".socket")) {
    const auto socket = units.read(name);
    const auto service = service_of(name, socket);
    seen.insert(service);
    add_service(units, service, socket, launchers);
  }
  for (const auto& name : units.names(".service"))
    if (seen.insert(name).second)
      add_service(units, name, {}, launchers);
}

} // namespace admin

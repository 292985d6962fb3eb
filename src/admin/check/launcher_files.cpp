// SPDX-License-Identifier: ISC
#include "admin/check/launcher_files.hpp"

#include "admin/check/key_values.hpp"
#include "base/split.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <set>
#include <unistd.h>

namespace admin {

namespace {

constexpr unsigned pop3 = 110, pop3s = 995;

unsigned port_of(std::string_view text) {
  if (text == "pop3" || text == "pop-3")
    return pop3;
  if (text == "pop3s")
    return pop3s;
  unsigned port = 0;
  std::from_chars(text.begin(), text.end(), port);
  return port;
}

bool starts_sodapopd(const Launcher& launcher) {
  if (launcher.command.empty())
    return false;
  const std::string_view program = launcher.command[0];
  return program.substr(program.rfind('/') + 1) == "sodapopd";
}

/// The program, then the words of its arguments.
std::vector<std::string> command_of(const std::string& program, const std::string& arguments) {
  auto command = base::words_of(arguments);
  command.insert(command.begin(), program);
  return command;
}

/// A command in which the name that the program is given follows its path, without that name.
std::vector<std::string> without_name(std::vector<std::string> command) {
  if (command.size() > 1)
    command.erase(command.begin() + 1);
  return command;
}

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
  for (const auto* place : {"", "/../usr/local/lib", "/../usr/lib", "/../lib"}) {
    auto path = std::string(etc).append(place).append(units).append(name);
    if (::access(path.c_str(), F_OK) == 0)
      return path;
  }
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

void add_inetd_lines(const std::string& etc, std::vector<Launcher>& launchers) {
  enum { service, type, protocol, wait, user, program };
  const auto path = etc + "/inetd.conf";
  unsigned number = 0;
  for (const auto& line : lines_of(path)) {
    const auto fields = base::words_of(line);
    ++number;
    if (!line.starts_with('#') && fields.size() > program)
      launchers.push_back({Launcher::Kind::inetd,
                           path + ":" + std::to_string(number),
                           without_name({fields.begin() + program, fields.end()}),
                           fields[user].substr(0, fields[user].find_first_of(".:")),
                           {parse_endpoint(fields[service])},
                           fields[wait] != "nowait"});
  }
}

void add_xinetd_services(const std::string& etc, std::vector<Launcher>& launchers) {
  for (const auto& path : files_of(etc + "/xinetd.d", ""))
    for (const auto& section : sections_of(path)) {
      const auto port = section.value("port");
      const auto bind = section.value(section.value("bind").empty() ? "interface" : "bind");
      if (section.value("disable") != "yes")
        launchers.push_back({Launcher::Kind::xinetd,
                             path,
                             command_of(section.value("server"), section.value("server_args")),
                             section.value("user"),
                             {parse_endpoint(bind + ":" + (port.empty() ? section.name : port))}});
    }
}

void add_stunnel_services(const std::string& etc, std::vector<Launcher>& launchers) {
  for (const auto& path : files_of(etc + "/stunnel", ".conf")) {
    const auto sections = sections_of(path);
    for (const auto& section : sections)
      launchers.push_back(
          {Launcher::Kind::stunnel,
           path,
           without_name(command_of(section.value("exec"), section.value("execArgs"))),
           sections.front().value("setuid"),
           {parse_endpoint(section.value("accept"))}});
  }
}

} // namespace

ListenEndpoint parse_endpoint(std::string_view text) {
  if (text.starts_with('/') || text.starts_with('@'))
    return {0, true};
  const auto colon = text.rfind(':');
  const auto address = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const bool is_local = address.starts_with("127.") || address == "[::1]" || address == "::1" ||
                        address == "localhost";
  return {port_of(colon == std::string_view::npos ? text : text.substr(colon + 1)), is_local};
}

std::vector<Launcher> find_launchers(const std::string& etc) {
  std::vector<Launcher> launchers;
  add_systemd_services(etc, launchers);
  add_inetd_lines(etc, launchers);
  add_xinetd_services(etc, launchers);
  add_stunnel_services(etc, launchers);
  std::erase_if(launchers, std::not_fn(starts_sodapopd));
  return launchers;
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "admin/check/launcher_files.hpp"

#include "admin/check/key_values.hpp"
#include "admin/check/unit_launchers.hpp"
#include "base/split.hpp"

#include <algorithm>
#include <charconv>
#include <functional>

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

void add_inetd_lines(const std::string& etc, std::vector<Launcher>& launchers) {
  enum { service, type, protocol, wait, user, program };
  const auto path = etc + "/inetd.conf";
  unsigned number = 0;
  for (const auto& line : lines_of(path)) {
    const auto fields = base::words_of(line, " \t\r");
    const auto here = path + ":" + std::to_string(++number);
    if (fields.size() > program && !fields[0].starts_with('#'))
      launchers.push_back({Launcher::Kind::inetd,
                           here,
                           without_name({fields.begin() + program, fields.end()}),
                           fields[user].substr(0, fields[user].find_first_of(".:")),
                           {parse_endpoint(fields[service], here)},
                           fields[wait] != "nowait"});
  }
}

void add_xinetd_services(const std::string& etc, std::vector<Launcher>& launchers) {
  for (const auto& path : files_of(etc + "/xinetd.d", ""))
    for (const auto& section : sections_of(path)) {
      const auto port = section.value("port");
      const auto bind = section.value(section.value("bind").empty() ? "interface" : "bind");
      if (section.value("disable") != "yes")
        launchers.push_back(
            {Launcher::Kind::xinetd,
             path,
             command_of(section.value("server"), section.value("server_args")),
             section.value("user"),
             {parse_endpoint(bind + ":" + (port.empty() ? section.name : port), path)}});
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
           {parse_endpoint(section.value("accept"), path)}});
  }
}

} // namespace

std::string Launcher::where_of(const std::string& key) const {
  const auto found = origin.find(key);
  return found == origin.end() ? where : found->second;
}

ListenEndpoint parse_endpoint(std::string_view text, std::string_view where) {
  ListenEndpoint place{std::string(text), {}, 0, true, std::string(where)};
  if (text.starts_with('/') || text.starts_with('@')) {
    place.address = text;
    return place;
  }
  const auto colon = text.rfind(':');
  const auto host = colon == text.npos ? "" : text.substr(0, colon);
  place.address = base::trimmed(host, "[]");
  if (place.address == "localhost")
    place.address = "127.0.0.1";
  if (place.address == "*")
    place.address.clear();
  place.port = port_of(colon == text.npos ? text : text.substr(colon + 1));
  place.is_local = place.address.starts_with("127.") || place.address == "::1";
  return place;
}

std::vector<Launcher> find_launchers(const std::string& etc) {
  std::vector<Launcher> launchers;
  add_units(etc, launchers);
  add_inetd_lines(etc, launchers);
  add_xinetd_services(etc, launchers);
  add_stunnel_services(etc, launchers);
  std::erase_if(launchers, std::not_fn(starts_sodapopd));
  return launchers;
}

} // namespace admin

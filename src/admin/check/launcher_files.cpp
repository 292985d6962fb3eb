// SPDX-License-Identifier: ISC
#include "admin/check/launcher_files.hpp"

#include "admin/check/key_values.hpp"
#include "base/split.hpp"

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

std::vector<std::string> without_name(std::vector<std::string> command) {
  if (command.size() > 1)
    command.erase(command.begin() + 1);
  return command;
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

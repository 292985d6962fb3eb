// SPDX-License-Identifier: ISC
#include "admin/check/launcher_files.hpp"

#include "admin/check/key_values.hpp"

#include <charconv>

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

void add_inetd_line(const std::string& where, const std::vector<std::string>& fields,
                    std::vector<Launcher>& launchers) {
  enum { service, type, protocol, wait, user, program, arguments };
  if (fields.size() <= program || !is_sodapopd(fields[program]))
    return;
  Launcher launcher{Launcher::Kind::inetd, where, {fields[program]}, {}, {}};
  for (std::size_t i = arguments + 1; i < fields.size(); ++i) // the first is the program's name
    launcher.command.push_back(fields[i]);
  launcher.account = fields[user].substr(0, fields[user].find_first_of(".:"));
  launcher.places.push_back(parse_endpoint(fields[service]));
  launcher.has_rate = fields[wait] != "nowait";
  launchers.push_back(std::move(launcher));
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

bool is_sodapopd(std::string_view program) {
  return program.substr(program.rfind('/') + 1) == "sodapopd";
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto blank = std::min(text.find_first_of(" \t"), text.size());
    if (blank > 0)
      words.emplace_back(text.substr(0, blank));
    text.remove_prefix(std::min(blank + 1, text.size()));
  }
  return words;
}

void find_inetd_lines(const std::string& etc, std::vector<Launcher>& launchers) {
  const auto path = etc + "/inetd.conf";
  unsigned number = 0;
  for (const auto& line : lines_of(path)) {
    ++number;
    if (!line.starts_with('#'))
      add_inetd_line(path + ":" + std::to_string(number), words_of(line), launchers);
  }
}

void find_xinetd_services(const std::string& etc, std::vector<Launcher>& launchers) {
  for (const auto& path : files_of(etc + "/xinetd.d", "")) {
    for (const auto& section : sections_of(path)) {
      if (!is_sodapopd(section.value("server")) || section.value("disable") == "yes")
        continue;
      Launcher launcher{Launcher::Kind::xinetd, path, {section.value("server")}, {}, {}};
      for (auto& word : words_of(section.value("server_args")))
        launcher.command.push_back(std::move(word));
      if (const auto user = section.value("user"); !user.empty())
        launcher.account = user;
      const auto port = section.value("port");
      const auto bind = section.value(section.value("bind").empty() ? "interface" : "bind");
      launcher.places.push_back(parse_endpoint(bind + ":" + (port.empty() ? section.name : port)));
      launchers.push_back(std::move(launcher));
    }
  }
}

void find_stunnel_services(const std::string& etc, std::vector<Launcher>& launchers) {
  for (const auto& path : files_of(etc + "/stunnel", ".conf")) {
    const auto sections = sections_of(path);
    const auto account = sections.front().value("setuid");
    for (const auto& section : sections) {
      if (!is_sodapopd(section.value("exec")))
        continue;
      Launcher launcher{Launcher::Kind::stunnel, path, {section.value("exec")}, {}, {}};
      const auto arguments = words_of(section.value("execArgs"));
      for (std::size_t i = 1; i < arguments.size(); ++i)
        launcher.command.push_back(arguments[i]);
      launcher.account = account.empty() ? "root" : account;
      launcher.places.push_back(parse_endpoint(section.value("accept")));
      launchers.push_back(std::move(launcher));
    }
  }
}

std::vector<Launcher> find_launchers(const std::string& etc) {
  std::vector<Launcher> launchers;
  find_systemd_units(etc, launchers);
  find_inetd_lines(etc, launchers);
  find_xinetd_services(etc, launchers);
  find_stunnel_services(etc, launchers);
  return launchers;
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "admin/check/remedies.hpp"
#include "base/text_file.hpp"
#include "users/location.hpp"

#include <algorithm>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace admin {

namespace {

constexpr std::uint32_t idle_of_rfc1939 = 600;

void check_file(const CheckContext& context, const std::string& path, Findings& findings) {
  const FindingsAt at(path, findings);
  struct stat facts;
  if (::stat(path.c_str(), &facts) != 0)
    return; // reading it reports this
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    at.error("configuration-writable", "others than its owner may write to it",
             run({"chmod", "go-w", path}));
  if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
    at.error("configuration-owner",
             "it belongs to uid " + std::to_string(facts.st_uid) +
                 ", neither root nor the account that uses it",
             (facts.st_mode & S_IROTH) != 0 && context.launcher != nullptr
                 ? run({"chown", "root", path})
                 : keep_secret(context, path));
}

/// `text` is `FILE:LINE: mistake`.
void report_mistake(const std::string& text, Findings& findings) {
  const auto colon = text.find(": ");
  findings.error("configuration-mistake", text.substr(0, colon), text.substr(colon + 2),
                 "Correct the line as sodapop.conf(5) says");
}

void check_template(const config::Settings& settings, Findings& findings) {
  const auto path = users::locate(settings.maildir, "user@example.org", "/home/user", "");
  if (!path)
    findings.error("maildir-template", "maildir = " + settings.maildir, description(path.error()),
                   "Write a path as sodapop.conf(5) says");
}

void check_contradictions(const config::Settings& settings, Findings& findings) {
  if (const auto problem = config::problem_with_proxy(settings))
    findings.error("settings-contradict", "the configuration", *problem,
                   "Set both, as sodapop.conf(5) says");
}

void check_times(const config::Settings& settings, Findings& findings) {
  if (settings.failure_delay == 0)
    findings.warning("failure-delay-none", "failure-delay = 0",
                     "passwords may be guessed as fast as connections are made",
                     "Remove the line: 2 seconds is the default");
  if (settings.failure_delay * settings.attempts >= settings.login_limit)
    findings.warning("login-limit-short", "login-limit = " + std::to_string(settings.login_limit),
                     "it is too short for as many failures as attempts allows",
                     "Raise login-limit, or lower attempts or failure-delay");
  if (settings.idle_limit < idle_of_rfc1939)
    findings.warning("idle-limit-short", "idle-limit = " + std::to_string(settings.idle_limit),
                     "RFC 1939 requires at least ten minutes, and clients rely on it",
                     "Remove the line: 600 seconds is the default");
}

void check_trusted_networks(const config::Settings& settings, Findings& findings) {
  const auto& trusted = settings.trusted_networks.networks();
  for (const auto* text : {"0.0.0.0/0", "::/0"}) {
    const auto all = *base::Network::parse(text);
    if (std::ranges::any_of(trusted, [&](const base::Network& one) {
          return one.free_bits() == all.free_bits() && one.overlaps(all);
        }))
      findings.warning("trusted-networks-open",
                       "trusted-networks = " + settings.trusted_networks.text(),
                       "every client counts as a health check, and scans leave no line in the log",
                       "Name the addresses of the monitors");
  }
}

void check_limits(const config::Settings& settings, Findings& findings) {
  const auto per_source = settings.max_connections_per_source;
  if (per_source > settings.max_connections)
    findings.warning("limits-contradict",
                     "max-connections-per-source = " + std::to_string(per_source),
                     "one network may have more connections than there are in all",
                     "Lower it below max-connections");
  const auto slots =
      settings.hash_slots != 0 ? settings.hash_slots : std::thread::hardware_concurrency();
  struct sysinfo host;
  if (::sysinfo(&host) != 0)
    return;
  const auto most = std::uint64_t{slots} * settings.hash_memory_limit << 20;
  if (most > std::uint64_t{host.totalram} * host.mem_unit)
    findings.warning("hash-memory-exceeds-host",
                     "hash-memory-limit = " + std::to_string(settings.hash_memory_limit),
                     "with all hash slots in use, hashes could ask for more than this host has",
                     "Lower hash-memory-limit or hash-slots");
}

} // namespace

bool check_configuration(const config::ConfigurationFile& file, CheckContext& context,
                         Findings& findings) {
  findings.looked_at(file.path.empty() ? "the default settings" : "configuration " + file.path);
  if (file.path.empty())
    return true;
  check_file(context, file.path, findings);
  check_directories_above(file.path, findings);
  try {
    bool is_right = true;
    config::apply_configuration(base::read_text(file.path, config::max_configuration), file,
                                context.settings, [&](const config::ConfigurationError& error) {
                                  report_mistake(error.what(), findings);
                                  is_right = false;
                                });
    if (!is_right)
      findings.note("the lines with mistakes do not count here: correct them first, and check "
                    "again");
  } catch (const std::system_error& error) {
    findings.error("configuration-unreadable", file.path, error.code().message(),
                   error.code().value() == EACCES ? make_readable(context, file.path)
                                                  : Remedy("Name an existing file with --config"));
    return false;
  }
  return true;
}

void check_settings(const CheckContext& context, Findings& findings) {
  check_contradictions(context.settings, findings);
  check_proxy(context, findings);
  check_template(context.settings, findings);
  check_times(context.settings, findings);
  check_limits(context.settings, findings);
  check_trusted_networks(context.settings, findings);
}

} // namespace admin

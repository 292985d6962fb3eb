// SPDX-License-Identifier: ISC
#include "options.hpp"

#include "configuration_paths.hpp"

#include <CLI/CLI.hpp>
#include <cstring>
#include <fstream>

namespace {

using base::Settings;

constexpr auto config_option = "--config";

/// Absolute, as the working directory of a super-server's child is anybody's guess.
std::string is_absolute(const std::string& path) {
  return path.starts_with('/') ? "" : "must be an absolute path: " + path;
}

std::string is_log_target(const std::string& target) {
  return target == "syslog" || target == "stderr" || target.starts_with('/')
             ? ""
             : "must be syslog, stderr or an absolute path: " + target;
}

/// An option for a setting with a handful of words, such as `tls = none | wrapped`.
template <class T>
void add_choice(CLI::App& app, const std::string& key, T& value,
                const std::vector<std::pair<std::string, T>>& words, const std::string& help) {
  std::string list;
  for (const auto& [word, meaning] : words)
    list += (list.empty() ? "" : "|") + word;
  app.add_option_function<std::string>(
         "--" + key,
         [&value, key, words, list](const std::string& given) {
           for (const auto& [word, meaning] : words)
             if (given == word) {
               value = meaning;
               return;
             }
           throw CLI::ValidationError(key + ": must be one of " + list + ": " + given);
         },
         help)
      ->type_name(list)
      ->group("Settings");
}

void add_text(CLI::App& app, const std::string& key, std::string& value, const std::string& type,
              const std::string& help, const CLI::Validator& valid = {}) {
  app.add_option("--" + key, value, help)->type_name(type)->check(valid)->group("Settings");
}

/// CLI11 would read 010 as eight.
std::string is_decimal(const std::string& text) {
  const bool is = text == "0" || (!text.empty() && text.front() != '0' &&
                                  text.find_first_not_of("0123456789") == text.npos);
  return is ? "" : "must be a decimal number: " + text;
}

void add_number(CLI::App& app, const std::string& key, std::uint32_t& value, unsigned least,
                unsigned most, const std::string& help) {
  app.add_option("--" + key, value, help)
      ->check(CLI::Validator(is_decimal, ""))
      ->check(CLI::Range(least, most))
      ->type_name("NUMBER")
      ->group("Settings");
}

struct Line {
  std::string key;
  std::string value;
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  const auto last = text.find_last_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// A key and its value; an empty key for a blank line or a comment.
Line parse_line(const std::string& raw) {
  const std::string text = trimmed(raw);
  if (text.empty() || text.starts_with('#'))
    return {};
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw CLI::ValidationError("expected KEY = VALUE: " + text);
  return {trimmed(text.substr(0, equals)), trimmed(text.substr(equals + 1))};
}

/// The reason alone: CLI11 puts the option's name in front of some of its messages.
std::string reason_of(const CLI::Error& error, const std::string& key) {
  std::string reason = error.what();
  const std::string prefix = "--" + key + ": ";
  return reason.starts_with(prefix) ? key + ": " + reason.substr(prefix.size()) : reason;
}

void set(CLI::App& app, const Line& line, const std::vector<std::string>& on_command_line,
         std::vector<std::string>& seen) {
  auto* option = app.get_option_no_throw("--" + line.key);
  if (option == nullptr || option->get_group() != "Settings")
    throw CLI::ValidationError("unknown key " + line.key);
  if (std::find(seen.begin(), seen.end(), line.key) != seen.end())
    throw CLI::ValidationError("key given twice: " + line.key);
  seen.push_back(line.key);
  if (line.value.empty())
    throw CLI::ValidationError("no value for " + line.key);
  if (std::find(on_command_line.begin(), on_command_line.end(), line.key) != on_command_line.end())
    return;
  option->clear();
  option->add_result(line.value);
  option->run_callback();
}

} // namespace

void declare_options(CLI::App& app, Settings& settings) {
  const CLI::Validator absolute(is_absolute, "");
  app.add_option(config_option, "Read settings from this file instead of " SODAPOP_CONFIG_FILE)
      ->type_name("FILE");
  add_text(app, "users", settings.users, "FILE", "The users file", absolute);
  add_text(app, "maildir", settings.maildir, "TEMPLATE", "Where a user's Maildir is");
  add_text(app, "hostname", settings.hostname, "NAME", "The name in the greeting");
  add_text(app, "front-account", settings.front_account, "ACCOUNT", "Who talks to the network");
  add_text(app, "runtime-directory", settings.runtime_directory, "DIRECTORY",
           "Where the hash slots are", absolute);
  add_text(app, "chroot", settings.chroot, "DIRECTORY", "The empty root of the front", absolute);
  add_number(app, "minimum-uid", settings.minimum_uid, 1, 0xfffffffe, "The lowest uid to serve");
  add_choice<Settings::Sandbox>(
      app, "sandbox", settings.sandbox,
      {{"tolerate", Settings::Sandbox::tolerate}, {"require", Settings::Sandbox::require}},
      "What to do on a kernel without Landlock");
  add_number(app, "login-limit", settings.login_limit, 1, 86400, "Seconds from connect to login");
  add_number(app, "idle-limit", settings.idle_limit, 1, 86400, "Seconds without a command");
  add_number(app, "attempts", settings.attempts, 1, 100, "Failed logins a connection");
  add_number(app, "failure-delay", settings.failure_delay, 0, 60, "Seconds to a refusal");
  add_choice<Settings::Tls>(app, "tls", settings.tls,
                            {{"none", Settings::Tls::none}, {"wrapped", Settings::Tls::wrapped}},
                            "Whether a TLS wrapper stands in front");
  add_number(app, "hash-slots", settings.hash_slots, 0, 1024, "Verifications at once; 0: cores");
  add_number(app, "hash-memory-limit", settings.hash_memory_limit, 1, 4096,
             "MiB a hash may ask for");
  add_number(app, "hash-operations-limit", settings.hash_operations_limit, 1, 1000,
             "Passes a hash may ask for");
  add_number(app, "lock-wait", settings.lock_wait, 0, 60, "Seconds to wait for a busy maildrop");
  add_choice<bool>(app, "mark-seen", settings.mark_seen, {{"yes", true}, {"no", false}},
                   "Whether QUIT flags what was retrieved");
  add_choice<Settings::MissingMaildir>(
      app, "missing-maildir", settings.missing_maildir,
      {{"refuse", Settings::MissingMaildir::refuse}, {"empty", Settings::MissingMaildir::empty}},
      "What a user without a Maildir gets");
  add_text(app, "log", settings.log, "TARGET", "syslog, stderr or a file",
           CLI::Validator(is_log_target, ""));
}

void read_configuration(CLI::App& app) {
  const auto* named = app.get_option(config_option);
  const std::string path = named->empty() ? SODAPOP_CONFIG_FILE : named->as<std::string>();
  std::ifstream file(path);
  if (!file) {
    if (named->empty() && errno == ENOENT)
      return;
    throw ConfigurationError(path + ": " + std::strerror(errno));
  }
  std::vector<std::string> on_command_line, seen;
  for (const auto* option : app.get_options())
    if (!option->empty())
      on_command_line.push_back(option->get_single_name());
  std::string text;
  for (unsigned number = 1; std::getline(file, text); ++number) {
    Line line;
    try {
      line = parse_line(text);
      if (!line.key.empty())
        set(app, line, on_command_line, seen);
    } catch (const CLI::Error& error) {
      throw ConfigurationError(path + ":" + std::to_string(number) + ": " +
                               reason_of(error, line.key));
    }
  }
  if (file.bad())
    throw ConfigurationError(path + ": " + std::strerror(errno));
}

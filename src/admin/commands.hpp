// SPDX-License-Identifier: ISC
// The subcommands of sodapop, one source file each.
#pragma once

#include "config/configuration.hpp"

#include <CLI/App.hpp>
#include <functional>

namespace admin {

/// Runs the command and returns the exit status: 0, or 1 for the answer "no"; `check` returns its
/// worst Severity. Throws Failure and std::system_error.
using Action = std::function<int()>;

/// Each adds its subcommand to `parent`. Parsing the subcommand sets `action`, which is to be
/// called after the configuration is read. `settings` and `action` must outlive `parent` and that
/// call.
void declare_user_add(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_user_password(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_user_remove(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_user_list(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_user_show(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_user_test(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_user_rights(CLI::App& parent, const config::Settings& settings, Action& action);
/// Reads the configuration by itself, from the file that `file_of` returns.
void declare_check(CLI::App& parent, const config::Settings& settings, Action& action,
                   const std::function<config::ConfigurationFile()>& file_of);
void declare_who(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_kick(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_users_compile(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_users_import(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_app_password_add(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_app_password_list(CLI::App& parent, const config::Settings& settings, Action& action);
void declare_app_password_revoke(CLI::App& parent, const config::Settings& settings,
                                 Action& action);
void declare_benchmark_hash(CLI::App& parent, const config::Settings& settings, Action& action);

} // namespace admin

// SPDX-License-Identifier: ISC
// The commands of sodapop, each as a table with the function that runs it.
#pragma once

#include "admin/command_line.hpp"
#include "config/configuration.hpp"

namespace admin {

Command user_add();
Command user_password();
Command user_remove();
Command user_list();
Command user_show();
Command user_test();
Command user_rights();
Command app_password_add();
Command app_password_list();
Command app_password_revoke();
/// Takes settings that have only the command line's values, and reads `file` by itself. `file` must
/// outlive the call.
Command check(const config::ConfigurationFile& file);
Command who();
Command kick();
Command users_compile();
Command users_import();
Command benchmark_hash();

} // namespace admin

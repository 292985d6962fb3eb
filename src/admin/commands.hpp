// SPDX-License-Identifier: ISC
// The commands of sodapop by subject, each as a table with the function that runs it. A group of
// commands comes with the first of them.
#pragma once

#include "admin/command_line.hpp"
#include "config/configuration.hpp"

namespace admin {

Commands user_edit();
Commands user_show();
Commands user_test();
Commands user_rights();
Commands app_password();
Commands maildir();
/// Takes settings that have only the command line's values, and reads `file` by itself. `file` must
/// outlive the call.
Commands check(const config::ConfigurationFile& file);
Commands who();
Commands kick();
Commands penalties();
Commands users_compile();
Commands users_import();
Commands benchmark_hash();

} // namespace admin

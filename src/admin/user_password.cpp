// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/password_prompt.hpp"
#include "admin/storage_options.hpp"
#include "admin/user_access.hpp"

#include <iostream>

namespace admin {

namespace {

int change(const config::Settings& settings, const Values& given) {
  const auto name = given.text("NAME");
  const auto storage = storage_of(given, ceiling(settings));
  find_user(settings, name);
  const auto stored = store(ask_new_password(given, name), storage);
  change_user(settings, name, [&](auto& editor) {
    return editor.replace_hash(name, stored.hash) &&
           editor.set_extra(name, "sodapop_scram", stored.scram);
  });
  std::cout << "changed the password of " << name << '\n';
  return 0;
}

} // namespace

Command user_password() {
  return {"user password", "Change a user's password",
          "The password is asked for twice, without echo.",
          Options{{"NAME", "The user"}, password_option()} + storage_options(), change};
}

} // namespace admin

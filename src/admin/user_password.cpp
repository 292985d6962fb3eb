// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/password_prompt.hpp"
#include "admin/storage_options.hpp"
#include "admin/user_access.hpp"

#include <iostream>
#include <memory>

namespace admin {

namespace {

struct Request {
  std::string name;
  CostOptions cost;
  ScramOptions scram;
  PasswordPrompt prompt;
};

int change(const config::Settings& settings, const Request& request) {
  const auto cost = request.cost.cost_within(ceiling(settings));
  find_user(settings, request.name);
  const auto password = request.prompt.ask_new(request.name);
  const auto hash = passwords::make(password, cost);
  const auto scram = request.scram.value(password, hash);
  change_user(settings, request.name, [&](auto& editor) {
    return editor.replace_hash(request.name, hash) &&
           editor.set_extra(request.name, "sodapop_scram", scram);
  });
  std::cout << "changed the password of " << request.name << '\n';
  return 0;
}

} // namespace

Command user_password() {
  const auto request = std::make_shared<Request>();
  return {"user password", "Change a user's password",
          "The password is asked for twice, without echo.",
          Options{
              {"NAME", &request->name, "The user"},
              request->prompt.option(),
          } + request->cost.options() +
              request->scram.options(),
          [request](const config::Settings& settings) { return change(settings, *request); }};
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"

#include "admin/commands.hpp"

#include <memory>

namespace admin {

namespace {

struct Request {
  bool as_json = false;
  CheckContext context;
};

int check(Request request, const config::Settings& settings,
          const config::ConfigurationFile& file) {
  auto& context = request.context;
  context.settings = settings;
  Findings findings(request.as_json ? Findings::Form::json : Findings::Form::text,
                    context.all_users);
  check_configuration(file, context, findings);
  check_settings(context, findings);
  check_front_account(context, findings);
  check_directories(context, findings);
  check_sandbox(context, findings);
  check_launchers(context, findings);
  check_tokens(context, findings);
  check_checkpassword(context, findings);
  if (context.settings.checkpassword.empty())
    check_users(context, findings);
  return static_cast<int>(findings.finish());
}

} // namespace

void declare_check(CLI::App& parent, const config::Settings& settings, Action& action,
                   const std::function<config::ConfigurationFile()>& file_of) {
  auto* command = parent.add_subcommand("check", "Look for mistakes in everything a login needs");
  command->footer(
      "Prints a line for each mistake: how bad, where, what, its id, the remedy. Status 0 for "
      "none,\n"
      "1 for warnings alone, 2 for errors. Call it as the account that the server is started as.");
  const auto request = std::make_shared<Request>();
  command->add_flag("--json", request->as_json, "Print an array of objects");
  command->add_flag("--all-users", request->context.all_users,
                    "Look at all Maildirs, not only the first 1000; print all findings");
  command->add_option("--etc", request->context.etc, "Look for launchers and accounts here (/etc)")
      ->type_name("DIRECTORY");
  command->callback([&settings, &action, request, file_of] {
    action = [&settings, request, file_of] { return check(*request, settings, file_of()); };
  });
}

} // namespace admin

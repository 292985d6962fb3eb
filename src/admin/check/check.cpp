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

int check_all(Request request, const config::Settings& settings,
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

Command check(const config::ConfigurationFile& file) {
  const auto request = std::make_shared<Request>();
  return {
      "check", "Look for mistakes in everything a login needs",
      "Prints a line for each mistake: how bad, where, what, its id, the remedy. Status 0 for "
      "none,\n"
      "1 for warnings alone, 2 for errors. Call it as the account that the server is started as.",
      Options{
          {"--json", &request->as_json, "Print an array of objects"},
          {"--all-users", &request->context.all_users,
           "Look at all Maildirs, not only the first 1000; print all findings"},
          {"--etc DIRECTORY", &request->context.etc, "Look for launchers and accounts here (/etc)"},
      },
      [request, &file](const config::Settings& settings) {
        return check_all(*request, settings, file);
      }};
}

} // namespace admin

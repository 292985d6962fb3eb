// SPDX-License-Identifier: ISC
#include "admin/check/users_file.hpp"

#include <stdexcept>
#include <system_error>

namespace admin {

namespace {

void refuse(const CheckContext& context, std::string_view why, Findings& findings) {
  findings.error("users-compiled-refused", compiled_path(context),
                 "no user can log in: it " + std::string(why),
                 tool_command(context, {"users", "compile"}));
}

std::optional<base::TrustedFile> open_compiled(const CheckContext& context, Findings& findings) {
  try {
    auto file = base::open_trusted(compiled_path(context));
    if (file)
      return std::move(*file);
    refuse(context, description(file.error()), findings);
  } catch (const std::system_error& error) {
    if (error.code().value() != ENOENT)
      refuse(context, "cannot be opened: " + error.code().message(), findings);
  }
  return {};
}

} // namespace

std::string compiled_path(const CheckContext& context) {
  return context.settings.users + std::string(users::compiled_suffix);
}

CompiledForm check_compiled(const CheckContext& context, const users::UsersFile& text,
                            Findings& findings) {
  auto file = open_compiled(context, findings);
  if (!file)
    return {};
  auto opened = users::CompiledUsers::open(std::move(*file), text.file().facts);
  auto again = base::open_trusted(compiled_path(context));
  CompiledForm form;
  if (again)
    form.file = std::move(*again);
  if (opened)
    form.users = std::move(*opened);
  else if (opened.error() == users::compiled_problem::outdated)
    findings.warning("users-file-compiled", compiled_path(context),
                     std::string(description(opened.error())) + ", and is not used",
                     tool_command(context, {"users", "compile"}));
  else
    refuse(context, description(opened.error()), findings);
  return form;
}

bool check_compiled_line(const CheckContext& context, const CompiledForm& compiled,
                         const users::User& user, Findings& findings) {
  try {
    if (!compiled.users || compiled.users->find(user.name))
      return true;
  } catch (const std::runtime_error&) {
    // The record is no line of that user.
  }
  refuse(context, "is damaged: the line of " + user.name + " is not in it", findings);
  return false;
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "admin/account.hpp"
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/mailbox.hpp"
#include "admin/password_prompt.hpp"
#include "admin/site.hpp"
#include "credentials/authenticate.hpp"

#include <iostream>
#include <memory>
#include <unistd.h>

namespace admin {

namespace {

using credentials::User;

struct Request {
  std::string name;
  bool password_stdin = false;
};

struct Identity {
  uid_t uid;
  gid_t gid;
};

/// Who a server started by the caller would serve the user as.
Identity identity_of(const base::Settings& settings, const credentials::UserStore& users,
                     const User& user) {
  require_servable(settings, user);
  if (::geteuid() != 0) {
    if (user.uid.value_or(::geteuid()) != ::geteuid())
      throw Failure("only a server started as root, or as that user, can serve uid " +
                    std::to_string(*user.uid));
    return {::geteuid(), ::getegid()};
  }
  if (!user.uid || !user.gid)
    throw Failure("a server started as root needs a uid and a gid in the user's line");
  if (users.readable_by(*user.uid, *user.gid))
    throw Failure("uid " + std::to_string(*user.uid) + " can read " + settings.users +
                  ", so that the server refuses it");
  return {*user.uid, *user.gid};
}

Mailbox inspect_as(const Identity& identity, const std::string& path) {
  Mailbox mailbox;
  const auto answer = as_user(identity.uid, identity.gid, [&path] {
    const auto seen = inspect_maildir(path);
    return std::to_string(static_cast<int>(seen.state)) + seen.problem;
  });
  mailbox.state = static_cast<MailboxState>(answer.at(0) - '0');
  mailbox.problem = answer.substr(1);
  return mailbox;
}

/// What is to be said behind the path. Throws Failure where the server would say no.
std::string state_of(const base::Settings& settings, const Identity& identity,
                     const std::string& path) {
  const auto mailbox = inspect_as(identity, path);
  if (mailbox.state == MailboxState::usable)
    return "";
  if (mailbox.state == MailboxState::missing &&
      settings.missing_maildir == base::Settings::MissingMaildir::empty)
    return ", which does not exist and so counts as empty";
  throw Failure(mailbox.problem);
}

int refuse(const std::string& name, std::string_view reason) {
  std::cout << name << " would not log in: " << reason << '\n';
  return 1;
}

int test(const base::Settings& settings, const Request& request) {
  const auto users = open_store(settings);
  const auto password = ask_password(request.password_stdin ? PasswordSource::standard_input
                                                            : PasswordSource::terminal,
                                     "Password of " + request.name + ": ");
  const auto user = credentials::authenticate(users, request.name, password,
                                              {.ceiling = ceiling(settings)}, complain(settings));
  if (!user)
    return refuse(request.name, sentence(user.error()));
  try {
    const auto identity = identity_of(settings, users, *user);
    const auto path = maildir_of(settings, *user);
    const auto state = state_of(settings, identity, path);
    std::cout << user->name << " would log in, as uid " << identity.uid << " and gid "
              << identity.gid << ", to " << path << state << '\n';
    return 0;
  } catch (const Failure& failure) {
    return refuse(request.name, "the password fits, but " + std::string(failure.what()));
  }
}

} // namespace

void declare_user_test(CLI::App& parent, const base::Settings& settings, Action& action) {
  auto* command = parent.add_subcommand("test", "Say whether a password would log a user in");
  command->footer(
      "... and as whom and to which Maildir, at a server started by whoever calls this. Status 0\n"
      "for yes, 1 for no.");
  const auto request = std::make_shared<Request>();
  command->add_option("NAME", request->name, "The user")->required();
  command->add_flag("--password-stdin", request->password_stdin,
                    "Read the password from the first line of standard input");
  command->callback([&settings, &action, request] {
    action = [&settings, request] { return test(settings, *request); };
  });
}

} // namespace admin

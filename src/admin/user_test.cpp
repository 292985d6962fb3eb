// SPDX-License-Identifier: ISC
#include "admin/account.hpp"
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/mailbox.hpp"
#include "admin/password_prompt.hpp"
#include "admin/printable.hpp"
#include "admin/rights_text.hpp"
#include "admin/user_access.hpp"
#include "base/time_of_day.hpp"
#include "users/app_password.hpp"
#include "users/authenticate.hpp"
#include "users/login_name.hpp"

#include <cstring>
#include <iostream>
#include <unistd.h>

namespace admin {

namespace {

using base::Identity;
using users::User;

/// The owner of the password, and the app password if it is one.
struct Proof {
  User user;
  std::optional<users::AppPassword> app_password; ///< Nothing for the main password.

  bool is_read_only() const {
    return user.rights.read_only || (app_password && app_password->rights.read_only);
  }
};

/// The identity with which a server started by the caller would serve the user.
Identity identity_of(const config::Settings& settings, const users::UserStore& users,
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

/// The text to print after the path. Throws Failure if the server would refuse the login.
std::string state_of(const config::Settings& settings, const Identity& identity,
                     const std::string& path) {
  const auto missing = as_user(
      identity, [&path] { return has_maildir(path) ? "" : path + ": " + std::strerror(ENOENT); });
  if (missing.empty())
    return "";
  if (settings.missing_maildir == config::Settings::MissingMaildir::empty)
    return ", which does not exist and so counts as empty";
  throw Failure(missing);
}

int refuse(const std::string& name, std::string_view reason, bool json) {
  if (!json) {
    std::cout << printable(name) << " would not log in: " << printable(reason) << '\n';
    return 1;
  }
  Fields fields(Fields::Form::object);
  fields.text("name", name);
  fields.flag("would-log-in", false);
  fields.text("reason", reason);
  fields.finish();
  return 1;
}

base::Result<Proof, base::Problem> prove(const config::Settings& settings,
                                         const users::UserStore& users, const std::string& name,
                                         const base::Secret& password) {
  if (const auto user = users.find(name, {}); user && !users::is_locked(user->hash))
    if (const auto* found = users::find_app_password(*user, password))
      return Proof{*user, *found};
  auto user = users::authenticate(users, name, password, ceiling(settings), complain(settings));
  if (!user)
    return base::Refused{user.error()};
  return Proof{std::move(*user), {}};
}

/// Throws Failure if `rights` do not allow a login from `from` now.
void require_allowed(const users::Rights& rights, const std::string& from,
                     const std::string& whose) {
  auto asked = rights;
  if (from.empty())
    asked.networks.reset();
  const auto client = from.empty() ? std::nullopt : to_client(from);
  if (const auto problem = users::problem(asked, client, base::seconds_since_1970()))
    throw Failure(whose + ": " + std::string(description(*problem)));
}

/// Throws Failure if the server would refuse the right password for lack of a right.
void require_rights(const Proof& proof, const std::string& from) {
  const auto& user = proof.user;
  require_allowed(user.rights, from, "the user");
  if (proof.app_password)
    require_allowed(proof.app_password->rights, from, "the app password");
  else if (user.app_passwords_only)
    throw Failure("this user needs an app password");
  if (user.nologin)
    throw Failure("the user has nologin" + (user.nologin->empty() ? "" : ": " + *user.nologin));
  if (!user.pop3)
    throw Failure("POP3 is switched off for this user");
}

/// Such as `, from 192.0.2.0/24 only`; empty if the command line says where the client is.
std::string condition(const Proof& proof, const std::string& from) {
  std::string text;
  for (const auto* rights :
       {&proof.user.rights, proof.app_password ? &proof.app_password->rights : nullptr})
    if (from.empty() && rights != nullptr && rights->networks)
      text += ", from " + rights->networks->text() + " only";
  return text;
}

void print_json(const Proof& proof, const Identity& identity, const std::string& path,
                bool is_missing) {
  Fields fields(Fields::Form::object);
  fields.text("name", proof.user.name);
  fields.flag("would-log-in", true);
  fields.text("app-password", proof.app_password ? proof.app_password->label : "");
  fields.flag("read-only", proof.is_read_only());
  fields.number("uid", identity.uid);
  fields.number("gid", identity.gid);
  fields.text("maildir", path);
  fields.flag("maildir-missing", is_missing);
  fields.finish();
}

void report(const config::Settings& settings, const users::UserStore& users, const Values& given,
            const Proof& proof) {
  const auto from = given.text("--from");
  require_rights(proof, from);
  const auto identity = identity_of(settings, users, proof.user);
  const auto path = maildir_of(settings, proof.user);
  const auto state = state_of(settings, identity, path);
  if (given.flag("--json"))
    return print_json(proof, identity, path, !state.empty());
  std::cout << proof.user.name << " would log in";
  if (proof.app_password)
    std::cout << " with the app password " << proof.app_password->label;
  std::cout << (proof.is_read_only() ? " to read only" : "") << condition(proof, from)
            << ", as uid " << identity.uid << " and gid " << identity.gid << ", to "
            << printable(path) << state << '\n';
}

int test(const config::Settings& settings, const Values& given) {
  const auto said = given.text("NAME"), from = given.text("--from");
  if (!from.empty())
    to_client(from);
  if (!settings.checkpassword.empty())
    throw Failure("checkpassword is set: the server asks that program, not the users file");
  const auto users = open_store(settings);
  const auto name = users::login_name(said, settings);
  const auto password = ask_password(given, "Password of " + said + ": ");
  const bool json = given.flag("--json");
  if (users::lacks_domain(name, settings))
    return refuse(name, "the name needs a domain here", json);
  const auto proof = prove(settings, users, name, password);
  if (!proof)
    return refuse(name, description(proof.error()), json);
  try {
    report(settings, users, given, *proof);
    return 0;
  } catch (const Failure& failure) {
    return refuse(name, "the password fits, but " + std::string(failure.what()), json);
  }
}

} // namespace

Commands user_test() {
  return {
      {"user test", "Say whether a password would log a user in",
       "Also prints uid, gid and Maildir. The answer holds for a server that the calling account\n"
       "starts. The user's app passwords are tried as well. Status 0 for yes, 1 for no.",
       Options{
           {"NAME", "The user"},
           {"--from ADDRESS", "Where the client is, or `local`"},
           {"--json", "Print an object"},
           password_option(),
       },
       test}};
}

} // namespace admin

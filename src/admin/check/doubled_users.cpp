// SPDX-License-Identifier: ISC
#include "admin/check/doubled_users.hpp"

#include "admin/user_access.hpp"
#include "users/location.hpp"

#include <map>
#include <string>
#include <unordered_map>

namespace admin {

namespace {

using users::User;

/// The users of one Maildir.
struct Sharing {
  std::string first, second;
  std::string without_mark; ///< The first user whose line has no sodapop_shared=yes.
  std::size_t users = 0, marked = 0;

  void add(const User& user) {
    ++users;
    if (users == 1)
      first = user.name;
    else if (users == 2)
      second = user.name;
    marked += user.shared ? 1 : 0;
    if (!user.shared && without_mark.empty())
      without_mark = user.name;
  }
};

/// Empty for a user without one.
std::string maildir_of_user(const CheckContext& context, const User& user) {
  const auto path = locate(context.settings, user);
  return path ? users::plain_path(*path) : "";
}

Remedy remedy_for(const CheckContext& context, const Sharing& sharing) {
  if (sharing.marked > 0 && sharing.marked + 1 == sharing.users)
    return tool_command(context, {"user", "rights", sharing.without_mark, "--shared", "yes"});
  return "Give each user a Maildir, by %u, %n or %h in the setting maildir or by userdb_mail in "
         "the "
         "line; if one for all of them is meant, say so by 'sodapop user rights NAME --shared yes' "
         "for each";
}

void tell(const CheckContext& context, const std::string& path, const Sharing& sharing,
          Findings& findings) {
  if (sharing.users < 2 || sharing.marked == sharing.users)
    return;
  auto who = sharing.first + (sharing.users > 2 ? ", " : " and ") + sharing.second;
  if (sharing.users > 2)
    who += " and " + std::to_string(sharing.users - 2) + " more users";
  auto what = who + " have this Maildir: each of them reads and deletes the mail of the others";
  if (sharing.marked > 0)
    what += "; " + sharing.without_mark + " has no sodapop_shared=yes";
  findings.error("mailbox-shared", path, what, remedy_for(context, sharing));
}

} // namespace

void DoubledUsers::add(const User& user) {
  names_.add(user.name);
  if (const auto maildir = maildir_of_user(context_, user); !maildir.empty())
    maildirs_.add(maildir);
}

void DoubledUsers::check(const users::UsersFile& file, Findings& findings) {
  names_.find();
  maildirs_.find();
  if (names_.empty() && maildirs_.empty())
    return;
  std::unordered_map<std::string, unsigned> lines;
  std::map<std::string, Sharing> sharing;
  const auto count = [&](const User& user, auto, auto) {
    const auto line = names_.contains(user.name) ? ++lines[user.name] : 1;
    if (line == 2)
      findings.warning("user-doubled", context_.settings.users + ": " + user.name,
                       "several lines have this name, of which the first counts",
                       "Remove the others");
    const auto maildir = line == 1 ? maildir_of_user(context_, user) : "";
    if (!maildir.empty() && maildirs_.contains(maildir))
      sharing[maildir].add(user);
    return true;
  };
  file.for_each(count, {});
  for (const auto& [path, users] : sharing)
    tell(context_, path, users, findings);
}

} // namespace admin

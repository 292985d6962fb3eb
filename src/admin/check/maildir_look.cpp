// SPDX-License-Identifier: ISC
#include "admin/check/maildir_look.hpp"

#include "admin/check/maildir_files.hpp"
#include "admin/maildir_create.hpp"
#include "base/number.hpp"
#include "base/split.hpp"

#include <algorithm>
#include <climits>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace admin {

namespace {

/// access(2) for the effective identity: 0, or why not.
int obstacle_to(const std::string& path, int mode) {
  return ::faccessat(AT_FDCWD, path.c_str(), mode, AT_EACCESS) == 0 ? 0 : errno;
}

std::string target_of(const std::string& link) {
  std::string target(PATH_MAX, '\0');
  const auto size = ::readlink(link.c_str(), target.data(), target.size());
  target.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  return target;
}

constexpr auto look_at_rights =
    "Look for what else keeps the user out: an access control list (getfacl), an attribute "
    "(lsattr), a mount option or a security module";

/// Adds what it sees. Its functions return false after a mistake that ends the look.
class MaildirLook {
 public:
  MaildirLook(const CheckContext& context, const Mailbox& mailbox)
      : context_(context), mailbox_(mailbox), user_(mailbox.identity) {}

  std::vector<Seen> look() {
    if (walk() && look_at_folders())
      look_into_folders();
    return std::move(seen_);
  }

 private:
  void add(Sight sight, const std::string& path, std::string what, Remedy remedy) {
    seen_.push_back({sight, path, std::move(what), std::move(remedy)});
  }
  bool end(Sight sight, const std::string& path, std::string what, Remedy remedy) {
    add(sight, path, std::move(what), std::move(remedy));
    return false;
  }

  bool walk() {
    for (std::size_t end_of_name = 0; end_of_name != std::string::npos;) {
      end_of_name = mailbox_.path.find('/', end_of_name + 1);
      const auto path = mailbox_.path.substr(0, end_of_name);
      const bool is_last = end_of_name == std::string::npos;
      struct stat link;
      if (::lstat(path.c_str(), &link) != 0)
        return end_at(path, errno);
      if (!look_at_step(path, link, is_last))
        return false;
    }
    return true;
  }

  bool end_at(const std::string& path, int code) {
    if (code == ENOENT)
      return context_.settings.missing_maildir == config::Settings::MissingMaildir::empty
                 ? false
                 : end_at_missing(path);
    return end(Sight::parent_closed, path, std::strerror(code),
               "Look at the file system, and at the length of the path");
  }

  bool end_at_missing(const std::string& path) {
    const auto obstacle = obstacle_to(parent_of(path), W_OK | X_OK);
    if (obstacle == EROFS)
      return end_at_read_only(parent_of(path));
    return end(Sight::missing, path, std::strerror(ENOENT),
               obstacle == 0 ? create() : for_root(run_all({install(), create()})));
  }

  bool end_at_read_only(const std::string& path) {
    return end(Sight::read_only, path, "it is on a file system that is mounted read-only",
               "Mount the file system for writing, or see its log for why it was not");
  }

  /// Links of other accounts, directories that other accounts may change or that the user may not
  /// enter.
  bool look_at_step(const std::string& path, const struct stat& link, bool is_last) {
    const bool is_link = S_ISLNK(link.st_mode);
    has_link_of_user_ = has_link_of_user_ || (is_link && link.st_uid != 0);
    if (is_link && link.st_uid != 0 && link.st_uid != user_.uid)
      return end(Sight::foreign_link, path, "a symbolic link of uid " + std::to_string(link.st_uid),
                 "Put a directory in its place, or let root or the user own the link");
    struct stat facts;
    const bool is_there = ::stat(path.c_str(), &facts) == 0;
    if (!is_there || !S_ISDIR(facts.st_mode))
      return end_at_no_directory(path, is_there ? 0 : errno, is_last);
    if (is_last)
      return true;
    if ((facts.st_mode & S_IWOTH) != 0 && (facts.st_mode & S_ISVTX) == 0)
      add(Sight::parent_writable, path,
          "all accounts may put another directory in the Maildir's place",
          for_root(run({"chmod", "o-w", path})));
    if (obstacle_to(path, X_OK) != 0)
      return end(Sight::parent_closed, path, "the user may not enter it", let_in(path, facts));
    return true;
  }

  /// `code` is the reason why a link leads nowhere, or 0.
  bool end_at_no_directory(const std::string& path, int code, bool is_last) {
    const auto sight = is_last ? Sight::no_maildir : Sight::parent_closed;
    if (code != 0)
      return end(sight, path, "it is a link to " + target_of(path) + ": " + std::strerror(code),
                 "Let the link lead to a directory, or remove it");
    if (begins_like_mbox(path))
      return end(sight, path, "it is an mbox file, and no directory",
                 "Move the file away, make a Maildir in its place, and convert the messages as "
                 "sodapop-migration(7) says");
    return end(sight, path, "it is no directory", "Move it away, and make a Maildir in its place");
  }

  bool look_at_folders() {
    struct stat facts;
    for (const auto* folder : {"", "/cur", "/new", "/tmp"}) {
      const auto path = mailbox_.path + folder;
      const int links = *folder == '\0' ? 0 : AT_SYMLINK_NOFOLLOW; // only the Maildir may be one
      if (::fstatat(AT_FDCWD, path.c_str(), &facts, links) != 0)
        return end(Sight::no_maildir, path, std::strerror(errno), create());
      if (!look_at_folder(path, facts))
        return false;
    }
    if (::stat(mailbox_.path.c_str(), &facts) == 0 && (facts.st_mode & S_IRWXO) != 0)
      add(Sight::readable, mailbox_.path, "its mode lets all accounts in",
          for_root(run({"chmod", "o-rwx", mailbox_.path})));
    return true;
  }

  bool look_at_folder(const std::string& path, const struct stat& facts) {
    if (!S_ISDIR(facts.st_mode))
      return end(Sight::no_maildir, path, "it is no directory",
                 "Move it away, and put a directory of the user in its place");
    if (facts.st_uid != user_.uid)
      return end(Sight::owner, path, "it belongs to uid " + std::to_string(facts.st_uid),
                 owner_remedy(facts.st_uid, give_to_user()));
    const auto obstacle = obstacle_to(path, R_OK | W_OK | X_OK);
    if (obstacle == EROFS)
      return end_at_read_only(path);
    const bool is_by_mode = (facts.st_mode & S_IRWXU) != S_IRWXU;
    return obstacle == 0 ||
           end(Sight::inaccessible, path, std::strerror(obstacle),
               is_by_mode ? for_root(run({"chmod", "u+rwx", path})) : look_at_rights);
  }

  void look_into_folders() {
    struct statvfs room;
    if (::statvfs(mailbox_.path.c_str(), &room) == 0 &&
        (room.f_bavail == 0 || (room.f_files > 0 && room.f_favail == 0)))
      add(Sight::no_space, mailbox_.path, "its file system is full: no mail can be delivered",
          "Make room on the file system");
    if (const auto coded = coded_messages(mailbox_.path); !coded.empty())
      add(Sight::encoded, mailbox_.path, coded,
          "See COMPRESSED AND ENCRYPTED MESSAGES in sodapop-migration(7)");
    const auto others = files_beside(mailbox_.path);
    if (others.messages > 0)
      add(Sight::stray_messages, others.first_message,
          others.messages == 1
              ? "it looks like a message, but no client sees it outside of new and cur"
              : "this file and " + std::to_string(others.messages - 1) +
                    " more look like messages, but no client sees them outside of new and cur",
          "Move messages to the directory new");
    if (others.in_folders > 0)
      add(Sight::folders, others.first_folder, std::to_string(others.in_folders), "");
  }

  Remedy create() const {
    return tool_command(context_, {"maildir", "create", mailbox_.user.name});
  }

  /// A user's link may lead to any directory by the time when root runs the command.
  Remedy for_root(const Remedy& command) const {
    if (!has_link_of_user_)
      return command;
    return "See where the user's links in this path lead; if that is right, run " + command.text;
  }

  Remedy install() const {
    return run({"install", "-d", "-o", std::to_string(user_.uid), "-g", std::to_string(user_.gid),
                "-m", "0700", place_to_make(mailbox_.user, mailbox_.path)});
  }

  /// With -H, chown(1) follows a link of root's in the Maildir's place.
  Remedy give_to_user() const {
    struct stat facts;
    const bool is_link = ::lstat(mailbox_.path.c_str(), &facts) == 0 && S_ISLNK(facts.st_mode);
    return run({"chown", is_link ? "-RH" : "-R",
                std::to_string(user_.uid) + ":" + std::to_string(user_.gid), mailbox_.path});
  }

  /// What lets the user enter a directory.
  Remedy let_in(const std::string& path, const struct stat& facts) const {
    const bool is_own = facts.st_uid == user_.uid, is_group = facts.st_gid == user_.gid;
    const auto bit = is_own ? S_IXUSR : is_group ? S_IXGRP : S_IXOTH;
    if ((facts.st_mode & bit) != 0)
      return look_at_rights;
    const auto* const change = is_own ? "u+x" : is_group ? "g+x" : "o+x";
    return owner_remedy(facts.st_uid, run({"chmod", change, path}));
  }

  /// `change`, unless it is as likely that the line has another uid than the mailbox.
  Remedy owner_remedy(uid_t owner, const Remedy& change) const {
    const auto account = account_in_etc(context_, mailbox_.user.name);
    if (owner == 0 || owner == user_.uid || (account && account->identity.uid == user_.uid))
      return for_root(change);
    if (account && account->identity.uid == owner)
      return "Write uid " + std::to_string(owner) + " and gid " +
             std::to_string(account->identity.gid) + " into the line of " + account->name +
             ": they are those of the account";
    return "Correct the uid in the line, which is " + std::to_string(user_.uid) +
           ", or else, if that is right, run " + change.text;
  }

  const CheckContext& context_;
  const Mailbox& mailbox_;
  const base::Identity user_;
  bool has_link_of_user_ = false;
  std::vector<Seen> seen_;
};

constexpr char separator = '\0';
constexpr std::string_view command_word = "run", sentence_word = "do";

std::string_view take(std::string_view& text) {
  if (text.find(separator) == text.npos)
    throw std::runtime_error("the answer of the process that looked at a Maildir is cut off");
  return base::take_field(text, separator);
}

} // namespace

std::vector<Seen> look_at(const CheckContext& context, const Mailbox& mailbox) {
  return MaildirLook(context, mailbox).look();
}

std::string text_of(const std::vector<Seen>& seen) {
  auto text = std::to_string(seen.size()) + separator;
  for (const auto& [sight, path, what, remedy] : seen)
    for (const auto& field : {std::string(1, static_cast<char>(sight)), path, what, remedy.text,
                              std::string(remedy.is_command ? command_word : sentence_word)})
      text.append(field).push_back(separator);
  return text;
}

std::vector<Seen> seen_in(std::string_view& text) {
  std::vector<Seen> all;
  for (auto left = base::parse_number<std::size_t>(take(text)).value_or(0); left > 0; --left) {
    const auto letter = take(text);
    Seen seen{static_cast<Sight>(letter.empty() ? '?' : letter.front()), std::string(take(text)),
              std::string(take(text)), take(text)};
    seen.remedy.is_command = take(text) == command_word;
    all.push_back(std::move(seen));
  }
  return all;
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "admin/account.hpp"
#include "admin/check/check.hpp"
#include "admin/failure.hpp"
#include "admin/user_access.hpp"
#include "base/unique_fd.hpp"
#include "pop3/coding.hpp"

#include <algorithm>
#include <array>
#include <boost/filesystem/operations.hpp>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace admin {

namespace {

// A kind of finding. The process that acts as the user sends its finding as text: the letter of the
// kind, the path, a NUL, the description.
struct FindingKind {
  char letter;
  Severity severity;
  std::string_view id;
  std::string_view remedy;
};

// clang-format off
constexpr FindingKind kinds[] = {
    {'m', Severity::error, "mailbox-missing", "sodapop user add --create-maildir, or maildirmake as that user"},
    {'n', Severity::error, "mailbox-not-maildir", "make cur, new and tmp in it, as that user"},
    {'c', Severity::error, "mailbox-parent-closed", "let that user enter it (chmod +x) and all directories above"},
    {'a', Severity::error, "mailbox-inaccessible", "chmod u+rwx it, as its owner"},
    {'o', Severity::error, "mailbox-owner", "chown -R the Maildir to that user"},
    {'l', Severity::error, "mailbox-foreign-link", "put a directory in its place, or let root or the user own the link"},
    {'w', Severity::warning, "mailbox-parent-writable", "chmod o-w it"},
    {'r', Severity::warning, "mailbox-readable", "chmod o-rwx it"},
    {'z', Severity::warning, "mailbox-encoded", "sodapop-migration(7), COMPRESSED AND ENCRYPTED MESSAGES"},
};
// clang-format on

std::string observed(char letter, const std::string& path, std::string_view what) {
  return letter + path + '\0' + std::string(what);
}

/// Checks one component of the path to the Maildir, which `is_last`: links of other accounts,
/// directories that other accounts may change or that the user may not enter.
std::string look_at_step(const std::string& path, const struct stat& link, bool is_last) {
  struct stat facts;
  const bool is_ours = link.st_uid == 0 || link.st_uid == ::geteuid();
  if (S_ISLNK(link.st_mode) && !is_ours)
    return observed('l', path, "a symbolic link of uid " + std::to_string(link.st_uid));
  if (::stat(path.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
    return observed(is_last ? 'n' : 'c', path, "it is no directory");
  if (!is_last && (facts.st_mode & S_IWOTH) != 0 && (facts.st_mode & S_ISVTX) == 0)
    return observed('w', path, "everybody may put another directory in the Maildir's place");
  if (!is_last && ::access(path.c_str(), X_OK) != 0)
    return observed('c', path, "the user may not enter it");
  return {};
}

std::string look_at_folders(const std::string& maildir) {
  struct stat facts;
  for (const auto* folder : {"", "/cur", "/new", "/tmp"}) {
    const auto path = maildir + folder;
    const int links = path == maildir ? 0 : AT_SYMLINK_NOFOLLOW; // only the Maildir may be one
    if (::fstatat(AT_FDCWD, path.c_str(), &facts, links) != 0 || !S_ISDIR(facts.st_mode))
      return observed('n', path, "it is missing, or no directory");
    if (facts.st_uid != ::geteuid())
      return observed('o', path, "it belongs to uid " + std::to_string(facts.st_uid));
    if (::access(path.c_str(), R_OK | W_OK | X_OK) != 0)
      return observed('a', path, std::strerror(errno));
  }
  if (::stat(maildir.c_str(), &facts) == 0 && (facts.st_mode & S_IRWXO) != 0)
    return observed('r', maildir, "its mode lets everybody in");
  return {};
}

/// The coding of a message, if it can be read.
pop3::Coding coding_in(const std::string& path) {
  std::array<char, pop3::coding_octets> start;
  struct stat facts;
  const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode))
    return pop3::Coding::none;
  const auto octets = ::read(file.get(), start.data(), start.size());
  return pop3::coding_of({start.data(), static_cast<std::size_t>(std::max<ssize_t>(octets, 0))});
}

/// Looks at the first messages of cur and new, in the order of the directories.
std::string look_at_messages(const std::string& maildir) {
  using boost::filesystem::directory_iterator;
  std::size_t looked_at = 0, coded = 0;
  std::string_view coding;
  for (const auto* folder : {"/cur", "/new"}) {
    boost::system::error_code error;
    std::size_t in_folder = 0;
    for (directory_iterator file(maildir + folder, error), end;
         !error && file != end && in_folder < most_messages; file.increment(error), ++in_folder)
      if (const auto found = coding_in(file->path().string()); found != pop3::Coding::none) {
        ++coded;
        coding = pop3::log_name(found);
      }
    looked_at += in_folder;
  }
  if (coded == 0)
    return {};
  return observed('z', maildir,
                  std::to_string(coded) + " of the " + std::to_string(looked_at) +
                      " messages that were looked at are compressed or encrypted (" +
                      std::string(coding) + ") and cannot be sent");
}

/// The first mistake that the user meets, as observed() gives it; empty if there is none.
std::string look(const std::string& maildir) {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = maildir.find('/', end + 1);
    const auto path = maildir.substr(0, end);
    struct stat link;
    if (::lstat(path.c_str(), &link) != 0)
      return observed(errno == ENOENT ? 'm' : 'c', path, std::strerror(errno));
    if (auto seen = look_at_step(path, link, end == std::string::npos); !seen.empty())
      return seen;
  }
  auto seen = look_at_folders(maildir);
  return seen.empty() ? look_at_messages(maildir) : seen;
}

void tell(const CheckContext& context, const users::User& user, const std::string& seen,
          Findings& findings) {
  const auto& kind = *std::ranges::find(kinds, seen.front(), &FindingKind::letter);
  if (kind.letter == 'm' &&
      context.settings.missing_maildir == config::Settings::MissingMaildir::empty)
    return;
  const auto end = seen.find('\0');
  findings.add(kind.severity, kind.id, seen.substr(1, end - 1),
               "for " + user.name + ": " + seen.substr(end + 1), kind.remedy);
}

/// Nothing if the line itself prevents the login, which check_user reports.
std::optional<base::Identity> identity_of(const users::User& user) {
  const base::Identity own{::geteuid(), ::getegid()};
  if (own.uid != 0)
    return user.uid.value_or(own.uid) == own.uid ? std::optional(own) : std::nullopt;
  if (user.uid.value_or(0) == 0 || user.gid.value_or(0) == 0)
    return {};
  return base::Identity{*user.uid, *user.gid};
}

} // namespace

void check_mailbox(const CheckContext& context, const users::User& user, Findings& findings) {
  const auto path = locate(context.settings, user);
  if (!path)
    return findings.error("mailbox-path", context.settings.users + ": " + user.name,
                          description(path.error()),
                          "correct the user's line, or maildir in the configuration");
  const auto identity = identity_of(user);
  if (!identity)
    return;
  try {
    const auto seen = as_user(*identity, [&path] { return look(*path); });
    if (!seen.empty())
      tell(context, user, seen, findings);
  } catch (const Failure& failure) {
    findings.error("mailbox-unknown", *path, "for " + user.name + ": " + failure.what(),
                   "look for processes of that user, and at the file system");
  }
}

} // namespace admin

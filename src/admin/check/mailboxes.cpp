// SPDX-License-Identifier: ISC
#include "admin/check/mailboxes.hpp"

#include "admin/user_access.hpp"
#include "base/number.hpp"
#include "users/location.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <unistd.h>

namespace admin {

namespace {

struct SightKind {
  Sight sight;
  Severity severity;
  std::string_view id;
};

// clang-format off
constexpr SightKind kinds[] = {
    {Sight::missing, Severity::error, "mailbox-missing"},
    {Sight::no_maildir, Severity::error, "mailbox-not-maildir"},
    {Sight::parent_closed, Severity::error, "mailbox-parent-closed"},
    {Sight::inaccessible, Severity::error, "mailbox-inaccessible"},
    {Sight::read_only, Severity::error, "mailbox-read-only"},
    {Sight::owner, Severity::error, "mailbox-owner"},
    {Sight::foreign_link, Severity::error, "mailbox-foreign-link"},
    {Sight::uid_refused, Severity::error, "user-uid-refused"},
    {Sight::unknown, Severity::error, "mailbox-unknown"},
    {Sight::parent_writable, Severity::warning, "mailbox-parent-writable"},
    {Sight::readable, Severity::warning, "mailbox-readable"},
    {Sight::no_space, Severity::warning, "mailbox-no-space"},
    {Sight::encoded, Severity::warning, "mailbox-encoded"},
    {Sight::stray_messages, Severity::warning, "mailbox-stray-messages"},
};
// clang-format on

constexpr std::size_t most_processes = 2;

/// Nothing if the line itself prevents the login.
std::optional<base::Identity> identity_to_look_with(const users::User& user) {
  const base::Identity own{::geteuid(), ::getegid()};
  if (own.uid != 0)
    return user.uid.value_or(own.uid) == own.uid ? std::optional(own) : std::nullopt;
  if (user.uid.value_or(0) == 0 || user.gid.value_or(0) == 0)
    return {};
  return base::Identity{*user.uid, *user.gid};
}

std::vector<Seen> unknown(const Mailbox& mailbox, const std::exception& problem) {
  return {{Sight::unknown, mailbox.path, problem.what(),
           "Look for processes of that user, and at the file system"}};
}

/// Looks as the user, in a process that can become root again.
std::vector<Seen> look_in_batch(const CheckContext& context, const Mailbox& mailbox) {
  try {
    const ActingAs user(mailbox.identity);
    return look_at(context, mailbox);
  } catch (const NoSuchIdentity& problem) {
    return {{Sight::uid_refused, mailbox.path, problem.what(),
             "Give the user's line another uid and gid, or the container a range that has them"}};
  } catch (const std::exception& problem) {
    return unknown(mailbox, problem);
  }
}

bool is_mistake(const Seen& seen) {
  return seen.sight != Sight::folders;
}

} // namespace

void Mailboxes::add(const users::User& user) {
  const auto path = locate(context_.settings, user);
  if (!path)
    return findings_.error("mailbox-path", context_.settings.users + ": " + user.name,
                           description(path.error()),
                           "Correct the user's line, or maildir in the configuration");
  const auto identity = identity_to_look_with(user);
  if (!identity)
    return;
  waiting_.push_back({user, users::plain_path(*path), *identity});
  if (waiting_.size() == batch_size)
    start_batch();
}

void Mailboxes::finish() {
  start_batch();
  while (!running_.empty())
    end_batch();
  if (in_folders_ > 0)
    findings_.note(std::to_string(in_folders_) +
                   " messages are in folders that POP3 does not show, such as " + first_folder_ +
                   " (users with such folders: " + std::to_string(users_with_folders_) + ")");
}

void Mailboxes::start_batch() {
  if (waiting_.empty())
    return;
  if (running_.size() == most_processes)
    end_batch();
  const auto& all = running_.emplace_back(std::exchange(waiting_, {})).mailboxes;
  const auto look = [&] {
    std::string text;
    for (const auto& mailbox : all)
      text += text_of(look_in_batch(context_, mailbox));
    return text;
  };
  running_.back().looks.emplace(look, batch_limit);
}

void Mailboxes::end_batch() {
  std::string text;
  std::vector<std::optional<std::vector<Seen>>> all(running_.front().mailboxes.size());
  try {
    text = running_.front().looks->result();
    std::string_view left = text;
    for (auto& seen : all)
      seen = seen_in(left);
  } catch (const std::exception&) {
    std::ranges::fill(all, std::nullopt); // a file system held the process, or it was killed
  }
  auto mailbox = running_.front().mailboxes.begin();
  for (auto& seen : all)
    tell_all(*mailbox++, std::move(seen));
  running_.pop_front();
}

// A process with the user's identity alone may see more than one that can become root again: FUSE
// lets no other process in. So the findings that are printed come from such a process.
void Mailboxes::tell_all(const Mailbox& mailbox, std::optional<std::vector<Seen>> seen) {
  const auto is_wrong = [](const auto& all) { return std::ranges::any_of(all, is_mistake); };
  const bool is_doubtful = !seen || (is_wrong(*seen) && confirmed_ < Findings::most_of_a_kind &&
                                     seen->back().sight != Sight::uid_refused);
  if (is_doubtful) {
    seen = look_again(mailbox);
    confirmed_ += is_wrong(*seen) ? 1 : 0;
  }
  for (const auto& one : *seen)
    tell(mailbox, one);
}

std::vector<Seen> Mailboxes::look_again(const Mailbox& mailbox) {
  try {
    const auto text =
        as_user(mailbox.identity, [&] { return text_of(look_at(context_, mailbox)); });
    std::string_view left = text;
    return seen_in(left);
  } catch (const std::exception& problem) {
    return unknown(mailbox, problem);
  }
}

void Mailboxes::tell(const Mailbox& mailbox, const Seen& seen) {
  if (seen.sight == Sight::folders) {
    ++users_with_folders_;
    in_folders_ += base::parse_number<std::uint64_t>(seen.what).value_or(0);
    first_folder_ = first_folder_.empty() ? seen.path : first_folder_;
    return;
  }
  const auto* const kind = std::ranges::find(kinds, seen.sight, &SightKind::sight);
  if (kind != std::end(kinds))
    findings_.add(kind->severity, kind->id, seen.path,
                  "for " + mailbox.user.name + ": " + seen.what, seen.remedy);
}

} // namespace admin

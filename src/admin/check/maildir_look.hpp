// SPDX-License-Identifier: ISC
// What a user meets on the way to the own Maildir and in it. A process that acts as the user looks,
// and sends what it has seen as text.
#pragma once

#include "admin/check/check.hpp"
#include "base/account.hpp"
#include "users/user.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace admin {

/// A user, the path of the Maildir, and the identity that its sessions have.
struct Mailbox {
  users::User user;
  std::string path;
  base::Identity identity;
};

/// The values are letters, for the text.
enum class Sight : char {
  missing = 'm',
  no_maildir = 'n',
  parent_closed = 'c',
  inaccessible = 'a',
  read_only = 'e',
  owner = 'o',
  foreign_link = 'l',
  parent_writable = 'w',
  readable = 'r',
  no_space = 'f',
  encoded = 'z',
  stray_messages = 's',
  folders = 'd', ///< `what` is the number of messages in them. No mistake.
  uid_refused = 'u',
  unknown = 'x',
};

struct Seen {
  Sight sight;
  std::string path;
  std::string what;
  Remedy remedy;
};

/// Looks, with the effective identity of the caller, at each directory from the root directory to
/// the Maildir, at cur, new and tmp, and at the names and the beginnings of some files. The first
/// mistake that keeps the user out is the last one that is seen.
std::vector<Seen> look_at(const CheckContext& context, const Mailbox& mailbox);

/// The same as text, and back. Texts can be joined: `seen_in` takes those of one user from the
/// front. Throws std::runtime_error for another text.
std::string text_of(const std::vector<Seen>& seen);
std::vector<Seen> seen_in(std::string_view& text);

} // namespace admin

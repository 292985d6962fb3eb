// SPDX-License-Identifier: ISC
// Makes the Maildir of a user, with the permissions of that user alone.
#pragma once

#include "users/user.hpp"

#include <string>

namespace admin {

/// Makes what is missing of the Maildir at `path`, with the identity of `user`; what is there stays
/// as it is. False when nothing is missing. Throws Failure, with the command that makes the
/// directory where only root may do so.
bool make_maildir(const users::User& user, const std::string& path);

/// The directory that root has to make, for the user to make the rest: the home, if it is missing
/// and `path` is below it, else `path`.
std::string place_to_make(const users::User& user, const std::string& path);

} // namespace admin

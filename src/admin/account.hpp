// SPDX-License-Identifier: ISC
// Looks up accounts of the system, and runs work under their identity.
#pragma once

#include "base/account.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace admin {

/// The account of that name that the name services of the system have, such as /etc/passwd or LDAP;
/// nothing when they have none. Throws std::system_error.
std::optional<base::Account> find_account(const std::string& name);

/// The time for work under another identity, which a slow disk does in less than a second.
inline constexpr std::chrono::seconds longest_work{10};

/// Calls `work` in a child process and returns its result. Root's child has the identity `who`
/// without other groups, as when a server that was started as root serves a Maildir. A caller that
/// is not root keeps its identity; Failure is thrown if its uid is not that of `who`. An exception
/// of `work` becomes a Failure with the same message. `work` must not use standard output: its
/// buffer is the parent's. The user's other processes can stop or kill the child, and a file system
/// of theirs can hold it: after `limit` it is killed, and Failure is thrown.
std::string as_user(const base::Identity& who, const std::function<std::string()>& work,
                    std::chrono::milliseconds limit = longest_work);

} // namespace admin

// SPDX-License-Identifier: ISC
// Access to one directory of messages, new/ or cur/, by its descriptor: never by path, and without
// following links.
#pragma once

#include "base/unique_fd.hpp"

#include <cstdint>
#include <ctime>
#include <functional>
#include <string_view>

namespace maildir {

/// Opens the directory `name` in `parent`; empty with errno set when it is missing or only a link.
base::UniqueFd open_folder(int parent, const char* name);

/// Calls `visit` with the name of each regular file that does not begin with a dot, and the inode
/// number that the directory has for it, in no order. The name ends with NUL. Calls `before_block`
/// for every few hundred names. Throws std::system_error when the directory cannot be listed or the
/// type of a file cannot be learnt, and what the functions throw.
void for_each_file(
    int folder, const std::function<void(std::string_view, std::uint64_t)>& visit,
    const std::function<void()>& before_block = [] {});

/// Tells the contents of a file from those that it had before: a number made of its length and the
/// time of its last modification.
std::uint64_t fingerprint(std::uint64_t length, const timespec& modified);

bool is_before(const timespec& time, const timespec& other);

/// True when the file system has the time at which the file was made, and it is before `time`,
/// which is of coarse_time() in folder_watch.hpp. False in doubt.
bool is_made_before(const timespec& time, int folder, const char* name);

/// Renames without ever replacing another file; false with errno set when that fails: EOPNOTSUPP
/// where the file system has no call for it. Where a rename takes two steps and the second fails,
/// the file has both names.
bool rename_without_loss(int from, const char* old_name, int to, const char* new_name);

} // namespace maildir

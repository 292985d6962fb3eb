// SPDX-License-Identifier: ISC
// A line of the users file, taken apart into its fields, to be changed and put together again.
#pragma once

#include <string>
#include <string_view>

namespace admin {

struct LineDraft {
  std::string name, hash, uid, gid, gecos, home, shell, extra;
};

/// Fields that `text` has not are empty.
LineDraft draft_of(std::string_view text);

/// The line with all its colons, without its end.
std::string text_of(const LineDraft& draft);

} // namespace admin

// SPDX-License-Identifier: ISC
// What a failure with one message means for the others.
#pragma once

#include "base/system_error.hpp"

#include <exception>

namespace maildir {

/// The result of `action`, or false when it throws: a failure with one message must not stop what
/// is done for the others.
template <class Action> bool attempted(const Action& action) {
  try {
    return action();
  } catch (const std::exception&) {
    return false;
  }
}

/// False when a system call did not find its file. Throws when it failed for another reason.
inline bool found_file(bool succeeded, const char* what) {
  if (!succeeded && errno != ENOENT)
    base::throw_errno(what);
  return succeeded;
}

} // namespace maildir

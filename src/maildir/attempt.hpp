// SPDX-License-Identifier: ISC
// What a failure with one message means for the others.
#pragma once

#include "base/system_error.hpp"

#include <exception>
#include <new>
#include <optional>

namespace maildir {

/// Calls `action`, whose failure does not matter: one message must not stop what is done for the
/// others.
template <class Action> void attempt(const Action& action) {
  try {
    action();
  } catch (const std::exception&) {
    return;
  }
}

/// Made before memory is short, as an error needs some for its text. A copy needs none.
// NOLINTNEXTLINE(cert-err58-cpp): a program that fails here has done nothing yet.
inline const std::system_error out_of_memory(ENOMEM, std::generic_category(), "out of memory");

/// The failure of `action`, if it fails. A lack of memory is an error of the system like others.
template <class Action> std::optional<std::system_error> failure_of(const Action& action) {
  try {
    action();
    return {};
  } catch (const std::system_error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return out_of_memory;
  }
}

/// False when a system call did not find its file. Throws when it failed for another reason.
inline bool found_file(bool succeeded, const char* what) {
  if (!succeeded && errno != ENOENT)
    base::throw_errno(what);
  return succeeded;
}

} // namespace maildir

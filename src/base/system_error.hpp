// SPDX-License-Identifier: ISC
// Throws std::system_error for a failed system call: the only way in which failures of the machine
// are reported.
#pragma once

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

namespace base {

/// Throws std::system_error for the current errno, or for `error`; `what` names the call and its
/// object.
[[noreturn]] inline void throw_errno(const std::string& what, int error = errno) {
  throw std::system_error(error, std::generic_category(), what);
}

/// Whether the system has run out of memory, processes or descriptors, which other processes may
/// give back.
inline bool is_shortage(const std::error_code& code) {
  constexpr int shortages[] = {EAGAIN, ENOMEM, EMFILE, ENFILE};
  return code.category() == std::generic_category() &&
         std::find(std::begin(shortages), std::end(shortages), code.value()) != std::end(shortages);
}

/// Gives `result` back unless it is negative; then throws as throw_errno does.
template <class T> T check(T result, std::string_view what) {
  if (result < 0)
    throw_errno(std::string(what));
  return result;
}

} // namespace base

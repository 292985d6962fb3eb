// SPDX-License-Identifier: ISC
// A value, or the documented reason why there is none. The member names are those of std::expected
// (C++23), which replaces this type once both compilers of the project have it.
#pragma once

#include <string_view>
#include <utility>
#include <variant>

namespace base {

/// Makes a Result that holds a reason: `return Refused{Reason::overlong};`.
template <class E> struct Refused { E error; };
template <class E> Refused(E) -> Refused<E>;

/// A reason in words. Each is a constant of the room that refuses, so that reasons can be compared.
struct Problem {
  std::string_view sentence;  ///< For a log or a terminal: no full stop, no text of the input.
  std::string_view word = {}; ///< For a log, with hyphens. Empty where the sentence is logged.

  bool operator==(const Problem&) const = default;
  friend std::string_view description(const Problem& problem) { return problem.sentence; }
  friend std::string_view log_name(const Problem& problem) { return problem.word; }
};

/// Holds a T or an E. For mistakes of a client or in a file; a failure of the system is thrown
/// instead.
template <class T, class E> class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Refused<E> refused) : state_(std::in_place_index<1>, std::move(refused.error)) {}

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  /// Throw std::bad_variant_access when the Result holds the other type.
  T& value() { return std::get<0>(state_); }
  const T& value() const { return std::get<0>(state_); }
  const E& error() const { return std::get<1>(state_); }

  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::variant<T, E> state_;
};

} // namespace base

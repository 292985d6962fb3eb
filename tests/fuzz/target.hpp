// SPDX-License-Identifier: ISC
// The common part of all fuzz targets: their registration, the check of properties, and the reader
// of the octets of an input.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace fuzz {

/// Ends the process with `property` on standard error unless it holds, in release builds as well.
inline void expect(bool holds, const char* property) {
  if (holds)
    return;
  std::fprintf(stderr, "this does not hold: %s\n", property);
  std::abort();
}

/// The octets of one input, taken from the front. Octets beyond the end read as zero.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  /// Takes at most `size` octets.
  std::string_view take(std::size_t size) {
    const auto taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }
  std::uint8_t byte() {
    const auto taken = take(1);
    return taken.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(taken.front());
  }
  /// Takes the octets up to the next `mark`, which is dropped, or up to the end.
  std::string_view take_until(char mark) {
    const auto taken = take(rest_.find(mark));
    take(1);
    return taken;
  }

 private:
  std::string_view rest_;
};

/// A fuzz target: a function that tries one input, and the name of its corpus. Each source
/// NAME_fuzz.cpp defines one object, which registers itself: replay.cpp is linked with all of them,
/// libfuzzer.cpp with one.
class Target {
 public:
  Target(std::string_view name, void (*try_input)(Input))
      : name_(name), try_input_(try_input), next_(first_) {
    first_ = this;
  }

  /// Ends the process when a property does not hold.
  void run(Input input) const { try_input_(input); }
  static const Target* first() { return first_; }
  /// Null when no target has this name.
  static const Target* find(std::string_view name) {
    const Target* target = first_;
    while (target && target->name_ != name)
      target = target->next_;
    return target;
  }

 private:
  static inline const Target* first_ = nullptr;

  std::string_view name_;
  void (*try_input_)(Input);
  const Target* next_;
};

/// The sizes of the pieces of a cut stream, which depend on a seed alone. Seed 0 cuts nowhere,
/// seed 1 after every octet.
class Splits {
 public:
  explicit Splits(std::uint8_t seed) : seed_(seed), state_(seed) {}

  /// The next size, from 1 to `most`, which must not be 0.
  std::size_t next(std::size_t most) {
    if (seed_ < 2)
      return seed_ == 0 ? most : 1;
    state_ = state_ * 1103515245u + 12345u; // the example generator of the C standard
    const std::size_t drawn = state_ >> 16 & 0x7fff;
    // Small pieces, with a large one now and then.
    return 1 + (drawn % 8 == 0 ? drawn : drawn % 16) % most;
  }

 private:
  std::uint8_t seed_;
  std::uint32_t state_;
};

} // namespace fuzz

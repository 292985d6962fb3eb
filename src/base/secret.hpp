// SPDX-License-Identifier: ISC
// Bytes that must not outlive their use: passwords, keys, proofs.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace base {

/// Overwrites `size` bytes at `data` in a way that no compiler may leave out.
void wipe(void* data, std::size_t size) noexcept;

/// Wipes the stack below the caller's frame, as far as a check of a login uses it: functions that
/// have returned, those of libraries included, leave there what they worked on.
void wipe_stack() noexcept;

/// True when both have the same bytes. The time does not depend on where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

/// A byte string that cannot be copied or printed and is wiped by its destructor.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&& other) noexcept {
    Secret taken(std::move(other)); // its destructor wipes the old bytes
    bytes_.swap(taken.bytes_);
    return *this;
  }
  ~Secret() { wipe(bytes_.data(), bytes_.size()); }

  /// Valid while this object is neither moved from nor destroyed.
  std::string_view reveal() const noexcept { return {bytes_.data(), bytes_.size()}; }
  bool empty() const noexcept { return bytes_.empty(); }
  std::size_t size() const noexcept { return bytes_.size(); }

 private:
  std::vector<char> bytes_;
};

/// A fixed number of octets that are wiped by their destructor. Each copy wipes itself.
template <std::size_t Size> struct SecretOctets : std::array<std::uint8_t, Size> {
  ~SecretOctets() { wipe(this->data(), Size); }
};

/// Wipes the octets of an object on the stack, or of a member declared before, when it goes out of
/// scope.
template <class T> class Wiper {
 public:
  static_assert(std::is_trivially_copyable_v<T>);

  explicit Wiper(T& object) noexcept : object_(object) {}
  Wiper(const Wiper&) = delete;
  Wiper& operator=(const Wiper&) = delete;
  ~Wiper() { wipe(&object_, sizeof object_); }

 private:
  T& object_;
};

} // namespace base

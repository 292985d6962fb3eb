// SPDX-License-Identifier: ISC
// Bytes that must not outlive their use: passwords.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace base {

/// Overwrites `size` bytes at `data` in a way that no compiler may leave out.
void wipe(void* data, std::size_t size) noexcept;

/// A byte string that cannot be copied or printed and is wiped by its destructor.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  Secret(Secret&&) noexcept = default;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(bytes_.data(), bytes_.size()); }

  /// Valid while this object is neither moved from nor destroyed.
  std::string_view reveal() const noexcept { return {bytes_.data(), bytes_.size()}; }
  bool empty() const noexcept { return bytes_.empty(); }
  std::size_t size() const noexcept { return bytes_.size(); }

 private:
  std::vector<char> bytes_;
};

} // namespace base

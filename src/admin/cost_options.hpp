// SPDX-License-Identifier: ISC
// The options that set the cost of a new hash.
#pragma once

#include "admin/command_line.hpp"
#include "passwords/password_hash.hpp"

#include <cstdint>
#include <string>

namespace admin {

/// `--cost PRESET`, or `--hash-memory MIB` with `--hash-operations NUMBER`.
class CostOptions {
 public:
  /// This object must live until the command line is parsed.
  Options options();

  bool given() const { return memory_ != 0 || !preset_.empty(); }
  /// The chosen cost; by default OWASP's advice.
  passwords::Cost cost() const;
  /// As cost(), but throws Failure above `ceiling`: the server would refuse such a hash.
  passwords::Cost cost_within(const passwords::Cost& ceiling) const;

 private:
  std::string preset_;
  std::uint32_t memory_ = 0; ///< MiB.
  std::uint32_t operations_ = 0;
};

} // namespace admin

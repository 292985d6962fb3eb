// SPDX-License-Identifier: ISC
// The options that say what a new hash shall cost.
#pragma once

#include "passwords/password_hash.hpp"

#include <CLI/App.hpp>
#include <cstdint>
#include <string>

namespace admin {

/// `--cost PRESET`, or `--hash-memory MIB` with `--hash-operations NUMBER`.
class CostOptions {
 public:
  /// This object must outlive the parsing of `command`.
  void declare(CLI::App& command);

  bool given() const { return memory_ != 0 || !preset_.empty(); }
  /// The default is OWASP's advice.
  passwords::Cost cost() const;
  /// The same. Throws Failure above `ceiling`: the server would refuse such a hash.
  passwords::Cost cost_within(const passwords::Cost& ceiling) const;

 private:
  std::string preset_;
  std::uint32_t memory_ = 0; ///< MiB.
  std::uint32_t operations_ = 0;
};

} // namespace admin

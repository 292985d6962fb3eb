// SPDX-License-Identifier: ISC
// Writes the records of a compiled users file. Its memory use grows by about 8 octets a user.
#pragma once

#include "users/compiled_header.hpp"
#include "users/decoy_costs.hpp"
#include "users/user.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

struct cdb_make; // TinyCDB's

namespace users {

class CompiledWriter {
 public:
  /// The limit of a constant database, whose positions in the file have 32 bits.
  static constexpr std::uint64_t most_octets = 0xffff'ffff;

  enum class Outcome {
    added,
    duplicate, ///< The name already has a line, which stays in force.
    full,      ///< The file would have more than `most` octets.
  };

  /// Writes to `fd`, which must outlive this object, from the beginning of the file. Throws
  /// std::system_error.
  explicit CompiledWriter(int fd, std::uint64_t most = most_octets);

  /// Adds `line`, the line of `user` without its end. Throws std::system_error.
  Outcome add(const User& user, std::string_view line);
  /// Writes the rest of the file; nothing may be added afterwards. Throws std::system_error.
  void finish(CompiledHeader header);

 private:
  /// False when the key has a record, which stays.
  bool put(std::string_view key, std::string_view value);

  std::unique_ptr<::cdb_make, void (*)(::cdb_make*)> database_;
  std::uint64_t most_;
  std::uint64_t octets_;
  DecoyCosts costs_;
};

} // namespace users

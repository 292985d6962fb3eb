// SPDX-License-Identifier: ISC
// The file of a PenaltyTable: made, checked and opened.
#pragma once

#include "base/result.hpp"
#include "base/unique_fd.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <sys/types.h>

namespace state {

/// An open file of the right size and version, made since this boot.
struct PenaltyFile {
  /// The header has one page; after it come the entries.
  static constexpr std::size_t header_octets = 4096, entry_octets = 48, entries = 65'536;
  static constexpr std::size_t octets = header_octets + entries * entry_octets;

  static constexpr auto name = "/penalties"; ///< In the runtime directory.

  base::UniqueFd fd;                   ///< Open for reading and writing.
  std::array<unsigned char, 16> key{}; ///< Random octets from the header.
  dev_t device = 0;
  ino_t inode = 0;

  /// Opens the file `penalties` in `runtime_directory`. It is made anew, with mode 0600, when it is
  /// missing, is not a regular file that only its account may read and write, has another size or
  /// version, or is of another boot. All of its space is allocated then, since on a full file
  /// system a write to a mapping of it would raise SIGBUS. Gives the problem in words when that
  /// fails.
  static base::Result<PenaltyFile, std::string> open(const std::string& runtime_directory);
  /// Opens the file as it is, whatever its owner is. Nothing when open() would make it anew.
  /// Throws std::system_error when this process may not write to it.
  static std::optional<PenaltyFile> open_existing(const std::string& runtime_directory);
  /// Why open() could not use the file nor make it anew, in words, as far as its name tells.
  /// Nothing when it is missing. Throws std::system_error.
  static std::optional<std::string> problem(const std::string& runtime_directory);
};

} // namespace state

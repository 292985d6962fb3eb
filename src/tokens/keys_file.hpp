// SPDX-License-Identifier: ISC
// The settings of OAuth, and its file of keys: opened while the process still can, read once it is
// confined.
#pragma once

#include "base/trusted_file.hpp"
#include "config/settings.hpp"
#include "tokens/key_set.hpp"
#include "tokens/token.hpp"

#include <optional>
#include <string>

namespace tokens {

/// Whether tokens are accepted at all.
bool accepts_tokens(const config::Settings& settings);

/// A sentence without full stop when tokens are accepted, but not everything is set that says
/// which: a mistake of the configuration, to be told before any client is served.
std::optional<std::string> problem_with_oauth(const config::Settings& settings);

TokenPolicy token_policy(const config::Settings& settings);

class KeysFile {
 public:
  /// Under the rules of open_trusted, which says what is thrown. Nothing is read yet.
  static base::Result<KeysFile, base::FileProblem> open(const std::string& path);

  /// The keys, with no other system calls than pread(2) and those for memory. Throws
  /// std::system_error.
  base::Result<KeySet, KeySetProblem> read() const;

 private:
  explicit KeysFile(base::UniqueFd fd) : fd_(std::move(fd)) {}

  base::UniqueFd fd_;
};

} // namespace tokens

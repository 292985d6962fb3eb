// SPDX-License-Identifier: ISC
// The settings of OAuth, and its file of keys: opened while the process still can, read once it is
// confined.
#pragma once

#include "base/settings.hpp"
#include "credentials/key_set.hpp"
#include "credentials/token.hpp"
#include "credentials/trusted_file.hpp"

#include <optional>
#include <string>

namespace credentials {

/// Whether tokens are accepted at all.
bool accepts_tokens(const base::Settings& settings);

/// A sentence without full stop when tokens are accepted, but not everything is set that says
/// which: a mistake of the configuration, to be told before any client is served.
std::optional<std::string> problem_with_oauth(const base::Settings& settings);

TokenPolicy token_policy(const base::Settings& settings);

class KeysFile {
 public:
  /// Under the rules of open_trusted, which says what is thrown. Nothing is read yet.
  static base::Result<KeysFile, FileProblem> open(const std::string& path);

  /// The keys, with no other system calls than pread(2) and those for memory. Throws
  /// std::system_error.
  base::Result<KeySet, KeySetProblem> read() const;

 private:
  explicit KeysFile(base::UniqueFd fd) : fd_(std::move(fd)) {}

  base::UniqueFd fd_;
};

} // namespace credentials

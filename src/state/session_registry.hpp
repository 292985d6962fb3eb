// SPDX-License-Identifier: ISC
// The list of sessions that `sodapop who` reads: a file for each, locked for as long as its process
// lives. The monitor takes the file before it becomes the user, the keeper writes to it; neither
// reads it, and no decision depends on it. The keeper has a mapping of the file's one page, to
// write there, and a descriptor for reading, which keeps the lock: with neither can it make the
// file grow. The mapping alone would not keep the lock on overlayfs, as it refers to the file of a
// layer.
#pragma once

#include "base/unique_fd.hpp"
#include "state/session_record.hpp"

#include <memory>
#include <optional>
#include <string>

namespace state {

class RegisteredSession {
 public:
  /// A session that is in no list.
  RegisteredSession() = default;

  /// Runs in the monitor, which must not fork afterwards: a child would hold the lock too. Takes a
  /// file of `directory`, which is made with mode 0700 when it is missing, and writes `record` to
  /// it. The session's id chooses the file: first among 64 numbers, then among 128 and so on, so
  /// that a host with few sessions has few files. Nothing when all places are taken. Throws
  /// std::system_error.
  static std::optional<RegisteredSession> take(const std::string& directory, SessionRecord record);

  /// Runs in the keeper: records a request of the client, which has been given `retrieved` messages
  /// so far. Writes in the first call of each second; ignores failures.
  void note(std::uint64_t retrieved) noexcept;

  /// Runs in the keeper: records that UPDATE begins, so that the process is not killed in it.
  /// Ignores failures.
  void note_update() noexcept;

 private:
  struct Unmap {
    void operator()(char* page) const noexcept;
  };
  using Page = std::unique_ptr<char, Unmap>;

  RegisteredSession(base::UniqueFd lock, Page page, SessionRecord record)
      : lock_(std::move(lock)), page_(std::move(page)), record_(std::move(record)) {}

  void write() noexcept;

  base::UniqueFd lock_; ///< The file, for reading; holds its lock.
  Page page_;           ///< The file as shared memory.
  SessionRecord record_;
};

} // namespace state

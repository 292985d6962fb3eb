// SPDX-License-Identifier: ISC
// The list of sessions that `sodapop who` reads: a file for each, locked for as long as its process
// lives. The monitor takes the file before it becomes the user, the keeper writes to it; neither
// reads it, and no decision depends on it. What the keeper has of the file is its one page of
// memory and no descriptor, so that it could neither make the file grow nor hand the lock on.
#pragma once

#include "state/session_record.hpp"

#include <optional>
#include <string>

namespace state {

class RegisteredSession {
 public:
  /// Is in no list.
  RegisteredSession() = default;
  RegisteredSession(RegisteredSession&& other) noexcept;
  RegisteredSession& operator=(RegisteredSession&& other) noexcept;
  ~RegisteredSession();

  /// Runs in the monitor, which must not fork afterwards: whoever inherits the memory would hold
  /// the lock too. Takes a file of `directory`, which is made with mode 0700 when it is
  /// missing, and writes `record` to it. Which one depends on the session's id: the first of 64
  /// numbers, then of 128 and so on, so that a quiet host has few files. Nothing when all places
  /// are taken. Throws std::system_error.
  static std::optional<RegisteredSession> take(const std::string& directory, SessionRecord record);

  /// Runs in the keeper: the client has asked for something, and has been given `retrieved`
  /// messages so far. Written in the first call of each second; what does not work is left.
  void note(std::uint64_t retrieved) noexcept;

 private:
  RegisteredSession(char* page, SessionRecord record) : page_(page), record_(std::move(record)) {}

  char* page_ = nullptr; ///< The file, as memory that is shared; keeps the lock.
  SessionRecord record_;
};

} // namespace state

// SPDX-License-Identifier: ISC
// A stored message that the keeper has opened. Runs in the front.
#pragma once

#include "base/unique_fd.hpp"
#include "pop3/coding.hpp"
#include "pop3/maildrop.hpp"

#include <cstdint>
#include <ctime>
#include <functional>

namespace front {

/// Reads the `length` octets that the file had when it was opened. Throws MessageChanged when the
/// file has become shorter or was written to since then: when its time of last modification is not
/// `modified`, unless touch(1) has set it between two reads. A failing medium is a temporary
/// StoreFailure, a message that begins with the mark of a Coding one of that kind.
class MessageFile : public pop3::MessageSource {
 public:
  using OnSent = std::function<void(pop3::Octets)>;
  /// The errno of a read that failed, or else the coding of the message.
  struct Failure {
    int error = 0;
    pop3::Coding coding{};
  };
  using OnFailed = std::function<void(const Failure&)>;

  /// `on_sent` is called with the number of octets after the whole message was sent, `on_failed`
  /// before a StoreFailure is thrown.
  MessageFile(
      base::UniqueFd fd, std::uint64_t length, const timespec& modified,
      OnSent on_sent = [](pop3::Octets) {}, OnFailed on_failed = [](const Failure&) {});
  std::size_t read(std::span<char> space) override;
  /// True when the file still exists and was not written to since it was opened.
  bool is_as_opened() const;
  void sent_whole(pop3::Octets octets) override { on_sent_(octets); }

 private:
  [[noreturn]] void fail(const Failure& failure) const;
  void look();

  base::UniqueFd fd_;
  std::uint64_t length_;
  std::uint64_t left_;
  bool has_begun_ = false;
  timespec modified_;
  timespec accessed_{}; // after the last read
  bool is_written_ = false;
  OnSent on_sent_;
  OnFailed on_failed_;
};

} // namespace front

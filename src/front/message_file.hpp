// SPDX-License-Identifier: ISC
// A stored message that the keeper has opened. Runs in the front.
#pragma once

#include "base/unique_fd.hpp"
#include "pop3/maildrop.hpp"

#include <cstdint>
#include <ctime>
#include <functional>

namespace front {

/// Reads the `length` octets that the file had when it was opened. Throws MessageChanged when the
/// file has become shorter or was written to since then: when its time of last modification is not
/// `modified`. A failing medium is a temporary StoreFailure.
class MessageFile : public pop3::MessageSource {
 public:
  using OnSent = std::function<void(pop3::Octets)>;
  using OnFailed = std::function<void(int error)>;

  /// `on_sent` is called with the number of octets after the whole message was sent, `on_failed`
  /// with the errno of a read that failed.
  MessageFile(
      base::UniqueFd fd, std::uint64_t length, const timespec& modified,
      OnSent on_sent = [](pop3::Octets) {}, OnFailed on_failed = [](int) {});
  std::size_t read(std::span<char> space) override;
  /// True when the file still exists and was not written to since it was opened.
  bool is_as_opened() const;
  void sent_whole(pop3::Octets octets) override { on_sent_(octets); }

 private:
  base::UniqueFd fd_;
  std::uint64_t left_;
  timespec modified_;
  OnSent on_sent_;
  OnFailed on_failed_;
};

} // namespace front

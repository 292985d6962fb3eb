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
/// `modified`.
class MessageFile : public pop3::MessageSource {
 public:
  /// `on_sent` is called with the number of octets after the whole message was sent.
  MessageFile(
      base::UniqueFd fd, std::uint64_t length, const timespec& modified,
      std::function<void(pop3::Octets)> on_sent = [](pop3::Octets) {});
  std::size_t read(std::span<char> space) override;
  /// True when the file still exists and was not written to since it was opened.
  bool is_as_opened() const;
  void sent_whole(pop3::Octets octets) override { on_sent_(octets); }

 private:
  base::UniqueFd fd_;
  std::uint64_t left_;
  timespec modified_;
  std::function<void(pop3::Octets)> on_sent_;
};

} // namespace front

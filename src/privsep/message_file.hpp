// SPDX-License-Identifier: ISC
// A stored message that the keeper has opened. Runs in the front.
#pragma once

#include "base/unique_fd.hpp"
#include "pop3/maildrop.hpp"

#include <cstdint>
#include <ctime>

namespace privsep {

/// Gives the `length` octets that the file had when it was opened. Throws MessageChanged when it
/// has become shorter, or was written to since.
class MessageFile : public pop3::MessageSource {
 public:
  MessageFile(base::UniqueFd fd, std::uint64_t length);
  std::size_t read(std::span<char> space) override;

 private:
  timespec modified() const;

  base::UniqueFd fd_;
  std::uint64_t left_;
  timespec modified_at_open_;
};

} // namespace privsep

// SPDX-License-Identifier: ISC
// Looks at the first octets of a conversation for what a client of POP3 never sends: they tell that
// the server and the program in front of it are set up differently.
#pragma once

#include "ipc/request.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace front {

class FirstOctets {
 public:
  /// `follow_header`: a PROXY header has been read, so that these octets are the client's own.
  explicit FirstOctets(bool follow_header) : follow_header_(follow_header) {}

  /// Takes the next octets of the conversation, in pieces of any size. Gives tls_unexpected for the
  /// beginning of a TLS handshake, and proxy_unexpected or, after a header, proxy_doubled for that
  /// of a PROXY header.
  std::optional<ipc::Ending> take(std::string_view octets);

 private:
  bool follow_header_;
  std::array<char, 2> first_{};
  std::size_t taken_ = 0; // of first_
  proxy_protocol::SignatureDetector header_;
};

} // namespace front

// SPDX-License-Identifier: ISC
// The header that a proxy writes in front of a connection which it passes on, to say whose it is:
// HAProxy's PROXY protocol, versions 1 and 2 (proxy-protocol.txt, sections 2.1 and 2.2).
#pragma once

#include "base/address.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace proxy_protocol {

/// Octets of a header of version 1, CR LF included; section 2.1 counts the longest.
constexpr std::size_t max_line = 107;
/// Octets behind the first 16 of version 2. Addresses, a certificate's common name and the like
/// have a few hundred; the length field could say 65535, from which nobody gains.
constexpr std::size_t max_block = 4096;
/// RFC 5280, appendix A: 64 characters, which have four octets each in UTF-8 at most.
constexpr std::size_t max_common_name = 256;

struct Header {
  enum class Origin : std::uint8_t {
    client,  ///< Of the protocol TCP, from `source`.
    unknown, ///< Somebody whom the protocol has no address for: UNKNOWN, UNSPEC, a local socket.
    proxy,   ///< LOCAL: the proxy itself, mostly to see whether we are well.
    last = proxy
  };
  enum class Tls : std::uint8_t { unknown, no, yes, last = yes };

  Origin origin = Origin::unknown;
  std::optional<base::Address> source; ///< With Origin::client.
  Tls tls = Tls::unknown;              ///< Between the client and the proxy.
  /// The client has shown a certificate in this very connection, and the proxy has verified it.
  bool has_certificate = false;
  std::string common_name; ///< Of that certificate; empty when unknown or above max_common_name.
};

enum class HeaderProblem : std::uint8_t {
  missing,  ///< What came is not the beginning of a header.
  malformed ///< It began as a header and went on as none, or as one that is not for TCP.
};

/// Takes a header in pieces of any size, and never an octet beyond it.
class HeaderParser {
 public:
  /// Octets that may be read next, since the header has them for certain; 0 once it is whole.
  std::size_t wanted() const { return wanted_; }
  /// Takes from 1 to wanted() octets. Gives what is wrong, after which there is nothing to be done.
  std::optional<HeaderProblem> take(std::string_view octets);
  bool has_begun() const { return !octets_.empty(); }

  /// Once nothing is wanted. What a LOCAL or UNKNOWN header says besides is not looked at.
  const Header& header() const { return header_; }

 private:
  std::optional<HeaderProblem> take_line();
  std::optional<HeaderProblem> take_block();

  std::string octets_;
  std::size_t wanted_ = 15; // the shortest header: PROXY UNKNOWN and CR LF
  Header header_;
};

/// Whether a conversation begins like another header, which only a proxy too many, or somebody who
/// plays one, can have written.
class SignatureDetector {
 public:
  /// Takes the next octets of the conversation. True from the last octet of a signature on.
  bool has_come(std::string_view octets);

 private:
  std::string first_;
};

} // namespace proxy_protocol

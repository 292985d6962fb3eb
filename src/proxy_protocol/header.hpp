// SPDX-License-Identifier: ISC
// The header that a proxy writes in front of a forwarded connection, to tell who the client is:
// HAProxy's PROXY protocol, versions 1 and 2 (proxy-protocol.txt, sections 2.1 and 2.2).
#pragma once

#include "base/address.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace proxy_protocol {

/// The most octets of a header of version 1, CR LF included (section 2.1).
constexpr std::size_t max_line = 107;
/// The most octets behind the first 16 of version 2. Addresses, a certificate's common name and the
/// like have a few hundred; the length field allows 65535, which has no use.
constexpr std::size_t max_block = 4096;
/// The most octets of a common name: RFC 5280, appendix A allows 64 characters, each of at most
/// four octets in UTF-8.
constexpr std::size_t max_common_name = 256;

struct Header {
  enum class Origin : std::uint8_t {
    client,  ///< A client that uses TCP, from `source`.
    unknown, ///< A client without an address in the protocol: UNKNOWN, UNSPEC, a local socket.
    proxy,   ///< LOCAL: the proxy itself, mostly for a health check.
    last = proxy
  };
  enum class Tls : std::uint8_t { unknown, no, yes, last = yes };

  Origin origin = Origin::unknown;
  std::optional<base::Address> source; ///< With Origin::client.
  Tls tls = Tls::unknown;              ///< Whether client and proxy use TLS between them.
  /// Of the certificate that the client has shown in this connection and the proxy has verified;
  /// empty without one, and when unknown or above max_common_name.
  std::string common_name;
};

enum class HeaderProblem : std::uint8_t {
  missing,  ///< The octets are not the beginning of a header.
  malformed ///< The beginning is that of a header, the rest is wrong or not for TCP.
};

/// Takes a header in pieces of any size, and no octet beyond it.
class HeaderParser {
 public:
  /// The number of octets that may be read next, as the header has at least that many more; 0 once
  /// the header is complete.
  std::size_t wanted() const { return wanted_; }
  /// Takes from 1 to wanted() octets. Gives the problem if there is one; the parser is of no use
  /// after that.
  std::optional<HeaderProblem> take(std::string_view octets);
  bool has_begun() const { return !octets_.empty(); }

  /// Call this only once wanted() is 0. Other contents of a LOCAL or UNKNOWN header are ignored.
  const Header& header() const { return header_; }

 private:
  std::string octets_;
  std::size_t wanted_ = 15; // the shortest header: PROXY UNKNOWN and CR LF
  Header header_;
};

/// Detects a second header at the start of a conversation: either there is one proxy too many, or
/// the client imitates a proxy.
class SignatureDetector {
 public:
  /// Takes the next octets of the conversation. True once a whole signature has come, and from then
  /// on.
  bool has_come(std::string_view octets);

 private:
  std::string first_;
  bool is_other_ = false; // the conversation begins with no signature
};

} // namespace proxy_protocol

// SPDX-License-Identifier: ISC
#include "proxy_protocol/block.hpp"

#include "support/proxy_headers.hpp"

#include <doctest/doctest.h>
#include <ostream>

using proxy_protocol::Header;
using Origin = Header::Origin;
using Tls = Header::Tls;
using namespace support;

namespace {

constexpr std::size_t checksum_octets = 4;

/// Parses a whole header, as HeaderParser does.
std::optional<Header> parse(const std::string& octets) {
  if (proxy_protocol::missing_in_block(octets) != std::size_t{0})
    return {};
  return proxy_protocol::parse_block(octets);
}

Header parsed(const std::string& octets) {
  auto header = parse(octets);
  REQUIRE(header);
  return *header;
}

/// A header with the right CRC32c between `before` and `after`.
std::string summed(const std::string& before, const std::string& after) {
  auto octets = from_client(before + tlv(crc32c_type, std::string(checksum_octets, '\0')) + after);
  const auto sum = crc32c(octets);
  const auto at = octets.size() - after.size() - checksum_octets;
  return octets.replace(at, checksum_octets,
                        network_order(sum >> 16) + network_order(sum & 0xffff));
}

} // namespace

TEST_CASE("addresses of both families are read, mapped ones as IPv4") {
  CHECK(parsed(from_client("")).source->text() == "192.0.2.7");
  CHECK(parsed(from_client("")).origin == Origin::client);
  const auto v6 = std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\x07";
  CHECK(parsed(proxy_block(proxy_command, tcp6, v6 + v6 + "abcd")).source->text() == "2001:db8::7");
  const auto mapped = std::string(10, '\0') + "\xff\xff" + tcp4_addresses().substr(0, 4);
  CHECK(parsed(proxy_block(proxy_command, tcp6, mapped + v6 + "abcd")).source->text() ==
        "192.0.2.7");
}

TEST_CASE("LOCAL is the proxy itself, whatever else is there") {
  for (const std::string& rest : {std::string(), tcp4_addresses(), std::string("garbage")})
    for (const unsigned protocol : {0x00u, 0x11u, 0x12u, 0xffu}) {
      const auto header = parsed(proxy_block(local_command, protocol, rest));
      CHECK(header.origin == Origin::proxy);
      CHECK_FALSE(header.source);
      CHECK(header.tls == Tls::unknown);
    }
  const auto with_tls =
      parsed(proxy_block(local_command, tcp4, tcp4_addresses() + tls_tlv(by_tls, 0)));
  CHECK(with_tls.tls == Tls::unknown);
}

TEST_CASE("UNSPEC and local sockets have no address, but may have come by TLS") {
  for (const auto& [protocol, size] : {std::pair{unspecified, 0}, {local_stream, 216}}) {
    const std::string addresses(static_cast<std::size_t>(size), 'x');
    const auto header = parsed(proxy_block(proxy_command, protocol, addresses));
    CHECK(header.origin == Origin::unknown);
    CHECK_FALSE(header.source);
    CHECK(header.tls == Tls::unknown);
    CHECK(parsed(proxy_block(proxy_command, protocol, addresses + tls_tlv(0, 1))).tls == Tls::no);
  }
}

TEST_CASE("datagrams, unknown families, unknown commands and other versions are refused") {
  const std::string room(216, '\0');
  for (unsigned protocol = 0; protocol < 0x100; ++protocol) {
    CAPTURE(protocol);
    const bool is_served =
        protocol == unspecified || protocol == tcp4 || protocol == tcp6 || protocol == local_stream;
    const auto size = protocol == tcp4 ? 12u : protocol == tcp6 ? 36u : 216u;
    const auto rest = protocol == unspecified ? "" : room.substr(0, size);
    CHECK(parse(proxy_block(proxy_command, protocol, rest)).has_value() == is_served);
  }
  for (unsigned command = 0; command < 0x100; ++command)
    CHECK(parse(proxy_block(command, tcp4, tcp4_addresses())).has_value() ==
          (command == local_command || command == proxy_command));
}

TEST_CASE("a block has max_proxy_block octets at most") {
  const auto start = [](std::size_t length) {
    return proxy_block(local_command, tcp4, std::string(length, 'x')).substr(0, 16);
  };
  for (const std::size_t length : {proxy_protocol::max_block - 1, proxy_protocol::max_block})
    CHECK(proxy_protocol::missing_in_block(start(length)) == length);
  CHECK_FALSE(proxy_protocol::missing_in_block(start(proxy_protocol::max_block + 1)));
  CHECK_FALSE(proxy_protocol::missing_in_block(start(65535)));
}

TEST_CASE("addresses that are cut short are refused") {
  for (std::size_t size = 0; size < 12; ++size)
    CHECK_FALSE(parse(proxy_block(proxy_command, tcp4, tcp4_addresses().substr(0, size))));
  CHECK_FALSE(parse(proxy_block(proxy_command, tcp6, std::string(35, '\0'))));
  CHECK(parse(proxy_block(proxy_command, tcp6, std::string(36, '\0'))));
  CHECK_FALSE(parse(proxy_block(proxy_command, local_stream, std::string(215, '\0'))));
}

TEST_CASE("unknown fields are passed over, fields that do not fill the block are refused") {
  const auto known = tls_tlv(by_tls, 1);
  CHECK(parsed(from_client(tlv(0xe0, "any") + tlv(0x04, "") + known + tlv(0x01, "pop3"))).tls ==
        Tls::yes);
  const auto whole = tlv(0x04, "abc") + known;
  for (std::size_t size = 0; size <= whole.size(); ++size)
    CHECK(parse(from_client(whole.substr(0, size))).has_value() ==
          (size == 0 || size == 6 || size == whole.size()));
  CHECK_FALSE(parse(from_client(octet(0x04) + network_order(65535))));
}

TEST_CASE("the client bits decide about TLS") {
  CHECK(parsed(from_client("")).tls == Tls::unknown);
  CHECK(parsed(from_client(tls_tlv(by_tls, 0))).tls == Tls::yes);
  CHECK(parsed(from_client(tls_tlv(0, 0))).tls == Tls::no);
  CHECK(parsed(from_client(tls_tlv(0xff & ~by_tls, 0))).tls == Tls::no);
}

TEST_CASE("a certificate counts when it was shown in this connection, by TLS, and verified") {
  const auto name = tlv(version_type, "TLSv1.3") + tlv(name_type, "alice");
  for (unsigned bits = 0; bits < 8; ++bits)
    for (const std::uint32_t verify : {0u, 1u, 0x01000000u, 0xffffffffu}) {
      CAPTURE(bits);
      CAPTURE(verify);
      const bool counts =
          (bits & by_tls) != 0 && (bits & certificate_in_connection) != 0 && verify == 0;
      const auto header = parsed(from_client(tls_tlv(bits, verify, name)));
      CHECK(header.common_name == (counts ? "alice" : ""));
    }
}

TEST_CASE("a common name has max_common_name octets at most, a longer one is not told") {
  const auto with_name = [](std::size_t size) {
    return parsed(from_client(
        tls_tlv(by_tls | certificate_in_connection, 0, tlv(name_type, std::string(size, 'n')))));
  };
  for (const std::size_t size :
       {std::size_t{0}, proxy_protocol::max_common_name - 1, proxy_protocol::max_common_name})
    CHECK(with_name(size).common_name.size() == size);
  CHECK(with_name(proxy_protocol::max_common_name + 1).common_name.empty());
  CHECK(with_name(proxy_protocol::max_common_name + 1).tls == Tls::yes);
}

TEST_CASE("parts of the TLS field that do not fill it are refused, and so is a field cut short") {
  const auto parts = tlv(version_type, "TLSv1.3");
  for (std::size_t size = 0; size <= parts.size(); ++size)
    CHECK(parse(from_client(tls_tlv(by_tls, 0, parts.substr(0, size)))).has_value() ==
          (size == 0 || size == parts.size()));
  for (std::size_t size = 0; size < 5; ++size)
    CHECK_FALSE(parse(from_client(tlv(tls_type, std::string(size, '\0')))));
}

TEST_CASE("a field that may be there once is refused when it is there twice") {
  CHECK_FALSE(parse(from_client(tls_tlv(by_tls, 0) + tls_tlv(by_tls, 0))));
  CHECK_FALSE(
      parse(from_client(tls_tlv(by_tls, 0, tlv(name_type, "alice") + tlv(name_type, "alice")))));
  const auto once = summed("", "");
  CHECK(parse(once));
  CHECK_FALSE(parse(from_client(once.substr(28) + once.substr(28))));
}

TEST_CASE("the CRC32c of these tests is that of the standards") {
  CHECK(crc32c("123456789") == 0xe3069283);
  CHECK(crc32c("") == 0);
  // RFC 3720, appendix B.4, which has them in network order.
  CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aa);
  CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43);
}

TEST_CASE("a CRC32c has to be right, wherever it stands") {
  for (const std::string& before : {std::string(), tlv(0x04, "abc")})
    for (const std::string& after : {std::string(), tls_tlv(by_tls, 0)}) {
      const auto good = summed(before, after);
      CHECK(parse(good));
      for (std::size_t at = 16; at < good.size(); ++at) {
        auto bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 1);
        const bool is_type_of_sum = at == 28 + before.size();
        CHECK(parse(bad).has_value() == is_type_of_sum); // the field is then no checksum
      }
    }
  for (const std::size_t size : {0u, 3u, 5u})
    CHECK_FALSE(parse(from_client(tlv(crc32c_type, std::string(size, '\0')))));
}

// SPDX-License-Identifier: ISC
#include "proxy_protocol/block.hpp"

#include <algorithm>
#include <boost/crc.hpp>
#include <span>

namespace proxy_protocol {

namespace {

constexpr std::size_t command_at = 12, protocol_at = 13, length_at = 14;
constexpr unsigned version = 2;
enum Command : unsigned { local = 0, proxy = 1 };
enum Type : unsigned { crc32c_sum = 0x03, ssl = 0x20, ssl_common_name = 0x22 };
enum ClientBit : unsigned { came_by_tls = 1, certificate_in_connection = 2 };

/// Reads a number of one octet or more, in network byte order.
std::uint32_t number(std::string_view octets, std::size_t at, std::size_t size = 1) {
  std::uint32_t value = 0;
  for (const char c : octets.substr(at, size))
    value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

struct Protocol {
  unsigned number;
  std::size_t octets;  // of both addresses and both ports
  std::size_t address; // octets of an address of TCP, else 0
};
constexpr Protocol protocols[] = {
    {0x00, 0, 0},               // UNSPEC
    {0x11, 2 * 4 + 2 * 2, 4},   // TCP over IPv4
    {0x21, 2 * 16 + 2 * 2, 16}, // TCP over IPv6
    {0x31, 2 * 108, 0},         // a local stream, with paths
};

/// Calls `take(type, value)` for each TLV in turn. False when the TLVs do not fill `octets`
/// exactly, or when `take` returns false.
template <class Take> bool each_tlv(std::string_view octets, const Take& take) {
  constexpr std::size_t head = 3;
  while (!octets.empty()) {
    if (octets.size() < head)
      return false;
    const std::size_t length = number(octets, 1, 2);
    if (octets.size() - head < length || !take(number(octets, 0), octets.substr(head, length)))
      return false;
    octets.remove_prefix(head + length);
  }
  return true;
}

/// Sets `place`. False when `place` has a value already.
bool take_once(std::optional<std::string_view>& place, std::string_view value) {
  if (place)
    return false;
  place = value;
  return true;
}

/// Takes the value of PP2_TYPE_SSL: bits, the result of the verification, then TLVs.
bool take_tls(std::string_view value, Header& header) {
  constexpr std::size_t head = 5;
  if (value.size() < head)
    return false;
  const unsigned bits = number(value, 0);
  const bool is_verified = number(value, 1, 4) == 0;
  std::optional<std::string_view> name;
  const auto take = [&](unsigned type, std::string_view part) {
    return type != ssl_common_name || take_once(name, part);
  };
  if (!each_tlv(value.substr(head), take))
    return false;
  header.tls = (bits & came_by_tls) != 0 ? Header::Tls::yes : Header::Tls::no;
  const bool has_certificate =
      header.tls == Header::Tls::yes && (bits & certificate_in_connection) != 0 && is_verified;
  if (has_certificate && name && name->size() <= max_common_name)
    header.common_name = *name;
  return true;
}

/// True when `sum` is the CRC32c of the whole header, in which its own octets count as zero.
bool is_sum(std::string_view sum, std::string_view whole) {
  if (sum.size() != sizeof(std::uint32_t))
    return false;
  std::string summed(whole);
  std::fill_n(summed.begin() + (sum.data() - whole.data()), sum.size(), '\0');
  // CRC32c (RFC 9260, appendix A), bit by bit: a table for some hundred octets does not pay.
  boost::crc_basic<32> computed(0x1edc6f41, 0xffffffff, 0xffffffff, true, true);
  computed.process_bytes(summed.data(), summed.size());
  return computed.checksum() == number(sum, 0, sum.size());
}

} // namespace

std::optional<std::size_t> missing_in_block(std::string_view octets) {
  if (octets.size() < block_prefix)
    return block_prefix - octets.size();
  const auto length = number(octets, length_at, 2);
  const auto command = number(octets, command_at);
  if (command >> 4 != version || (command & 0xf) > proxy || length > max_block)
    return {};
  return block_prefix + length - octets.size();
}

std::optional<Header> parse_block(std::string_view octets) {
  Header header;
  if ((number(octets, command_at) & 0xf) == local) {
    header.origin = Header::Origin::proxy;
    return header;
  }
  const auto* protocol =
      std::ranges::find(protocols, number(octets, protocol_at), &Protocol::number);
  auto rest = octets.substr(block_prefix);
  if (protocol == std::end(protocols) || rest.size() < protocol->octets)
    return {};
  if (protocol->address > 0) {
    header.source =
        base::Address::of_octets(std::as_bytes(std::span(rest)).first(protocol->address));
    header.origin = Header::Origin::client;
  }
  rest.remove_prefix(protocol->octets);

  std::optional<std::string_view> tls, sum;
  const auto take = [&](unsigned type, std::string_view value) {
    return type == ssl ? take_once(tls, value) : type == crc32c_sum ? take_once(sum, value) : true;
  };
  if (!each_tlv(rest, take) || (sum && !is_sum(*sum, octets)) || (tls && !take_tls(*tls, header)))
    return {};
  return header;
}

} // namespace proxy_protocol

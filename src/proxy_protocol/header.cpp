// SPDX-License-Identifier: ISC
#include "proxy_protocol/header.hpp"

#include "base/number.hpp"
#include "proxy_protocol/block.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace proxy_protocol {

namespace {

using namespace std::string_view_literals;

constexpr auto line_signature = "PROXY "sv;
constexpr auto block_signature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr auto line_end = "\r\n"sv;
constexpr auto unknown = "PROXY UNKNOWN"sv;
constexpr std::size_t shortest_line = unknown.size() + line_end.size();

bool is_beginning_of(std::string_view octets, std::string_view whole) {
  return octets.substr(0, whole.size()) == whole.substr(0, octets.size());
}

/// The fields of a line: PROXY, protocol, two addresses, two ports.
using Fields = std::array<std::string_view, 6>;

std::optional<Fields> fields_of(std::string_view line) {
  Fields fields;
  for (auto& field : fields) {
    const auto blank = line.find(' ');
    field = line.substr(0, blank);
    const bool is_last = &field == &fields.back();
    if (is_last != (blank == line.npos))
      return {};
    line.remove_prefix(is_last ? line.size() : blank + 1);
  }
  return fields;
}

bool is_port(std::string_view text) {
  return base::parse_unpadded_number<std::uint16_t>(text).has_value();
}

/// Nothing unless `text` is an address of the given family.
std::optional<base::Address> address_in(std::string_view text, bool is_ipv6) {
  if ((text.find(':') != text.npos) != is_ipv6)
    return {};
  return base::Address::parse(text);
}

std::optional<Header> parse_line(std::string_view line) {
  Header header;
  if (line == unknown || line.starts_with(std::string(unknown) + ' '))
    return header;
  const auto fields = fields_of(line);
  if (!fields)
    return {};
  const auto& [signature, protocol, source, destination, source_port, port] = *fields;
  const bool is_ipv6 = protocol == "TCP6";
  if (!is_ipv6 && protocol != "TCP4")
    return {};
  header.origin = Header::Origin::client;
  header.source = address_in(source, is_ipv6);
  if (!header.source || !address_in(destination, is_ipv6) || !is_port(source_port) ||
      !is_port(port))
    return {};
  return header;
}

/// The least number of octets that are missing in a line without its end: a blank and another octet
/// for each field that has not begun, and the line end.
std::size_t missing_in(std::string_view line) {
  constexpr std::size_t all_blanks = std::tuple_size_v<Fields> - 1;
  if (line.size() < shortest_line)
    return shortest_line - line.size();
  const auto blanks = static_cast<std::size_t>(std::ranges::count(line, ' '));
  if (!line.starts_with(unknown) && blanks < all_blanks)
    return 2 * (all_blanks - blanks) + line_end.size();
  return line.back() == '\r' ? 1 : line_end.size();
}

} // namespace

std::optional<HeaderProblem> HeaderParser::take(std::string_view octets) {
  assert(!octets.empty() && octets.size() <= wanted_);
  octets_.append(octets);
  if (is_beginning_of(octets_, line_signature))
    return take_line();
  if (is_beginning_of(octets_, block_signature))
    return take_block();
  return HeaderProblem::missing;
}

std::optional<HeaderProblem> HeaderParser::take_line() {
  const auto end = octets_.find(line_end);
  if (end == octets_.npos) {
    wanted_ = std::min(missing_in(octets_), max_line - octets_.size());
    return wanted_ == 0 ? std::optional(HeaderProblem::malformed) : std::nullopt;
  }
  auto header = parse_line(std::string_view(octets_).substr(0, end));
  if (!header || end + line_end.size() != octets_.size())
    return HeaderProblem::malformed;
  header_ = std::move(*header);
  wanted_ = 0;
  return {};
}

std::optional<HeaderProblem> HeaderParser::take_block() {
  wanted_ = block_prefix - std::min(octets_.size(), block_prefix);
  if (wanted_ > 0)
    return {};
  const auto length = block_length(octets_);
  if (!length)
    return HeaderProblem::malformed;
  wanted_ = block_prefix + *length - octets_.size();
  if (wanted_ > 0)
    return {};
  auto header = parse_block(octets_);
  if (!header)
    return HeaderProblem::malformed;
  header_ = std::move(*header);
  return {};
}

bool SignatureDetector::has_come(std::string_view octets) {
  first_.append(octets.substr(0, block_signature.size() - first_.size()));
  return first_.starts_with(line_signature) || first_ == block_signature;
}

} // namespace proxy_protocol

// SPDX-License-Identifier: ISC
#include "proxy_protocol/header.hpp"

#include "base/number.hpp"
#include "base/secret.hpp"
#include "base/split.hpp"
#include "proxy_protocol/block.hpp"

#include <algorithm>
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

/// Nothing unless `text` is an address of the given family.
std::optional<base::Address> address_in(std::string_view text, bool is_ipv6) {
  if ((text.find(':') != text.npos) != is_ipv6)
    return {};
  return base::Address::parse(text);
}

/// `octets` begin with the signature and have a line end.
std::optional<Header> parse_line(std::string_view octets) {
  auto line = octets.substr(line_signature.size(), octets.find(line_end) - line_signature.size());
  if (octets.size() != line_signature.size() + line.size() + line_end.size())
    return {};
  Header header;
  const auto protocol = base::take_field(line, " ");
  if (protocol == "UNKNOWN")
    return header;
  const bool is_ipv6 = protocol == "TCP6";
  if (!is_ipv6 && protocol != "TCP4")
    return {};
  header.origin = Header::Origin::client;
  header.source = address_in(base::take_field(line, " "), is_ipv6);
  const auto destination = address_in(base::take_field(line, " "), is_ipv6);
  const auto source_port = base::parse_unpadded_number<std::uint16_t>(base::take_field(line, " "));
  const auto destination_port = base::parse_unpadded_number<std::uint16_t>(line);
  if (!header.source || !destination || !source_port || !destination_port)
    return {};
  return header;
}

/// The least number of octets that are missing in a line: before its end, a blank and another octet
/// for each field that has not begun, and the line end. Nothing when the line is too long.
std::optional<std::size_t> missing_in_line(std::string_view octets) {
  constexpr std::size_t all_blanks = 5;
  if (octets.find(line_end) != octets.npos)
    return 0;
  if (octets.size() == max_line)
    return {};
  auto missing = octets.back() == '\r' ? 1 : line_end.size();
  const auto blanks = static_cast<std::size_t>(std::ranges::count(octets, ' '));
  if (octets.size() < shortest_line)
    missing = shortest_line - octets.size();
  else if (!octets.starts_with(unknown) && blanks < all_blanks)
    missing = 2 * (all_blanks - blanks) + line_end.size();
  return std::min(missing, max_line - octets.size());
}

} // namespace

std::optional<HeaderProblem> HeaderParser::take(std::string_view octets) {
  assert(!octets.empty() && octets.size() <= wanted_);
  octets_.append(octets);
  const bool is_line = is_beginning_of(octets_, line_signature);
  if (!is_line && !is_beginning_of(octets_, block_signature))
    return HeaderProblem::missing;
  const auto missing = is_line ? missing_in_line(octets_) : missing_in_block(octets_);
  if (!missing)
    return HeaderProblem::malformed;
  wanted_ = *missing;
  if (wanted_ > 0)
    return {};
  auto header = is_line ? parse_line(octets_) : parse_block(octets_);
  if (!header)
    return HeaderProblem::malformed;
  header_ = std::move(*header);
  return {};
}

bool SignatureDetector::has_come(std::string_view octets) {
  if (is_other_)
    return false;
  first_.append(octets.substr(0, block_signature.size() - first_.size()));
  is_other_ = !is_beginning_of(first_, line_signature) && !is_beginning_of(first_, block_signature);
  if (is_other_)
    base::wipe(first_.data(), first_.size()); // a command, perhaps with a password
  return first_.starts_with(line_signature) || first_ == block_signature;
}

} // namespace proxy_protocol

// SPDX-License-Identifier: ISC
// The input is a seed for cuts, then the octets of a proxy and, behind them, of a client.
#include "fuzz/target.hpp"
#include "proxy_protocol/header.hpp"

namespace {

using fuzz::expect;
using proxy_protocol::Header;
using proxy_protocol::HeaderProblem;

constexpr std::string_view block_signature("\r\n\r\n\0\r\nQUIT\n", 12);

struct Outcome {
  std::optional<HeaderProblem> problem;
  bool is_whole = false;
  std::size_t taken = 0;
  Header header;
};

Outcome parse(std::string_view stream, fuzz::Splits splits) {
  proxy_protocol::HeaderParser parser;
  Outcome outcome;
  while (!outcome.problem && parser.wanted() > 0 && outcome.taken < stream.size()) {
    const auto piece = stream.substr(outcome.taken, splits.next(parser.wanted()));
    outcome.taken += piece.size();
    outcome.problem = parser.take(piece);
  }
  outcome.is_whole = !outcome.problem && parser.wanted() == 0;
  if (outcome.is_whole)
    outcome.header = parser.header();
  return outcome;
}

/// The end of a header, by the length of the specification alone; beyond the end of the stream if
/// the header is not whole.
std::size_t model_length(std::string_view stream) {
  if (!stream.starts_with(block_signature))
    return std::min(stream.find("\r\n"), stream.size()) + 2;
  return 16 + 256 * static_cast<unsigned char>(stream[14]) + static_cast<unsigned char>(stream[15]);
}

void check_whole(std::string_view stream, const Outcome& outcome) {
  const auto& header = outcome.header;
  expect(outcome.taken == model_length(stream), "a header is taken to its end, and no further");
  expect(header.source.has_value() == (header.origin == Header::Origin::client),
         "who has an address is a client");
  expect(!header.source || base::Address::parse(header.source->text()).has_value(),
         "an address is one");
  expect(header.common_name.empty() || header.tls == Header::Tls::yes,
         "there is no certificate without TLS");
  expect(header.common_name.size() <= proxy_protocol::max_common_name, "a name is not too long");
  if (stream.starts_with(block_signature)) {
    expect(outcome.taken <= 16 + proxy_protocol::max_block, "a block is not too long");
  } else {
    expect(outcome.taken <= proxy_protocol::max_line, "a line is not too long");
    expect(stream.starts_with("PROXY TCP4 ") || stream.starts_with("PROXY TCP6 ") ||
               stream.starts_with("PROXY UNKNOWN"),
           "a line has one of the protocols");
  }
}

void check_same(const Outcome& one, const Outcome& other) {
  expect(one.is_whole == other.is_whole && one.problem == other.problem,
         "cuts do not change what is wrong");
  const auto& [origin, source, tls, name] = one.header;
  expect(origin == other.header.origin && tls == other.header.tls &&
             name == other.header.common_name &&
             source.has_value() == other.header.source.has_value() &&
             (!source || source->text() == other.header.source->text()),
         "cuts do not change what is said");
}

void check_signature(std::string_view stream, fuzz::Splits splits) {
  proxy_protocol::SignatureDetector conversation;
  bool has_come = false;
  for (auto rest = stream; !rest.empty();) {
    const auto piece = rest.substr(0, splits.next(rest.size()));
    has_come = conversation.has_come(piece);
    rest.remove_prefix(piece.size());
  }
  expect(has_come == (stream.starts_with("PROXY ") || stream.starts_with(block_signature)),
         "a second header is seen, and nothing else for one");
}

void try_input(fuzz::Input input) {
  const auto seed = input.byte();
  const auto stream = input.rest();
  const auto outcome = parse(stream, fuzz::Splits(0));
  check_same(outcome, parse(stream, fuzz::Splits(seed)));
  if (outcome.is_whole)
    check_whole(stream, outcome);
  else if (!outcome.problem)
    expect(outcome.taken == stream.size(), "a parser that is content takes what there is");
  check_signature(stream, fuzz::Splits(seed));
}

const fuzz::Target target("proxy_header", try_input);

} // namespace

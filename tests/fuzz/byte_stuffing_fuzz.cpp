// SPDX-License-Identifier: ISC
// The input is a number of lines for TOP, two seeds for cuts, then the message.
#include "fuzz/target.hpp"
#include "fuzz/wire_model.hpp"
#include "maildir/wire_size.hpp"
#include "pop3/byte_stuffing.hpp"
#include "support/append_stuffed.hpp"
#include "support/wire_text.hpp"

namespace {

using fuzz::expect;
using pop3::ByteStuffing;

struct Sent {
  std::string wire;
  std::uint64_t octets = 0;
};

void add(ByteStuffing& stuffing, std::string_view block, std::string& wire) {
  const bool was_done = stuffing.is_done();
  const auto before = wire.size();
  support::append_stuffed(stuffing, block, wire);
  expect(wire.size() - before <= 2 * block.size() + 2, "the output is at most twice the input");
  expect(!was_done || wire.size() == before, "nothing is added once all lines are out");
}

Sent send(std::string_view message, std::uint64_t body_lines, fuzz::Splits splits) {
  ByteStuffing stuffing(body_lines);
  Sent sent;
  while (!message.empty()) {
    const auto octets = splits.next(message.size());
    add(stuffing, message.substr(0, octets), sent.wire);
    message.remove_prefix(octets);
  }
  const auto before = sent.wire.size();
  support::append_end(stuffing, sent.wire);
  expect(sent.wire.size() - before <= 2, "the end adds at most a CRLF");
  sent.octets = stuffing.octets();
  return sent;
}

std::uint64_t measured(std::string_view message, fuzz::Splits splits) {
  maildir::WireSize size;
  while (!message.empty()) {
    const auto octets = splits.next(message.size());
    size.add(message.substr(0, octets));
    message.remove_prefix(octets);
  }
  return size.octets();
}

void check(std::string_view message, std::uint64_t body_lines, fuzz::Splits splits) {
  const auto sent = send(message, body_lines, splits);
  const auto lines = support::top_of(support::lines_of(message), body_lines);
  expect(sent.wire == support::on_the_wire(lines), "the wire shows the lines of the model");
  const auto clear = fuzz::unstuffed(sent.wire);
  expect(clear && *clear == fuzz::joined(lines), "unstuffing gives the normalised message");
  expect(sent.octets == fuzz::joined(lines).size(), "octets leave stuffed dots out");
  if (body_lines == ByteStuffing::whole)
    expect(sent.octets == measured(message, splits), "the store measures what is sent");
}

void try_input(fuzz::Input input) {
  const std::uint64_t body_lines = input.byte();
  const fuzz::Splits one(input.byte()), other(input.byte());
  for (const auto splits : {one, other}) {
    check(input.rest(), ByteStuffing::whole, splits);
    check(input.rest(), body_lines, splits);
  }
}

const fuzz::Target target("byte_stuffing", try_input);

} // namespace

// SPDX-License-Identifier: ISC
// The input is two seeds for cuts, then the stream. In the stream, 0xff and a number n stand for
// 64 n octets, so that short inputs make long lines; 0xff 0x00 is 0xff itself.
#include "fuzz/target.hpp"
#include "pop3/line_reader.hpp"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace {

using fuzz::expect;
using pop3::Line;

constexpr std::size_t longest_stream = 3 * pop3::max_line; // the reader holds two lines
constexpr std::size_t most_cuts = 500;                     // more only take time

struct Seen {
  Line::Kind kind;
  std::string text;

  bool operator==(const Seen&) const = default;
};

std::string expanded(fuzz::Input& input) {
  std::string stream;
  while (!input.empty() && stream.size() < longest_stream) {
    stream += input.take_until('\xff');
    if (input.empty())
      break;
    const std::size_t times = input.byte();
    stream.append(times == 0 ? 1 : 64 * times, times == 0 ? '\xff' : 'a');
  }
  return stream;
}

Seen model_line(std::string raw) {
  if (raw.size() + 1 > pop3::max_line)
    return {Line::Kind::overlong, ""};
  if (!raw.empty() && raw.back() == '\r')
    raw.pop_back();
  for (const char c : raw)
    if (c == '\0' || c == '\r')
      return {Line::Kind::malformed, ""};
  return {Line::Kind::text, raw};
}

std::vector<Seen> model(const std::string& stream) {
  std::vector<Seen> lines;
  std::string raw;
  for (const char c : stream)
    if (c == '\n')
      lines.push_back(model_line(std::exchange(raw, "")));
    else
      raw += c;
  return lines;
}

void check(const Line& line) {
  expect(line.text.size() < pop3::max_line, "no line is longer than max_line");
  expect(line.kind == Line::Kind::text || line.text.empty(), "only text lines have text");
  for (const char c : line.text)
    expect(c != '\0' && c != '\r' && c != '\n', "a text has no NUL, CR or LF");
}

/// `gone` points into the reader's own memory, so that reading it is valid.
void check_wiped(std::string_view gone) {
  for (const char c : gone)
    expect(c == '\0', "a line is wiped once the next one is asked for");
}

void read_lines(pop3::LineReader& reader, std::vector<Seen>& lines) {
  std::string_view previous;
  while (const auto line = reader.next()) {
    check_wiped(previous);
    check(*line);
    lines.push_back({line->kind, std::string(line->text)});
    previous = line->text;
  }
  check_wiped(previous);
}

std::vector<Seen> read_stream(std::string_view stream, fuzz::Splits splits) {
  pop3::LineReader reader;
  std::vector<Seen> lines;
  for (std::size_t cuts = 0; !stream.empty(); ++cuts) {
    const auto space = reader.space();
    expect(!space.empty(), "there is space once next() has given nothing");
    const auto most = std::min(space.size(), stream.size());
    const auto octets = cuts < most_cuts ? splits.next(most) : most;
    std::memcpy(space.data(), stream.data(), octets);
    reader.filled(octets);
    stream.remove_prefix(octets);
    read_lines(reader, lines);
  }
  return lines;
}

void try_input(fuzz::Input input) {
  const fuzz::Splits one(input.byte()), other(input.byte());
  const auto stream = expanded(input);
  const auto expected = model(stream);
  expect(read_stream(stream, one) == expected, "the lines are those of the model");
  expect(read_stream(stream, other) == expected, "cuts do not matter");
}

const fuzz::Target target("line_reader", try_input);

} // namespace

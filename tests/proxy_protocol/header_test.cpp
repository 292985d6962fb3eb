// SPDX-License-Identifier: ISC
#include "proxy_protocol/header.hpp"

#include "support/proxy_headers.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <vector>

using proxy_protocol::Header;
using proxy_protocol::HeaderParser;
using proxy_protocol::HeaderProblem;
using Origin = Header::Origin;
using namespace support;

namespace {

/// The result of parsing a stream of which each read gives `most` octets at most.
struct Outcome {
  std::optional<HeaderProblem> problem;
  bool is_whole = false;
  Header header{};
  std::size_t taken = 0;
};

Outcome parse(const std::string& stream, std::size_t most = SIZE_MAX) {
  HeaderParser parser;
  Outcome outcome;
  while (!outcome.problem && parser.wanted() > 0 && outcome.taken < stream.size()) {
    const auto piece = stream.substr(outcome.taken, std::min(most, parser.wanted()));
    outcome.taken += piece.size();
    outcome.problem = parser.take(piece);
  }
  outcome.is_whole = !outcome.problem && parser.wanted() == 0;
  if (outcome.is_whole)
    outcome.header = parser.header();
  return outcome;
}

std::optional<HeaderProblem> problem_of(const std::string& stream) {
  return parse(stream).problem;
}

std::string source_of(const std::string& stream) {
  const auto outcome = parse(stream);
  return outcome.is_whole && outcome.header.source ? outcome.header.source->text() : "none";
}

std::string line(const std::string& rest) {
  return "PROXY " + rest + "\r\n";
}

const std::string longest_address = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

/// A header of each kind.
const std::vector<std::string> headers = {
    line("TCP4 192.0.2.7 192.0.2.1 56324 110"),
    line("TCP4 1.1.1.1 1.1.1.1 0 0"),
    line("TCP6 2001:DB8::7 ::1 65535 1"),
    line("TCP6 " + longest_address + " " + longest_address + " 65535 65535"),
    line("UNKNOWN"),
    line("UNKNOWN " + longest_address + " " + longest_address + " 65535 65535"),
    line("UNKNOWN \r\t\n\x01 \r"),
    from_client(""),
    from_client(tls_tlv(by_tls | certificate_in_connection, 0, tlv(name_type, "alice"))),
    proxy_block(local_command, unspecified, ""),
    proxy_block(proxy_command, local_stream, std::string(216, 'x')),
};

} // namespace

TEST_CASE("a header in pieces of any size is the same header, and nothing beyond it is taken") {
  for (const auto& header : headers) {
    CAPTURE(header);
    const auto whole = parse(header);
    CHECK(whole.is_whole);
    for (std::size_t most = 1; most <= header.size(); ++most) {
      const auto pieces = parse(header + "USER alice\r\n", most);
      CHECK(pieces.is_whole);
      CHECK(pieces.taken == header.size());
      CHECK(pieces.header.origin == whole.header.origin);
      CHECK(pieces.header.source.has_value() == whole.header.source.has_value());
      CHECK(pieces.header.common_name == whole.header.common_name);
    }
  }
}

TEST_CASE("a header that is cut anywhere is not whole, and nothing is wrong with it yet") {
  for (const auto& header : headers)
    for (std::size_t size = 0; size < header.size(); ++size) {
      const auto outcome = parse(header.substr(0, size));
      CHECK_FALSE(outcome.is_whole);
      CHECK_FALSE(outcome.problem);
      CHECK(outcome.taken == size);
    }
}

TEST_CASE("lines of version 1 tell the client's address in its canonical form") {
  CHECK(source_of(line("TCP4 192.0.2.7 192.0.2.1 56324 110")) == "192.0.2.7");
  CHECK(source_of(line("TCP6 2001:DB8:0::7 ::1 1 1")) == "2001:db8::7");
  CHECK(source_of(line("TCP6 ::ffff:192.0.2.7 ::1 1 1")) == "192.0.2.7");
  CHECK(source_of(line("UNKNOWN 192.0.2.7 192.0.2.1 1 1")) == "none");
}

TEST_CASE("a line of version 1 says nothing of TLS, and UNKNOWN names no client") {
  const auto client = parse(line("TCP4 192.0.2.7 192.0.2.1 1 1")).header;
  CHECK(client.origin == Origin::client);
  CHECK(client.tls == Header::Tls::unknown);
  CHECK(client.common_name.empty());
  CHECK(parse(line("UNKNOWN")).header.origin == Origin::unknown);
  CHECK(parse(line("UNKNOWN what ever")).header.origin == Origin::unknown);
}

TEST_CASE("lines of version 1 that are not to the letter are malformed") {
  for (const std::string text : {"TCP4 192.0.2.7 192.0.2.1 1",
                                 "TCP4 192.0.2.7 192.0.2.1 1 1 1",
                                 "TCP4 192.0.2.7 192.0.2.1 1 ",
                                 "TCP4 192.0.2.7 192.0.2.1 1 1 ",
                                 "TCP4  192.0.2.7 192.0.2.1 1 1",
                                 "TCP4",
                                 "TCP4 ",
                                 " TCP4 192.0.2.7 192.0.2.1 1 1",
                                 "TCP4\t192.0.2.7 192.0.2.1 1 1",
                                 "tcp4 192.0.2.7 192.0.2.1 1 1",
                                 "TCP 192.0.2.7 192.0.2.1 1 1",
                                 "UDP4 1.1.1.1 1.1.1.1 1 1",
                                 "TCP4 192.0.2.7 192.0.2.1 65536 1",
                                 "TCP4 192.0.2.7 192.0.2.1 1 65536",
                                 "TCP4 192.0.2.7 192.0.2.1 01 1",
                                 "TCP4 192.0.2.7 192.0.2.1 1 00",
                                 "TCP4 192.0.2.7 192.0.2.1 +1 1",
                                 "TCP4 192.0.2.7 192.0.2.1 -1 1",
                                 "TCP4 192.0.2.7 192.0.2.1 a 1",
                                 "TCP4 192.0.2.256 192.0.2.1 1 1",
                                 "TCP4 192.0.2 192.0.2.1 1 1",
                                 "TCP4 192.0.2.07 192.0.2.1 1 1",
                                 "TCP4 ::1 192.0.2.1 1 1",
                                 "TCP4 192.0.2.7 ::1 1 1",
                                 "TCP6 192.0.2.7 ::1 1 1",
                                 "TCP6 ::1 192.0.2.1 1 1",
                                 "TCP6 [::1] ::1 1 1",
                                 "TCP6 ::1%lo ::1 1 1",
                                 "TCP6 ::1::2 ::1 1 1",
                                 "UNKNOWNX",
                                 "unknown",
                                 "TCP4 192.0.2.7\r 192.0.2.1 1 1",
                                 "TCP4 192.0.2.7 192.0.2.1 1 1\r"}) {
    CAPTURE(text);
    CHECK(problem_of(line(text)) == HeaderProblem::malformed);
  }
  CHECK(problem_of(std::string("PROXY TCP4 192.0.2.7\0 192.0.2.1 1 1\r\n", 37)) ==
        HeaderProblem::malformed);
}

TEST_CASE("LF alone ends no line of version 1") {
  CHECK(problem_of("PROXY TCP4 192.0.2.7 192.0.2.1 1 1\nUSER alice\r\n") ==
        HeaderProblem::malformed);
  CHECK_FALSE(parse("PROXY TCP4 192.0.2.7 192.0.2.1 1 1\n").is_whole);
}

TEST_CASE("a line of version 1 has max_proxy_line octets at most") {
  const auto unknown_of = [](std::size_t size) {
    const auto shell = line("UNKNOWN ").size();
    return line("UNKNOWN " + std::string(size - shell, 'x'));
  };
  CHECK(parse(unknown_of(proxy_protocol::max_line - 1)).is_whole);
  CHECK(parse(unknown_of(proxy_protocol::max_line)).is_whole);
  CHECK(problem_of(unknown_of(proxy_protocol::max_line + 1)) == HeaderProblem::malformed);
  const auto endless = parse("PROXY UNKNOWN " + std::string(10'000, 'x'));
  CHECK(endless.problem == HeaderProblem::malformed);
  CHECK(endless.taken == proxy_protocol::max_line);
}

TEST_CASE("text that is no header is told apart at its first wrong octet") {
  for (const std::string text : {"USER alice\r\n", "P", "PROXY", "PROXY\r\n", "proxy TCP4", "\r\n",
                                 "\r\n\r\nQUIT", "\n", "\x16\x03\x01", "GET / HTTP/1.1\r\n"}) {
    CAPTURE(text);
    const bool is_beginning =
        std::string("PROXY ").starts_with(text) || std::string("\r\n\r\n").starts_with(text);
    CHECK(problem_of(text) ==
          (is_beginning ? std::nullopt : std::optional(HeaderProblem::missing)));
  }
  HeaderParser parser;
  CHECK_FALSE(parser.has_begun());
  CHECK_FALSE(parser.take("PR"));
  CHECK(parser.has_begun());
  CHECK(parser.take("X") == HeaderProblem::missing);
}

TEST_CASE("a conversation that begins with a signature of either version is recognised") {
  for (const std::string& text : {line("UNKNOWN"), proxy_block(local_command, unspecified, "")}) {
    const std::size_t signature = text.front() == 'P' ? 6 : 12;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      proxy_protocol::SignatureDetector conversation;
      CHECK(conversation.has_come(text.substr(0, cut)) == (cut >= signature));
      CHECK(conversation.has_come(text.substr(cut)));
    }
  }
}

TEST_CASE("a signature elsewhere than at the beginning does not count") {
  proxy_protocol::SignatureDetector late;
  CHECK_FALSE(late.has_come("NOOP\r\n"));
  CHECK_FALSE(late.has_come(line("UNKNOWN")));
  CHECK_FALSE(late.has_come(line("UNKNOWN")));
  proxy_protocol::SignatureDetector other;
  CHECK_FALSE(other.has_come("PROXY"));
  CHECK_FALSE(other.has_come("\r\n"));
  CHECK_FALSE(proxy_protocol::SignatureDetector().has_come("\r\n\r\nQUIT\r\n..."));
}

TEST_CASE("nothing of a command stays in the detector of a second header") {
  proxy_protocol::SignatureDetector conversation;
  CHECK_FALSE(conversation.has_come("PASS secret\r\n"));
  const std::string_view object(reinterpret_cast<const char*>(&conversation), sizeof conversation);
  CHECK(object.find("secr") == object.npos);
}

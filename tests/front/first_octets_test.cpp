// SPDX-License-Identifier: ISC
#include "front/first_octets.hpp"

#include "support/proxy_headers.hpp"

#include <doctest/doctest.h>
#include <string>

using front::FirstOctets;
using ipc::Ending;
using namespace std::string_literals;

namespace {

/// What a conversation that begins with `text`, in pieces of that many octets, is found to be.
std::optional<Ending> found(const std::string& text, std::size_t piece,
                            bool follow_header = false) {
  FirstOctets first(follow_header);
  std::optional<Ending> found;
  for (std::size_t at = 0; at < text.size() && !found; at += piece)
    found = first.take(std::string_view(text).substr(at, piece));
  return found;
}

} // namespace

TEST_CASE("a header of either version is found in pieces of any size") {
  for (const auto& header : {"PROXY TCP4 192.0.2.7 192.0.2.1 56324 110\r\n"s, "PROXY UNKNOWN\r\n"s,
                             support::from_client("")})
    for (const std::size_t piece : {1u, 5u, 500u}) {
      CHECK(found(header, piece) == Ending::proxy_unexpected);
      CHECK(found(header, piece, true) == Ending::proxy_doubled);
    }
}

TEST_CASE("a handshake of TLS is found, with and without a header before it") {
  const auto hello = "\x16\x03\x01\x02\x00\x01\x00"s;
  for (const std::size_t piece : {1u, 2u, 500u})
    for (const bool follow_header : {false, true})
      CHECK(found(hello, piece, follow_header) == Ending::tls_unexpected);
}

TEST_CASE("commands are nothing of that kind, whatever comes later") {
  for (const auto& text : {"PROXYX\r\n"s, "PROX"s, "USER PROXY TCP4\r\n"s, "\r\n\r\nUSER\r\n"s,
                           "\x16"s, "\x16QUIT\r\n"s, "\x03\x16"s, "Q\x16\x03"s, "\x15\x03\x01"s})
    for (const std::size_t piece : {1u, 500u})
      CHECK(found(text, piece) == std::nullopt);
}

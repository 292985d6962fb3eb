// SPDX-License-Identifier: ISC
// The messages about the client of a connection and about its login.
#include "support/coded.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace ipc;
using support::is_answer;
using support::is_request;
using support::proxied;
using support::with;

TEST_CASE("the fields of a token's login and of SCRAM are no longer than their limits") {
  const auto check = [](auto request, auto field, std::uint32_t most) {
    for (const std::uint32_t length : {most - 1, most, most + 1, 0xffffffffu}) {
      request.*field = length;
      CHECK(is_request(request) == (length <= most));
    }
  };
  const LoginRequest token{.mechanism = pop3::Mechanism::oauthbearer};
  check(token, &LoginRequest::name_length, 255);
  check(token, &LoginRequest::password_length, 6000);
  check(ScramStartRequest(), &ScramStartRequest::name_length, 255);
  check(ScramStartRequest(), &ScramStartRequest::nonce_length, 128);
  check(ScramStartRequest(), &ScramStartRequest::bare_length, 2048);
  check(ScramCheckRequest(), &ScramCheckRequest::length, 2048);
  check(UnprotectedRequest(), &UnprotectedRequest::name_length, 255);
}

TEST_CASE("hints and salts are no longer than their limits") {
  LoginAnswer login;
  ScramSignatureAnswer scram;
  ScramOfferAnswer offer;
  login.hint.fill('h');
  scram.hint.fill('h');
  offer.hint.fill('h');
  for (unsigned length = 0; length < 256; ++length) {
    CAPTURE(length);
    CHECK(is_answer(with(login, &LoginAnswer::hint_length, length)) == (length <= 160));
    CHECK(is_answer(with(scram, &ScramSignatureAnswer::hint_length, length)) == (length <= 160));
    CHECK(is_answer(with(offer, &ScramOfferAnswer::hint_length, length)) == (length <= 160));
  }
  for (const std::uint32_t length : {0u, 63u, 64u, 65u, 256u, 0xffffffffu}) {
    offer.salt_length = length;
    CHECK(is_answer(offer) == (length <= 64));
  }
}

TEST_CASE("a hint is one line of printable ASCII") {
  for (unsigned octet = 0; octet < 256; ++octet) {
    CAPTURE(octet);
    LoginAnswer login;
    ScramSignatureAnswer scram;
    login.hint[2] = scram.hint[2] = static_cast<char>(octet);
    login.hint[0] = login.hint[1] = scram.hint[0] = scram.hint[1] = 'h';
    login.hint_length = scram.hint_length = 3;
    const bool is_printable = octet >= ' ' && octet <= '~';
    CHECK(is_answer(login) == is_printable);
    CHECK(is_answer(scram) == is_printable);
    login.hint_length = 2; // octets behind the hint do not count
    CHECK(is_answer(login));
  }
}

TEST_CASE("the fields of a proxy's request are within their ranges, and consistent") {
  using Origin = proxy_protocol::Header::Origin;
  using Tls = proxy_protocol::Header::Tls;
  for (unsigned value = 0; value < 256; ++value) {
    CHECK(is_request(with(proxied(), &ProxyRequest::origin, value)) ==
          (value <= unsigned(Origin::last)));
    CHECK(is_request(with(proxied(), &ProxyRequest::tls, value)) == (value <= unsigned(Tls::last)));
    CHECK(is_answer(with(ProxyAnswer(), &ProxyAnswer::admission, value)) ==
          (value <= unsigned(Admission::last)));
    CHECK(is_answer(with(ProxyAnswer(), &ProxyAnswer::is_protected, value)) == (value <= 1));
  }
}

TEST_CASE("only a client has an address") {
  using Origin = proxy_protocol::Header::Origin;
  for (const std::size_t octet : {0u, 15u})
    for (const auto origin : {Origin::client, Origin::unknown, Origin::proxy}) {
      auto request = proxied();
      request.origin = origin;
      CHECK(is_request(request));
      request.source.octets[octet] = 1;
      CHECK(is_request(request) == (origin == Origin::client));
    }
}

TEST_CASE("a certificate has a name of max_common_name octets at most; without TLS there is none") {
  using Tls = proxy_protocol::Header::Tls;
  for (const std::uint32_t length : {0u, 1u, 255u, 256u, 257u, 0xffffffffu}) {
    auto request = proxied();
    request.name_length = length;
    for (const auto tls : {Tls::unknown, Tls::no}) {
      request.tls = tls;
      CHECK(is_request(request) == (length == 0));
    }
    request.tls = Tls::yes;
    CHECK(is_request(request) == (length <= proxy_protocol::max_common_name));
  }
}

// SPDX-License-Identifier: ISC
#include "pop3/scram_message.hpp"

#include "base/base64.hpp"
#include "pop3/limits.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace std::string_literals;
using pop3::parse_client_final;
using pop3::parse_client_first;

namespace {

// RFC 7677 section 3.
const std::string nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
const std::string proof = "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
const std::string last = "c=biws,r=" + nonce + ",p=" + proof;
const pop3::Gs2Header header{"n,,", ""};

std::string filled(const std::string& before, std::size_t length, const std::string& after = "") {
  return before + std::string(length - before.size() - after.size(), 'x') + after;
}

} // namespace

TEST_CASE("the messages of RFC 7677 are read and written") {
  const auto first = parse_client_first("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
  REQUIRE(first);
  CHECK(first->header.text == "n,,");
  CHECK(first->start.name == "user");
  CHECK(first->start.nonce == "rOprNGfwEbeRWgbNEkqO");
  CHECK(first->start.message_bare == "n=user,r=rOprNGfwEbeRWgbNEkqO");
  const auto salt = base::decode_base64("W22ZaJ0SNY7soEsUEjb6gQ==");
  const pop3::ScramOffer offer{nonce.substr(20), std::string(salt->reveal()), 4096};
  CHECK(server_first(first->start.nonce, offer) ==
        "r=" + nonce + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
  const auto final = parse_client_final(last, first->header, nonce);
  REQUIRE(final);
  CHECK(final->without_proof == "c=biws,r=" + nonce);
  CHECK(final->proof[0] == 0x74);
  CHECK(final->proof[31] == 0x54);
  CHECK(pop3::server_final(final->proof) == "v=" + proof);
}

TEST_CASE("both sides sign the text as it was sent, escapes and extensions included") {
  const auto first = parse_client_first("y,a=bob,n=a=2Cb,r=x,z=1,q=a=b");
  REQUIRE(first);
  CHECK(first->start.name == "a,b");
  CHECK(first->start.message_bare == "n=a=2Cb,r=x,z=1,q=a=b");
  CHECK(first->header.authorization_identity == "bob");
  const auto final = parse_client_final(
      "c=" + base::encode_base64("y,a=bob,") + ",r=xy,t=\xc3\xa4,p=" + proof, first->header, "xy");
  REQUIRE(final);
  CHECK(final->without_proof == "c=" + base::encode_base64("y,a=bob,") + ",r=xy,t=\xc3\xa4");
}

TEST_CASE("attributes that have their own place are no extensions") {
  for (const char name : "aceimnprsv"s) {
    CAPTURE(name);
    CHECK_FALSE(parse_client_first("n,,n=user,r=x,"s + name + "=1"));
    if (name != 'p')
      CHECK_FALSE(parse_client_final("c=biws,r=x,"s + name + "=1,p=" + proof, header, "x"));
  }
  CHECK(parse_client_first("n,,n=user,r=x,N=1,b=2,z=3,Z=4"));
  CHECK(parse_client_final("c=biws,r=x,N=1,b=2,P=3,p=" + proof, header, "x"));
}

TEST_CASE("an extension is a letter, an equals sign and a value, once") {
  for (const auto* extension :
       {"", "b", "b=", "1=a", "bb=a", "=a", "b=a,b=c", "b=a,", ",b=a", "b=\xff", "b=a,,d=e"}) {
    CAPTURE(extension);
    CHECK_FALSE(parse_client_first("n,,n=user,r=x,"s + extension));
    CHECK_FALSE(parse_client_final("c=biws,r=x,"s + extension + ",p=" + proof, header, "x"));
  }
}

TEST_CASE("the nonce is of printable characters, but for the comma") {
  for (int c = 0; c < 256; ++c) {
    const bool is_good = c > 0x20 && c < 0x7f && c != ',';
    const auto message = "n,,n=user,r=a"s + static_cast<char>(c) + "b";
    CHECK(parse_client_first(message).has_value() == is_good);
  }
}

TEST_CASE("the nonce is at most max_scram_nonce octets long") {
  const auto with = [](std::size_t length) {
    return parse_client_first("n,,n=user,r=" + std::string(length, 'x')).has_value();
  };
  CHECK_FALSE(with(0));
  CHECK(with(1));
  CHECK(with(pop3::max_scram_nonce - 1));
  CHECK(with(pop3::max_scram_nonce));
  CHECK_FALSE(with(pop3::max_scram_nonce + 1));
}

TEST_CASE("messages are at most max_scram_message octets long") {
  const auto passes = [](std::size_t length) {
    const bool first = parse_client_first(filled("n,,n=user,r=x,z=", length)).has_value();
    const auto text = filled("c=biws,r=x,z=", length, ",p=" + proof);
    CHECK(parse_client_final(text, header, "x").has_value() == first);
    return first;
  };
  CHECK(passes(pop3::max_scram_message - 1));
  CHECK(passes(pop3::max_scram_message));
  CHECK_FALSE(passes(pop3::max_scram_message + 1));
}

TEST_CASE("the longest names with the longest nonce fit into a message") {
  std::string name;
  while (name.size() < 3 * pop3::max_user_name)
    name += "=2C";
  const auto first = parse_client_first("n,a=" + name + ",n=" + name +
                                        ",r=" + std::string(pop3::max_scram_nonce, 'x'));
  REQUIRE(first);
  const auto whole = first->start.nonce + std::string(pop3::max_scram_nonce, 'y');
  CHECK(parse_client_final("c=" + base::encode_base64(first->header.text) + ",r=" + whole +
                               ",p=" + proof,
                           first->header, whole));
}

TEST_CASE("the last message has to bind to the header and the nonce of this exchange") {
  CHECK(parse_client_final(last, header, nonce));
  CHECK_FALSE(parse_client_final(last, {"y,,", ""}, nonce));
  CHECK_FALSE(parse_client_final(last, {"n,a=user,", "user"}, nonce));
  CHECK_FALSE(parse_client_final(last, header, nonce + "x"));
  CHECK_FALSE(parse_client_final(last, header, nonce.substr(1)));
  CHECK_FALSE(parse_client_final(last, header, ""));
}

TEST_CASE("a proof has 32 octets") {
  for (std::size_t octets = 0; octets < 40; ++octets) {
    const auto base64 = base::encode_base64(std::string(octets, 'p'));
    CHECK(parse_client_final("c=biws,r=x,p=" + base64, header, "x").has_value() == (octets == 32));
  }
}

TEST_CASE("a message that is cut anywhere is refused") {
  const auto first = "n,a=user,n=user,r=x,z=1"s;
  for (std::size_t length = 0; length < first.size(); ++length) {
    const bool ends_whole = length == first.find(",z");
    CHECK(parse_client_first(first.substr(0, length)).has_value() == ends_whole);
  }
  for (std::size_t length = 0; length < last.size(); ++length)
    CHECK_FALSE(parse_client_final(last.substr(0, length), header, nonce));
}

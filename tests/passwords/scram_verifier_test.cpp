// SPDX-License-Identifier: ISC
#include "passwords/scram_verifier.hpp"

#include "base/hex.hpp"
#include "passwords/password_hash.hpp"

#include <doctest/doctest.h>
#include <set>
#include <stdexcept>

using base::Secret;
using passwords::check_proof;
using passwords::decoy_scram;
using passwords::make_scram;
using passwords::parse_scram;
using passwords::ScramVerifier;
using passwords::Sha256Octets;
using passwords::verify;

namespace {

/// The verifier of RFC 7677 section 3: user `user`, password `pencil`. The keys follow from the
/// password; the server's signature in the RFC proves them.
constexpr std::string_view rfc_verifier =
    "{SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"
    "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
constexpr std::string_view rfc_auth_message =
    "n=user,r=rOprNGfwEbeRWgbNEkqO,"
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
/// dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=
const Sha256Octets rfc_proof = {0x74, 0x7c, 0xdb, 0x65, 0xaa, 0x56, 0x22, 0x4e, 0x23, 0x52, 0x13,
                                0x7e, 0x52, 0xd7, 0xbd, 0xca, 0xd6, 0xa0, 0xf7, 0x38, 0xdf, 0x30,
                                0x78, 0x2c, 0xaa, 0x69, 0xa2, 0xcf, 0xb0, 0x27, 0x75, 0x54};
/// 6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=
constexpr auto rfc_signature = "eabae24d1062db75a9451ff0b6ea7e98c8546549ff741e672d3251b2397de46e";

constexpr std::string_view salt = "W22ZaJ0SNY7soEsUEjb6gQ==";
constexpr std::string_view key = "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=";

std::string text(std::string_view iterations, std::string_view salt_text, std::string_view stored,
                 std::string_view server) {
  std::string made = "{SCRAM-SHA-256}";
  return made.append(iterations)
             .append(",")
             .append(salt_text)
             .append(",")
             .append(stored)
             .append(",") +
         std::string(server);
}

/// The Base64 of `octets` zero octets.
std::string zeros(std::size_t octets) {
  return std::string(octets / 3 * 4, 'A') + (octets % 3 == 1   ? "AA=="
                                             : octets % 3 == 2 ? "AAA="
                                                               : "");
}

const Secret& site_key() {
  static const Secret made(std::string(32, 'k'));
  return made;
}

} // namespace

TEST_CASE("the example of RFC 7677 section 3 is right") {
  const auto verifier = parse_scram(rfc_verifier);
  REQUIRE(verifier.has_value());
  CHECK(verify(rfc_verifier, Secret("pencil")));
  const auto signature = check_proof(*verifier, rfc_auth_message, rfc_proof);
  REQUIRE(signature.has_value());
  CHECK(base::hex(*signature) == rfc_signature);
}

TEST_CASE("a proof with one bit changed, or of another message, does not fit") {
  const auto verifier = parse_scram(rfc_verifier);
  for (std::size_t bit = 0; bit < 256; bit += 5) {
    auto wrong = rfc_proof;
    wrong[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    CHECK_FALSE(check_proof(*verifier, rfc_auth_message, wrong).has_value());
  }
  CHECK_FALSE(check_proof(*verifier, "", rfc_proof).has_value());
  CHECK_FALSE(check_proof(*verifier, rfc_auth_message.substr(1), rfc_proof).has_value());
  CHECK_FALSE(check_proof(*verifier, rfc_auth_message, Sha256Octets{}).has_value());
}

TEST_CASE("verifiers of doveadm pw are understood, their passwords sent as such too") {
  for (const std::string_view stored : {"{SCRAM-SHA-256}4096,Vhx9cimdupYwvmDiY4cilw==,"
                                        "MwCfpT5tkTRp/utWoVHfKiFplnCuovoxcQcNOUHljNY=,"
                                        "45Rih0jVgC+SiYVhxswOKp69JJYORasZZBAdLTAKZ14=",
                                        "{SCRAM-SHA-256}4096,LYASptsy7yTeVjWrpayY4g==,"
                                        "A6uhSXsmgA89lbI6s+Jaj/oFDsi+pboWpzyO9IGrGJk=,"
                                        "VYZmun9xpfzuwQp6+ZwS5ZlT8MPykGMliwQ7Knrx66A="}) {
    const auto verifier = parse_scram(stored);
    REQUIRE(verifier.has_value());
    CHECK(to_text(*verifier) == stored);
    CHECK(verify(stored, Secret("correct horse")));
    CHECK_FALSE(verify(stored, Secret("correct horsf")));
    CHECK_FALSE(verify(stored, Secret("")));
  }
}

TEST_CASE("a password has to fit both keys") {
  std::string stored(rfc_verifier);
  CHECK(verify(stored, Secret("pencil")));
  auto server = stored, client = stored;
  server[server.size() - 5] = 'x';
  client[stored.find("WG5d")] = 'x';
  CHECK_FALSE(verify(server, Secret("pencil")));
  CHECK_FALSE(verify(client, Secret("pencil")));
}

TEST_CASE("the scheme may be written in either case, or be left out") {
  const auto verifier = parse_scram(rfc_verifier);
  const auto rest = std::string(rfc_verifier.substr(15));
  CHECK(parse_scram(rest) == verifier);
  CHECK(parse_scram("{scram-sha-256}" + rest) == verifier);
  for (const std::string wrong : {"{SCRAM-SHA-1}", "{SCRAM-SHA-256", "{}", "{SCRAM-SHA-256} "})
    CHECK_FALSE(parse_scram(wrong + rest).has_value());
}

TEST_CASE("iterations are at least 4096, and 25000 an operation") {
  CHECK_FALSE(parse_scram(text("4095", salt, key, key)).has_value());
  CHECK(parse_scram(text("4096", salt, key, key))->iterations == 4096);
  CHECK(parse_scram(text("4294967295", salt, key, key))->iterations == 4294967295u);
  for (const auto* bad : {"4294967296", "04096", "+4096", "-4096", " 4096", "4096 ", "", "0x1000"})
    CHECK_FALSE(parse_scram(text(bad, salt, key, key)).has_value());
  CHECK(*passwords::cost_of(text("25000", salt, key, key)) == passwords::Cost{0, 1});
  CHECK(*passwords::cost_of(text("25001", salt, key, key)) == passwords::Cost{0, 2});
  CHECK(*passwords::cost_of(text("100000", salt, key, key)) == passwords::Cost{0, 4});
}

TEST_CASE("salts have 8 to 64 octets") {
  CHECK_FALSE(parse_scram(text("4096", zeros(7), key, key)).has_value());
  CHECK(parse_scram(text("4096", zeros(8), key, key))->salt == std::string(8, '\0'));
  CHECK(parse_scram(text("4096", zeros(64), key, key))->salt == std::string(64, '\0'));
  CHECK_FALSE(parse_scram(text("4096", zeros(65), key, key)).has_value());
}

TEST_CASE("keys have 32 octets") {
  CHECK(parse_scram(text("4096", salt, zeros(32), zeros(32))).has_value());
  for (const std::size_t octets : {0, 31, 33, 64}) {
    CHECK_FALSE(parse_scram(text("4096", salt, zeros(octets), key)).has_value());
    CHECK_FALSE(parse_scram(text("4096", salt, key, zeros(octets))).has_value());
  }
}

TEST_CASE("Base64 is padded, of the one alphabet, and without unused bits") {
  const auto good = text("4096", salt, key, key);
  CHECK(parse_scram(good).has_value());
  for (const auto* bad :
       {"W22ZaJ0SNY7soEsUEjb6gQ", "W22ZaJ0SNY7soEsUEjb6gQ=", "W22ZaJ0SNY7soEsUEjb6gR==",
        "W22ZaJ0SNY7soEsUEjb6gQ===", "W22ZaJ0SNY7soEsUEjb6-Q==", "W22ZaJ0SNY7soEsUEjb6\xdaQ==",
        "W22ZaJ0SNY7 soEsUEjb6gQ==", "=W22ZaJ0SNY7soEsUEjb6gQ=", "W22ZaJ0SNY7soEsUEjb6gQ==\n"})
    CHECK_FALSE(parse_scram(text("4096", bad, key, key)).has_value());
  CHECK_FALSE(parse_scram(good + ",").has_value());
  CHECK_FALSE(parse_scram(good + ";x").has_value());
  CHECK_FALSE(parse_scram(good + '\0').has_value());
}

TEST_CASE("a verifier that is cut off is refused") {
  for (std::size_t size = 0; size < rfc_verifier.size(); ++size)
    CHECK_FALSE(parse_scram(rfc_verifier.substr(0, size)).has_value());
}

TEST_CASE("a verifier that was made is read again, fits its password, and has a salt of its own") {
  const auto made = make_scram(Secret("correct horse"), 4096);
  CHECK(made.salt.size() == 16);
  CHECK(parse_scram(to_text(made)) == made);
  CHECK(verify(to_text(made), Secret("correct horse")));
  CHECK(make_scram(Secret("correct horse"), 4096).salt != made.salt);
}

TEST_CASE("a decoy verifier is the same each time, and another one for each name and site") {
  const auto nobody = decoy_scram("nobody", site_key(), {5000});
  CHECK(nobody == decoy_scram("nobody", site_key(), {5000}));
  CHECK(nobody.iterations == 5000);
  CHECK(nobody.salt.size() == make_scram(Secret("x"), 4096).salt.size());
  CHECK(parse_scram(to_text(nobody)) == nobody);
  const Secret other(std::string(32, 'o'));
  CHECK(std::set{nobody.salt, decoy_scram("nobodz", site_key(), {5000}).salt,
                 decoy_scram("nobody", other, {5000}).salt,
                 decoy_scram("", site_key(), {5000}).salt}
            .size() == 4);
  CHECK(nobody.stored_key != nobody.server_key);
  for (const auto octets : {passwords::least_scram_salt, passwords::most_scram_salt}) {
    const auto salt = decoy_scram("nobody", site_key(), {5000, octets}).salt;
    CHECK(salt.size() == octets);
    CHECK(salt.substr(0, 16) == nobody.salt.substr(0, octets));
  }
  CHECK_FALSE(check_proof(nobody, rfc_auth_message, rfc_proof).has_value());
}

TEST_CASE("the site's key has 16 to 64 octets") {
  for (const std::size_t octets : {15, 65})
    CHECK_THROWS_AS(decoy_scram("a", Secret(std::string(octets, 'k')), {4096}),
                    std::invalid_argument);
  for (const std::size_t octets : {16, 64})
    CHECK_NOTHROW(decoy_scram("a", Secret(std::string(octets, 'k')), {4096}));
}

TEST_CASE("a tag is 16 hexadecimal digits, the same for the same field alone") {
  const auto tag = passwords::scram_tag("{ARGON2ID}$argon2id$x");
  CHECK(tag.size() == 16);
  CHECK(tag.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(tag == passwords::scram_tag("{ARGON2ID}$argon2id$x"));
  CHECK(tag != passwords::scram_tag("{ARGON2ID}$argon2id$y"));
  CHECK(tag != passwords::scram_tag(""));
}

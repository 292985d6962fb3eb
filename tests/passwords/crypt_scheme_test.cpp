// SPDX-License-Identifier: ISC
#include "passwords/password_hash.hpp"

#include <crypt.h>
#include <doctest/doctest.h>
#include <memory>

using base::Secret;
using passwords::cost_of;
using passwords::verify;

namespace hash_problem = passwords::hash_problem;

namespace {

struct Known {
  const char* hash;
  const char* password;
  std::uint64_t operations;
};

constexpr Known known_hashes[] = {
    // The specification of SHA-crypt.
    {"$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5", "Hello world!", 1},
    {"$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/"
     "O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
     "Hello world!", 1},
    // The tests of Openwall's bcrypt.
    {"$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U", 1},
    {"$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U", 1},
    // doveadm pw, of Dovecot 2.3.19.
    {"{SHA512-CRYPT}$6$FJm5yi1RwuX.akH8$rIe2fya69LV8KMJdyQ0coLK3IKhHEw.7Lzt5SdSGUWjz4v."
     "cn51JS7auBh7mFZ.zlnTiL0eqZPRAvTUKba2XG.",
     "correct horse", 1},
    {"{SHA512-CRYPT}$6$rounds=6000$CQgvJQeE2yW9M9kK$"
     "E8xR8KT3m2e8xV9eYnzsMWx5ksJyR3.tG2OU19w7qGTKWcS1wSH0g7TLJvjk7sCoHlNcYJH0esaPYsn2df3Xp0",
     "correct horse", 1},
    {"{SHA256-CRYPT}$5$IAW8goUURWLjUf.Z$xLLgN10GLSMrzv2Xw5CsuWFfyiA6oeCtauyuTKBkEb6",
     "correct horse", 1},
    {"{BLF-CRYPT}$2y$05$LgKsAIeV9FPB/sWmKOH45u.TyeSvFZL4niJUgqztqyXpYfQM1Ggjm", "correct horse", 1},
    {"{CRYPT}$2y$05$PuG4H9JIjC5frhU8jAfYy.VEPBDZtV7vNv3VyAkL5O1AUTey4H1F.", "correct horse", 1},
    // htpasswd -B, openssl passwd -6 and mkpasswd.
    {"$2y$04$nx7y50HcbnJHIi5D/JBo4.qko3SIpT2scrOXoj8VxBWO2EZVhijou", "correct horse", 1},
    {"$6$ab$taQi2R/p.00nDn/0OiJ.5VXxxXle4RnNFdp1MRTAv1YDfnWjTzvJxb43j8XusV1GVxGhgSwzDrEJhwBIxUw.Q/",
     "correct horse", 1},
    {"{CRYPT}$y$j9T$0./rh7v7o54sljsZxINNs/$0b0lxDzc5dupzlBmHQsKN7LuVkhLS91RHzgYCCTz6F.",
     "correct horse", 2},
    {"$gy$j9T$SOA5T/lnVFHTULE/7GHrM1$aAgvbHx9NHodb0W0h6VDL5dkhPtK2BLYlfwLp6V.L.A", "correct horse",
     2},
};

std::string crypt_of(const char* password, const char* setting) {
  const auto data = std::make_unique<crypt_data>();
  const char* const made = crypt_rn(password, setting, data.get(), sizeof(crypt_data));
  REQUIRE(made != nullptr);
  return made;
}

std::string sha512(const std::string& settings, std::size_t output = 86) {
  return "$6$" + settings + "$" + std::string(output, '.');
}
std::string bcrypt(const std::string& prefix, std::size_t digits = 53) {
  return prefix + std::string(digits, '.');
}
std::string yescrypt(const std::string& settings, std::size_t output = 43) {
  return "$y$" + settings + "$" + std::string(output, '.');
}

bool is_malformed(const std::string& stored) {
  const auto cost = cost_of(stored);
  CAPTURE(stored);
  return !cost && cost.error() == hash_problem::malformed;
}

std::uint64_t operations_of(const std::string& stored) {
  const auto cost = cost_of(stored);
  CAPTURE(stored);
  REQUIRE(cost.has_value());
  return cost->operations;
}

} // namespace

TEST_CASE("hashes of other programs fit their password and no other") {
  for (const auto& known : known_hashes) {
    CAPTURE(known.hash);
    CHECK(verify(known.hash, Secret(known.password)));
    CHECK_FALSE(verify(known.hash, Secret(std::string(known.password) + "x")));
    CHECK_FALSE(verify(known.hash, Secret("")));
    CHECK(operations_of(known.hash) == known.operations);
  }
}

TEST_CASE("a password with a NUL is never right, though crypt would see its beginning") {
  const std::string hash = "$2y$04$nx7y50HcbnJHIi5D/JBo4.qko3SIpT2scrOXoj8VxBWO2EZVhijou";
  CHECK(verify(hash, Secret("correct horse")));
  CHECK_FALSE(verify(hash, Secret(std::string("correct horse\0", 14))));
  CHECK_FALSE(verify(hash, Secret(std::string("correct horse\0battery", 21))));
  const std::string of_nothing = crypt_of("", "$2y$04$......................");
  CHECK(verify(of_nothing, Secret("")));
  CHECK_FALSE(verify(of_nothing, Secret(std::string("\0", 1))));
}

TEST_CASE("a password has up to 511 octets") {
  const std::string longest(511, 'x');
  const std::string hash = crypt_of(longest.c_str(), "$5$rounds=1000$salt$");
  CHECK(verify(hash, Secret(longest)));
  CHECK_FALSE(verify(hash, Secret(longest.substr(1))));
  CHECK_FALSE(verify(hash, Secret(longest + 'x')));
  const std::string of_nothing = crypt_of("", "$5$rounds=1000$salt$");
  CHECK(verify(of_nothing, Secret("")));
  CHECK_FALSE(verify(of_nothing, Secret(longest + 'x')));
}

TEST_CASE("bcrypt looks at the first 72 octets of a password") {
  const std::string password(72, 'x');
  const std::string hash = crypt_of(password.c_str(), "$2b$04$......................");
  CHECK(verify(hash, Secret(password + "anything")));
  CHECK_FALSE(verify(hash, Secret(password.substr(1))));
}

TEST_CASE("rounds of SHA-crypt are from 1000 to 999999999, and 40000 of them an operation") {
  CHECK(operations_of(sha512("rounds=1000$salt")) == 1);
  CHECK(operations_of(sha512("rounds=40000$salt")) == 1);
  CHECK(operations_of(sha512("rounds=40001$salt")) == 2);
  CHECK(operations_of(sha512("rounds=999999999$salt")) == 25000);
  CHECK(operations_of("$5$rounds=25000$salt$" + std::string(43, '.')) == 1);
  CHECK(operations_of("$5$rounds=25001$salt$" + std::string(43, '.')) == 2);
  for (const auto* bad : {"rounds=999$salt", "rounds=1000000000$salt", "rounds=01000$salt",
                          "rounds=+1000$salt", "rounds=1000", "rounds=$salt", "rounds=1000x$salt",
                          "rounds=4294968296$salt", "rounds=1000$$salt", "Rounds=1000$salt"})
    CHECK(is_malformed(sha512(bad)));
}

TEST_CASE("the salt of SHA-crypt has 1 to 16 characters, its output 43 or 86") {
  CHECK(cost_of(sha512("0123456789./zZaA")).has_value());
  CHECK(cost_of(sha512("s")).has_value());
  for (const auto* bad : {"", "0123456789./zZaAx", "sa+t", "sa t", "s\xe4lt", "sal:", "sal\n"})
    CHECK(is_malformed(sha512(bad)));
  CHECK(is_malformed(sha512("salt", 85)));
  CHECK(is_malformed(sha512("salt", 87)));
  CHECK(is_malformed("$5$salt$" + std::string(42, '.')));
  CHECK(is_malformed("$5$salt$" + std::string(44, '.')));
  CHECK(is_malformed(sha512("salt", 85) + '='));
  CHECK(is_malformed(sha512("salt", 85) + '\0'));
  CHECK(is_malformed("$6$salt"));
  CHECK(is_malformed("$6$"));
}

TEST_CASE("the cost of bcrypt is from 04 to 31, and 8 an operation") {
  CHECK(operations_of(bcrypt("$2a$04$")) == 1);
  CHECK(operations_of(bcrypt("$2b$08$")) == 1);
  CHECK(operations_of(bcrypt("$2y$09$")) == 2);
  CHECK(operations_of(bcrypt("$2y$12$")) == 16);
  CHECK(operations_of(bcrypt("$2y$31$")) == 1u << 23);
  for (const auto* bad : {"$2y$03$", "$2y$32$", "$2y$00$", "$2y$4$", "$2y$004$", "$2y$+4$",
                          "$2y$0x$", "$2y$0:$", "$2y$/9$", "$2y$", "$2y$1", "$2y$10", "$2y$10x"})
    CHECK(is_malformed(bcrypt(bad)));
  CHECK(is_malformed(bcrypt("$2y$10$", 52)));
  CHECK(is_malformed(bcrypt("$2y$10$", 54)));
  CHECK(is_malformed(bcrypt("$2y$10$", 52) + '+'));
  CHECK(is_malformed("$2y$10$"));
}

TEST_CASE("a bcrypt salt that crypt would write otherwise is malformed") {
  const std::string salt(21, 'a'), output(31, 'a');
  for (const char last : std::string(".Oeu"))
    CHECK(cost_of("$2y$04$" + salt + last + output).has_value());
  for (const char last : std::string("/AaPz9"))
    CHECK(is_malformed("$2y$04$" + salt + last + output));
}

TEST_CASE("yescrypt says its memory, and 8 MiB of it are an operation") {
  CHECK(*cost_of(yescrypt("j9T$ab.1")) == passwords::Cost{16 << 20, 2});
  CHECK(*cost_of(yescrypt("j75$ab.1")) == passwords::Cost{1 << 20, 1});
  CHECK(*cost_of(yescrypt("j8T$ab.1")) == passwords::Cost{8 << 20, 1});
  CHECK(*cost_of("$gy$jFT$ab.1$" + std::string(43, '.')) == passwords::Cost{1 << 30, 128});
  CHECK(*cost_of(yescrypt("jjj$ab.1")) ==
        passwords::Cost{std::uint64_t{128 * 48} << 48, std::uint64_t{128 * 48} << 25});
}

TEST_CASE("other forms of yescrypt than crypt_gensalt writes are malformed") {
  for (const auto* bad : {"j65$ab.1", "j74$ab.1", "jk5$ab.1", "j7k$ab.1", "i75$ab.1", "k75$ab.1",
                          "75$ab.1", "$ab.1", "j75/0$ab.1", "j75", "j7$ab.1", "j$ab.1", "j+5$ab.1",
                          "j75$a", "j75$ab.1c", "j75$a2", "j75$abE", "j75$", "j75$ab 1"})
    CHECK(is_malformed(yescrypt(bad)));
  CHECK(cost_of(yescrypt("j75$" + std::string(86, '.'))).has_value());
  CHECK(is_malformed(yescrypt("j75$" + std::string(87, '.'))));
  CHECK(is_malformed(yescrypt("j75$ab.1", 42)));
  CHECK(is_malformed(yescrypt("j75$ab.1", 44)));
}

TEST_CASE("crypt computes whatever is well-formed") {
  for (const auto& hash :
       {sha512("rounds=1000$s"), sha512("rounds=1000$0123456789./zZaA"), bcrypt("$2a$04$"),
        bcrypt("$2b$04$"), bcrypt("$2y$04$"), yescrypt("j75$./"),
        yescrypt("j75$" + std::string(86, '.')), yescrypt("j75$z1"), yescrypt("j75$zz1"),
        yescrypt("j75$zzD"), yescrypt("j75$zzzz"), "$gy$j75$zz1$" + std::string(43, '.')}) {
    const std::string made = crypt_of("x", hash.c_str());
    CAPTURE(hash);
    REQUIRE(cost_of(hash).has_value());
    CHECK(made.size() == hash.size());
    CHECK(verify(made, Secret("x")));
  }
}

// SPDX-License-Identifier: ISC
#include "users/compiled_header.hpp"

#include "passwords/password_hash.hpp"
#include "passwords/scram_verifier.hpp"

#include <doctest/doctest.h>

using users::CompiledHeader;
using users::header_of;
using users::parse_header;
using users::User;

namespace {

struct stat text_of(off_t size, time_t seconds, long nanoseconds) {
  struct stat text {};
  text.st_size = size;
  text.st_ino = 34;
  text.st_mtim = {seconds, nanoseconds};
  text.st_ctim = {seconds, nanoseconds + 1};
  return text;
}

const std::string good = "sodapop-users 2\nsize 7\ninode 34\nmtime 1000000002\nctime 1000000003\n"
                         "scram-iterations 4096\nscram-salt 12\ndecoy {X}1\ndecoy {Y}2\n";

User with_hash(const std::string& hash) {
  User user;
  user.hash = hash;
  return user;
}

std::string argon2(unsigned kibibytes) {
  return passwords::decoy({std::uint64_t{kibibytes} << 10, 1});
}

std::string scram(std::uint32_t iterations) {
  return to_text(passwords::ScramVerifier{iterations, "0123456789abcdef", {}, {}});
}

} // namespace

TEST_CASE("a header belongs to a file of one size, one inode and one time of each kind") {
  const auto header = header_of(text_of(10, 1'700'000'000, 5));
  CHECK(header.is_of(text_of(10, 1'700'000'000, 5)));
  CHECK_FALSE(header.is_of(text_of(11, 1'700'000'000, 5)));
  CHECK_FALSE(header.is_of(text_of(10, 1'700'000'001, 5)));
  CHECK_FALSE(header.is_of(text_of(10, 1'700'000'000, 4)));
  auto other = text_of(10, 1'700'000'000, 5);
  ++other.st_ino;
  CHECK_FALSE(header.is_of(other));
  other = text_of(10, 1'700'000'000, 5);
  ++other.st_ctim.tv_nsec;
  CHECK_FALSE(header.is_of(other));
  other = text_of(10, 1'700'000'000, 5);
  ++other.st_ctim.tv_sec;
  CHECK_FALSE(header.is_of(other));
}

TEST_CASE("a header reads back as it was written") {
  auto header = header_of(text_of(7, 1, 2));
  header.scram = {4096, 12};
  header.decoys = {"{X}1", "{Y}2"};
  CHECK(to_text(header) == good);
  const auto read = parse_header(good);
  REQUIRE(read.has_value());
  CHECK(to_text(*read) == good);
  CHECK(read->is_of(text_of(7, 1, 2)));
}

TEST_CASE("a file from before 1970 has a header as well") {
  const auto text = text_of(0, -1, 999'999'998);
  const auto read = parse_header(to_text(header_of(text)));
  REQUIRE(read.has_value());
  CHECK(read->is_of(text));
}

TEST_CASE("of another version only the version is read") {
  CHECK(parse_header("sodapop-users 3\nwho knows").error() ==
        users::compiled_problem::other_version);
  // Version 1 told neither inode nor ctime, so that it cannot be trusted to be of the users file.
  CHECK(parse_header("sodapop-users 1\nsize 7\nchanged 2\nscram-iterations 0\n").error() ==
        users::compiled_problem::outdated);
}

TEST_CASE("a malformed header is refused, and so is one that is cut off") {
  for (std::size_t length = 0; length < good.size(); ++length)
    if (const auto read = parse_header(good.substr(0, length))) {
      CAPTURE(length);
      const auto rest = good.substr(length);
      CHECK(rest.starts_with("decoy "));
      CHECK(read->decoys.size() < 2);
    }
  const std::string parameters = "scram-iterations 1\nscram-salt 16\n";
  const std::string rest = "inode 1\nmtime 1\nctime 1\n" + parameters;
  CHECK(parse_header("sodapop-users 2\nsize 7\n" + rest).has_value());
  for (const std::string& bad :
       {"sodapop-users 2 \nsize 7\n" + rest, "sodapop-users 2\nsize -7\n" + rest,
        "sodapop-users 2\nsize 18446744073709551616\n" + rest,
        "sodapop-users 2\nsize 7\ninode -1\nmtime 1\nctime 1\n" + parameters,
        "sodapop-users 2\nsize 7\ninode 1\nmtime\nctime 1\n" + parameters,
        "sodapop-users 2\nsize 7\ninode 1\nmtime 1\nctime\n" + parameters,
        "sodapop-users 2\nsize 7\ninode 1\nmtime 1\n" + parameters,
        std::string("sodapop-users 2\nsize 7\ninode 1\nmtime 1\nctime 1\n"
                    "scram-iterations 4294967296\nscram-salt 16\n"),
        std::string("sodapop-users 2\nsize 7\ninode 1\nmtime 1\nctime 1\n"
                    "scram-iterations 1\nscram-salt 7\n"),
        std::string("sodapop-users 2\nsize 7\ninode 1\nmtime 1\nctime 1\n"
                    "scram-iterations 1\nscram-salt 65\n"),
        "sodapop-users 2\nsize 7\n" + rest + "other\n",
        "sodapop-users 2\ninode 1\nsize 7\nmtime 1\nctime 1\n" + parameters,
        std::string("users 2\n")})
    CHECK(parse_header(bad).error() == users::compiled_problem::damaged);
}

TEST_CASE("a header holds as many decoys as are kept, and no more") {
  CompiledHeader header;
  header.decoys.assign(CompiledHeader::max_decoys, std::string(512, 'x'));
  CHECK(parse_header(to_text(header)).has_value());
  CHECK(to_text(header).size() <= users::max_header);
  header.decoys.emplace_back("x");
  CHECK_FALSE(parse_header(to_text(header)).has_value());
}

TEST_CASE("a header is no longer than the limit") {
  const auto bare = to_text(CompiledHeader());
  CompiledHeader header;
  const auto fill = users::max_header - bare.size() - std::string_view("decoy \n").size();
  header.decoys = {std::string(fill, 'x')};
  CHECK(to_text(header).size() == users::max_header);
  CHECK(parse_header(to_text(header)).has_value());
  header.decoys = {std::string(fill + 1, 'x')};
  CHECK_FALSE(parse_header(to_text(header)).has_value());
}

TEST_CASE("one hash of each scheme and cost is kept, in the order of the users") {
  CompiledHeader header;
  const auto sha512 = "{SHA512-CRYPT}$6$saltsalt$" + std::string(86, 'x');
  for (const auto& hash : {argon2(16), argon2(8), argon2(16), sha512, argon2(8), sha512})
    header.consider(with_hash(hash));
  REQUIRE(header.decoys.size() == 3);
  CHECK(header.decoys[0] == argon2(16));
  CHECK(header.decoys[1] == argon2(8));
  CHECK(*passwords::cost_of(header.decoys[2]) == *passwords::cost_of(sha512));
}

TEST_CASE("nothing of a hash is left in what is kept") {
  CompiledHeader header;
  const auto hash = passwords::make(base::Secret("right"), passwords::least_cost);
  header.consider(with_hash(hash));
  REQUIRE(header.decoys.size() == 1);
  CHECK(header.decoys[0].find(hash.substr(hash.rfind('$') + 1)) == std::string::npos);
  CHECK_FALSE(passwords::verify(header.decoys[0], base::Secret("right")));
}

TEST_CASE("text that is no hash is passed over") {
  CompiledHeader header;
  for (const auto* hash : {"", "*", "!", "{PLAIN}x", "{ARGON2ID}x"})
    header.consider(with_hash(hash));
  header.consider(with_hash("!" + argon2(8)));
  CHECK(header.decoys.empty());
}

TEST_CASE("no more costs are kept than the limit") {
  CompiledHeader header;
  for (unsigned i = 0; i <= CompiledHeader::max_decoys; ++i) {
    CHECK(header.decoys.size() == i);
    header.consider(with_hash(argon2(8 + i)));
  }
  CHECK(header.decoys.size() == CompiledHeader::max_decoys);
  CHECK(header.decoys.back() == argon2(8 + CompiledHeader::max_decoys - 1));
}

TEST_CASE("the iterations and the length of salt of most verifiers count") {
  CompiledHeader header;
  CHECK(header.scram == passwords::ScramParameters());
  for (const auto& hash : {argon2(8), scram(7000), scram(8000), scram(8000), scram(9000)})
    header.consider(with_hash(hash));
  CHECK(header.scram == passwords::ScramParameters{8000, 16});
}

TEST_CASE("a length of salts out of range is refused") {
  const std::string begin =
      "sodapop-users 2\nsize 7\ninode 1\nmtime 1\nctime 1\nscram-iterations 4096\n";
  for (const auto* salt : {"8", "64"})
    CHECK(parse_header(begin + "scram-salt " + salt + "\n").has_value());
  for (const auto* salt : {"7", "65", "", "x"})
    CHECK_FALSE(parse_header(begin + "scram-salt " + salt + "\n").has_value());
}

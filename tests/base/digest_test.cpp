// SPDX-License-Identifier: ISC
#include "base/digest.hpp"

#include "base/hex.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <set>
#include <stdexcept>
#include <string>

TEST_CASE("a digest is BLAKE2b of 128 bits in lower-case hexadecimal") {
  // From an independent implementation: b2sum -l 128.
  CHECK(base::digest("") == "cae66941d9efbd404e4d88758ea67670");
  CHECK(base::digest("abc") == "cf4ab791c62b8d2b2109c90275287816");
}

TEST_CASE("digests of different bytes differ") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i)
    CHECK(seen.insert(base::digest(std::to_string(i))).second);
  CHECK(base::digest(std::string("a\0", 2)) != base::digest("a"));
}

TEST_CASE("a keyed digest is BLAKE2b of 256 bits with that key") {
  // From an independent implementation: Python's hashlib.blake2b.
  std::string key;
  for (char c = 0; c < 32; ++c)
    key += c;
  base::KeyedDigest abc(key);
  abc.add("abc");
  constexpr auto digest = "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f";
  CHECK(abc.text() == digest);
  CHECK(base::hex(base::blake2b<32>("abc", key)) == digest);
  CHECK(base::KeyedDigest(std::string(32, '\0')).text() ==
        "fd7b3e075ab7e245506323f1d1b55330ccd606fb3301f4caba25022a1de50b47");
}

TEST_CASE("a keyed digest is the same however its bytes are cut") {
  const std::string bytes(1000, 'b');
  const std::string key(32, 'k');
  base::KeyedDigest whole(key);
  whole.add(bytes);
  const auto wanted = whole.text();
  for (const std::size_t piece : {1, 127, 128, 129, 999}) {
    base::KeyedDigest cut(key);
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      cut.add(std::string_view(bytes).substr(at, piece));
    CHECK(cut.text() == wanted);
  }
}

TEST_CASE("the key of a digest has 16 to 64 octets") {
  for (const std::size_t size : {0, 15, 65})
    CHECK_THROWS_AS(base::KeyedDigest(std::string(size, '\0')), std::invalid_argument);
  CHECK(base::KeyedDigest(std::string(16, '\0')).text() !=
        base::KeyedDigest(std::string(64, '\0')).text());
}

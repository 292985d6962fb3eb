// SPDX-License-Identifier: ISC
#include "pop3/coding.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <string>
#include <utility>

using namespace std::string_literals;
using pop3::Coding;
using pop3::coding_of;

namespace {

const std::pair<Coding, std::string> starts[] = {
    {Coding::gzip, "\x1f\x8b"s},
    {Coding::bzip2, "BZh9\x31\x41\x59\x26\x53\x59"s},
    {Coding::bzip2, "BZh1\x17\x72\x45\x38\x50\x90"s}, // of no octets
    {Coding::xz, "\xfd\x37zXZ\0"s},
    {Coding::zstd, "\x28\xb5\x2f\xfd"s},
    {Coding::lz4, "Dovecot-LZ4\x0d\x2a\x9b\xc5"s},
    {Coding::lz4, "\x04\x22\x4d\x18"s},
    {Coding::mail_crypt, "CRYPTED\x03\x07"s},
};

} // namespace

TEST_CASE("a coding is known by its first octets, and by all of them") {
  for (const auto& row : starts) {
    const auto coding = row.first;
    const std::string& start = row.second;
    CAPTURE(start);
    CHECK(start.size() <= pop3::coding_octets);
    CHECK(coding_of(start) == coding);
    CHECK(coding_of(start + "more") == coding);
    for (std::size_t octets = 0; octets < start.size(); ++octets)
      CHECK(coding_of(start.substr(0, octets)) == Coding::none);
    for (std::size_t at = 0; at < start.size(); ++at) {
      if (coding == Coding::bzip2 && at == 3)
        continue; // the level
      auto other = start;
      other[at] = static_cast<char>(other[at] ^ 1);
      CHECK(coding_of(other) == Coding::none);
    }
    CHECK(coding_of("\n" + start) == Coding::none);
  }
}

TEST_CASE("text has no coding, whatever it begins with") {
  for (const auto* text :
       {"", "\n", "Subject: a\n\n", "From x\n", "BZh: a\n", "BZh9: a header field\n", "BZh01AY&SY",
        "BZh:1AY&SY", "CRYPTED: yes\n", "Dovecot-LZ4: no\n", "(\n", ".\r\n"})
    CHECK(coding_of(text) == Coding::none);
}

TEST_CASE("each coding has a name of its own for the log") {
  CHECK(log_name(Coding::none) == "");
  CHECK(log_name(Coding::gzip) == "gzip");
  CHECK(log_name(Coding::mail_crypt) == "mail-crypt");
}

// SPDX-License-Identifier: ISC
#include "maildir/message_name.hpp"

#include "base/digest.hpp"
#include "pop3/limits.hpp"

#include <algorithm>
#include <climits>
#include <doctest/doctest.h>
#include <limits>
#include <ostream>

using namespace maildir;
using namespace std::string_literals;

namespace {

bool is_seen(std::string_view file_name) {
  return seen_name(file_name) == file_name;
}

} // namespace

TEST_CASE("the base name is all before the first :2,") {
  CHECK(base_name("1.a.host") == "1.a.host");
  CHECK(base_name("1.a.host:2,") == "1.a.host");
  CHECK(base_name("1.a.host:2,RS") == "1.a.host");
  CHECK(base_name("1.a.host,S=5:2,S") == "1.a.host,S=5");
  CHECK(base_name("1.a:1,x") == "1.a:1,x");
  CHECK(base_name("1.a:2") == "1.a:2");
  CHECK(base_name("1.a:2,S:2,T") == "1.a");
  CHECK(base_name(":2,S") == "");
}

TEST_CASE("the fields of programs that synchronise folders are no part of the base name") {
  for (const auto* name : {"1.a,U=1", "1.a,U=4294967295:2,S", "1.a,U=4,FMD5=7e33429f656f1e6e:2,",
                           "1.a,U=4,FMD5=7E,U=5:2,RS", "1.a,U=1,U=2"})
    CHECK(base_name(name) == "1.a");
  CHECK(base_name("1.a,S=14,W=20,U=3:2,S") == "1.a,S=14,W=20");
}

TEST_CASE("other fields are part of the base name, and so are fields without a value") {
  for (const auto* name :
       {"1.a,S=14", "1.a,S=14,W=20", "1.a,U=", "1.a,U=x1", "1.a,U=1x", "1.a,U=-1", "1.a,FMD5=7e",
        "1.a,FMD5=7e,U=x", "1.a,U=1,FMD5=", "1.a,U=1,FMD5=xy", "1.a,U=1,S=14", "1.aU=1", "1.a,u=1",
        ",U=1", ",U=1,FMD5=7e", "1.a,U=4:1,x"}) {
    CHECK(base_name(name) == name);
    CHECK(base_name(std::string(name) + ":2,S") == name);
  }
  CHECK(base_name(",U=1,U=2") == ",U=1");
}

TEST_CASE("the base name of a base name is the same") {
  for (const auto* name : {"1.a,U=1,U=2:2,S", ",U=1,U=2", "1.a,U=4,FMD5=7e,FMD5=7e", "", ":2,:2,"})
    CHECK(base_name(base_name(name)) == base_name(name));
}

TEST_CASE("the leading number is the digits at the start") {
  CHECK(leading_number("1763856011.M1P2.host:2,S") == 1763856011);
  CHECK(leading_number("0012.x") == 12);
  CHECK(leading_number("7") == 7);
  for (const auto* name : {"", "x1", "-1.a", "+1.a", " 1.a", ":2,S"})
    CHECK(leading_number(name) == 0);
}

TEST_CASE("a number that 64 bits do not hold is the largest") {
  constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
  CHECK(leading_number("18446744073709551614.a") == largest - 1);
  CHECK(leading_number("18446744073709551615.a") == largest);
  CHECK(leading_number("18446744073709551616.a") == largest);
  CHECK(leading_number(std::string(200, '9')) == largest);
}

TEST_CASE("messages stand in the order of number, then base name; flags do not count") {
  const char* const ordered[] = {"a", "b", "2.z", "10.a", "10.b:2,S", "10.c", "100.a"};
  for (std::size_t i = 0; i < std::size(ordered); ++i)
    for (std::size_t k = 0; k < std::size(ordered); ++k)
      CHECK(precedes(ordered[i], ordered[k]) == (i < k));
  CHECK_FALSE(precedes("1.a:2,S", "1.a:2,T"));
  CHECK_FALSE(precedes("1.a", "1.a:2,S"));
}

TEST_CASE("a message is seen when S is among its flags") {
  for (const auto* name : {"1.a:2,S", "1.a:2,RS", "1.a:2,ST", "1.a:2,S,x"})
    CHECK(is_seen(name));
  for (const auto* name : {"1.S", "1.a:2,", "1.a:2,s", "1.a:2,,S", "1.a:1,S", "1.S:2,T", "S"})
    CHECK_FALSE(is_seen(name));
}

TEST_CASE("S takes its place among the flags in ASCII order") {
  CHECK(seen_name("1.a") == "1.a:2,S");
  CHECK(seen_name("1.a:2,") == "1.a:2,S");
  CHECK(seen_name("1.a:2,R") == "1.a:2,RS");
  CHECK(seen_name("1.a:2,T") == "1.a:2,ST");
  CHECK(seen_name("1.a:2,DFRTab") == "1.a:2,DFRSTab");
  CHECK(seen_name("1.a:2,FS") == "1.a:2,FS");
}

TEST_CASE("a flag is added in ASCII order, or removed") {
  CHECK(with_flag_changed("1.a", 'F') == "1.a:2,F");
  CHECK(with_flag_changed("1.a:2,DS", 'F') == "1.a:2,DFS");
  CHECK(with_flag_changed("1.a:2,DFS", 'F') == "1.a:2,DS");
  CHECK(with_flag_changed("1.a:2,TF", 'F') == "1.a:2,T");
  CHECK(with_flag_changed("1.a:2,S,x=a", 'a') == "1.a:2,Sa,x=a");
  CHECK(with_flag_changed("1.a:2,S", 'S') == with_info("1.a"));
  CHECK(with_info("1.a:2,S") == "1.a:2,S");
}

TEST_CASE("text behind the letters stays") {
  CHECK(seen_name("1.a:2,R,x=T") == "1.a:2,RS,x=T");
  CHECK(seen_name("1.a:2,,S") == "1.a:2,S,S");
  CHECK(seen_name("1.a:1,x") == "1.a:1,x:2,S");
}

TEST_CASE("a name with S is at most four octets longer, and seen") {
  for (const auto* name : {"", "a", "1.a:2,", "1.a:2,FT", "1.a:2,,", ":2,", "1.a:2,S", "1:2",
                           "1:", "1:1,x", "1::", "1:2:", "1,U=1", "1,U=1,FMD5=7e"}) {
    const auto seen = seen_name(name);
    CHECK(seen.size() <= std::string_view(name).size() + 4);
    CHECK(is_seen(seen));
    CHECK(base_name(seen) == base_name(name));
  }
}

TEST_CASE("a name that leaves no room for S within NAME_MAX stays") {
  for (const std::string info : {"", ":2,", ":2,FT"}) {
    const auto added = info.empty() ? 4u : 1u; // ":2,S", or S
    const std::string fits = std::string(NAME_MAX - added - info.size(), '1') + info;
    CHECK(seen_name(fits).size() == NAME_MAX);
    CHECK(is_seen(seen_name(fits)));
    CHECK(seen_name("1" + fits) == "1" + fits);
  }
}

TEST_CASE("the unique-id is the base name, without flags") {
  CHECK(unique_id("1763856011.M1P2.host,S=5:2,RS").view() == "1763856011.M1P2.host,S=5");
  CHECK(unique_id("!~").view() == "!~");
}

TEST_CASE("nothing but zeros follows a unique-id in its space") {
  for (const std::string& name : {"1.a"s, std::string(pop3::max_unique_id, 'a'), "1 a"s}) {
    const auto id = unique_id(name);
    CHECK(std::all_of(id.text.begin() + id.length, id.text.end(), [](char c) { return c == 0; }));
  }
}

TEST_CASE("a base name of max_unique_id characters is the unique-id, a longer one its digest") {
  for (const std::size_t length : {pop3::max_unique_id - 1, pop3::max_unique_id})
    CHECK(unique_id(std::string(length, 'a') + ":2,S").view() == std::string(length, 'a'));
  const std::string longer(pop3::max_unique_id + 1, 'a');
  CHECK(unique_id(longer).view() == base::digest(longer));
  CHECK(unique_id(longer + ":2,S").view() == unique_id(longer).view());
}

TEST_CASE("a base name with other characters than 0x21 to 0x7e has its digest as unique-id") {
  for (const std::string name : {"1 a", "1\ta", "1\x7f", "1\xc3\xa4", "1\x01", "\n", ":2,S"}) {
    const std::string id(unique_id(name).view());
    CHECK(id == base::digest(base_name(name)));
    CHECK(id.size() == 32);
    CHECK(std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f; }));
  }
}

// SPDX-License-Identifier: ISC
#include "admin/import_merge.hpp"

#include <doctest/doctest.h>

using namespace admin;

namespace {

using Keys = std::set<std::string>;

} // namespace

TEST_CASE("a line with a new hash stays what it is otherwise") {
  CHECK(with_new_hash("a:1:7:8:g:/h:/bin/sh:nologin  x=y", "a:2:9:9::/i::") ==
        "a:2:7:8:g:/h:/bin/sh:nologin  x=y");
  CHECK(with_new_hash("a:1", "a:2::::::") == "a:2");
  CHECK(with_new_hash("a:1::::::nologin", "a:2::::::sodapop_expires=2027-01-31") ==
        "a:2::::::nologin sodapop_expires=2027-01-31");
  CHECK(with_new_hash("a:1::::::sodapop_expires=2099-01-01 x",
                      "a:2::::::sodapop_expires=2027-01-31") ==
        "a:2::::::sodapop_expires=2027-01-31 x");
}

TEST_CASE("a verifier belongs to its hash") {
  const std::string old = "a:1::::::sodapop_scram=v;t x";
  CHECK(with_new_hash(old, "a:2::::::") == "a:2::::::x");
  CHECK(with_new_hash(old, "a:1::::::") == old);
  CHECK(with_new_hash(old, "a:2::::::sodapop_scram=w;u") == "a:2::::::x sodapop_scram=w;u");
  CHECK(merge(old, "a:2::::::").line == "a:2::::::x");
  CHECK(merge(old, "a:1::::::").line == old);
  CHECK(merge(old, "a:1::::::x").missing.empty());
}

TEST_CASE("what only the old line has is kept and named") {
  const auto merged = merge("a:1:7:8:g:/h:/s:nologin=why allow_nets=::1 allow_real_nets=::2 k k2=v",
                            "a:2:::G::/S:allow_nets=::3 k=w");
  CHECK(merged.line == "a:2:7:8:G:/h:/S:allow_nets=::3 k=w nologin=why allow_real_nets=::2 k2=v");
  CHECK(merged.missing == Keys{"uid", "gid", "home", "nologin", "allow_real_nets", "k2"});
  const auto nothing = merge("a:1", "a:2:7:8::/h::k");
  CHECK(nothing.line == "a:2:7:8::/h::k");
  CHECK(nothing.missing.empty());
}

TEST_CASE("a uid is not joined to another line's gid") {
  CHECK(merge("a:1:7:8::::", "a:2:9:::::").line == "a:2:9:::::");
  CHECK(merge("a:1:7:8::::", "a:2::9::::").missing.empty());
}

TEST_CASE("app passwords are told apart by their labels") {
  const auto merged = merge("a:1::::::sodapop_app=a;1;1 sodapop_app=b;2;2 sodapop_app=c;3;3",
                            "a:1::::::sodapop_app=b;4;4");
  CHECK(merged.line == "a:1::::::sodapop_app=b;4;4 sodapop_app=a;1;1 sodapop_app=c;3;3");
  CHECK(merged.missing == Keys{"sodapop_app"});
}

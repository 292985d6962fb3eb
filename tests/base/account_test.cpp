// SPDX-License-Identifier: ISC
#include "base/account.hpp"

#include <doctest/doctest.h>
#include <ostream>

using base::find_account;

TEST_CASE("an account is found by name and by uid") {
  const auto root = find_account(uid_t{0});
  REQUIRE(root);
  CHECK(root->name == "root");
  CHECK(root->home.starts_with('/'));
  const auto nobody_too = find_account("nobody");
  REQUIRE(nobody_too);
  CHECK(find_account(nobody_too->identity.uid)->name == "nobody");
  CHECK_FALSE(find_account(uid_t{0xfffffffe}));
  CHECK_FALSE(find_account("no-such-account"));
}

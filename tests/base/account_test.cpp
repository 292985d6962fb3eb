// SPDX-License-Identifier: ISC
#include "base/account.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <system_error>

using base::find_account;

namespace {

std::optional<base::Account> found_in(const std::string& text, const std::string& name) {
  const Scratch scratch;
  return find_account(name, scratch.write("passwd", text));
}

} // namespace

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

TEST_CASE("an account is what the fields of its line say") {
  const auto text = "root:x:0:0:root:/root:/bin/bash\nann:x:4294967295:70:A:/h/ann:/bin/sh\n";
  const auto ann = found_in(text, "ann");
  REQUIRE(ann);
  CHECK(ann->name == "ann");
  CHECK(ann->identity.uid == 4294967295);
  CHECK(ann->identity.gid == 70);
  CHECK(ann->home == "/h/ann");
  CHECK(ann->shell == "/bin/sh");
  CHECK_FALSE(found_in(text, "an"));
  CHECK_FALSE(found_in(text, "x"));
  CHECK_FALSE(found_in("", "ann"));
}

TEST_CASE("the first line whose uid and gid are numbers counts") {
  const auto bad = "a\na:x:\na:x:1:\na:x:y:1::/:\na:x:1x:1::/:\na:x:4294967296:1::/:\n";
  CHECK_FALSE(found_in(bad, "a"));
  CHECK(found_in(bad + std::string("a:x:2:3\na:x:4:5\n"), "a")->identity.uid == 2);
  CHECK(found_in("a:x:2:3", "a")->home.empty());
}

TEST_CASE("a file that is not there is a failure of the system") {
  CHECK_THROWS_AS(find_account("root", "/nonexistent/passwd"), std::system_error);
}

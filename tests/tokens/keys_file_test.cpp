// SPDX-License-Identifier: ISC
#include "tokens/keys_file.hpp"

#include "signer.hpp"
#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <system_error>

using tokens::KeysFile;

namespace {

std::string document() {
  return "{\"keys\":[" + Signer(1).key() + "]}";
}

} // namespace

TEST_CASE("the file is read after it was opened, as often as one likes") {
  const Scratch scratch;
  const auto file = KeysFile::open(scratch.write("keys", document()));
  REQUIRE(file.has_value());
  CHECK(file->read()->keys().size() == 1);
  scratch.write("keys", "{");
  CHECK(file->read().error() == tokens::key_set_problem::malformed);
  scratch.write("keys", "");
  CHECK(file->read().error() == tokens::key_set_problem::malformed);
}

TEST_CASE("no more is read of a file than a set of keys may have") {
  const Scratch scratch;
  auto text = document();
  using tokens::max_key_set;
  for (const auto size : {max_key_set - 1, max_key_set, max_key_set + 1, max_key_set * 20}) {
    const bool fits = size <= max_key_set;
    text.resize(size, ' ');
    const auto set = KeysFile::open(scratch.write("keys", text))->read();
    CHECK_MESSAGE(set.has_value() == fits, size);
    if (!fits)
      CHECK(set.error() == tokens::key_set_problem::too_large);
  }
}

TEST_CASE("a file that others may write to gives no keys") {
  const Scratch scratch;
  const auto file = KeysFile::open(scratch.write("keys", document(), 0666));
  REQUIRE_FALSE(file.has_value());
  CHECK(file.error() == base::FileProblem::writable_by_others);
  CHECK_THROWS_AS((void)KeysFile::open(scratch.path("none")), std::system_error);
}

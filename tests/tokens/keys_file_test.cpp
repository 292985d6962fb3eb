// SPDX-License-Identifier: ISC
// The file of keys: opened as a trusted file, then read by KeySet.
#include "base/trusted_file.hpp"
#include "signer.hpp"
#include "support/scratch.hpp"
#include "tokens/key_set.hpp"

#include <doctest/doctest.h>
#include <system_error>

using tokens::KeySet;

namespace {

std::string document() {
  return "{\"keys\":[" + Signer(1).key() + "]}";
}

} // namespace

TEST_CASE("the file is read after it was opened, as often as one likes") {
  const Scratch scratch;
  const auto file = base::open_trusted(scratch.write("keys", document()));
  REQUIRE(file.has_value());
  CHECK(KeySet::parse(tokens::read_document(file->fd.get()))->keys().size() == 1);
  scratch.write("keys", "{");
  CHECK(KeySet::parse(tokens::read_document(file->fd.get())).error() ==
        tokens::key_set_problem::malformed);
  scratch.write("keys", "");
  CHECK(KeySet::parse(tokens::read_document(file->fd.get())).error() ==
        tokens::key_set_problem::malformed);
}

TEST_CASE("no more is read of a file than a set of keys may have") {
  const Scratch scratch;
  auto text = document();
  using tokens::max_key_set;
  for (const auto size : {max_key_set - 1, max_key_set, max_key_set + 1, max_key_set * 20}) {
    const bool fits = size <= max_key_set;
    text.resize(size, ' ');
    const auto file = base::open_trusted(scratch.write("keys", text));
    const auto set = KeySet::parse(tokens::read_document(file->fd.get()));
    CHECK_MESSAGE(set.has_value() == fits, size);
    if (!fits)
      CHECK(set.error() == tokens::key_set_problem::too_large);
  }
}

TEST_CASE("a file that others may write to gives no keys") {
  const Scratch scratch;
  const auto file = base::open_trusted(scratch.write("keys", document(), 0666));
  REQUIRE_FALSE(file.has_value());
  CHECK(file.error() == base::FileProblem::writable_by_others);
  CHECK_THROWS_AS((void)base::open_trusted(scratch.path("none")), std::system_error);
}

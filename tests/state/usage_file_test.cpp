// SPDX-License-Identifier: ISC
#include "state/usage_file.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <sys/mman.h>

using state::AppPasswordId;
using state::UsageFile;

namespace {

constexpr std::int64_t now = 1'800'000'000;
constexpr AppPasswordId phone{"alice", "phone", "c2FsdA"};
constexpr AppPasswordId tablet{"alice", "tablet", "c2FsdA"};

UsageFile in_memory() {
  return UsageFile({base::UniqueFd(memfd_create("app-password-use", MFD_CLOEXEC)), "uses"});
}

} // namespace

TEST_CASE("an app password that was never used has no last use") {
  CHECK_FALSE(in_memory().when(phone));
}

TEST_CASE("the last use is the time that was noted, for that user and label alone") {
  auto uses = in_memory();
  uses.note(phone, now);
  CHECK(uses.when(phone) == now);
  CHECK_FALSE(uses.when(tablet));
  CHECK_FALSE(uses.when({"bob", phone.label, phone.salt}));
  CHECK_FALSE(uses.when({"alicep", "hone", phone.salt}));
}

TEST_CASE("a new password under an old label was never used") {
  auto uses = in_memory();
  uses.note(phone, now);
  CHECK_FALSE(uses.when({"alice", "phone", "c2FsdB"}));
}

TEST_CASE("a use within a minute of the last is not written, a later one is") {
  auto uses = in_memory();
  uses.note(phone, now);
  uses.note(phone, now + UsageFile::resolution - 1);
  CHECK(uses.when(phone) == now);
  uses.note(phone, now + UsageFile::resolution);
  CHECK(uses.when(phone) == now + UsageFile::resolution);
  uses.note(phone, now + UsageFile::resolution + 1);
  CHECK(uses.when(phone) == now + UsageFile::resolution);
}

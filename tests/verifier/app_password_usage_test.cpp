// SPDX-License-Identifier: ISC
#include "verifier/app_password_usage.hpp"

#include "support/scratch_dir.hpp"

#include <ctime>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sys/stat.h>

using state::UsageFile;
using users::AppPassword;
using verifier::AppPasswordUsage;

namespace {

const AppPassword phone{"phone", "c2FsdA", "ZA", {}};

struct Place {
  support::ScratchDir dir;
  support::ScratchDir logs;
  base::Log log = base::Log::open(logs.path("log"), "t");

  std::string logged() const {
    std::ifstream file(logs.path("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

std::size_t count(const std::string& text, std::string_view word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1))
    ++found;
  return found;
}

} // namespace

TEST_CASE("a use is noted with the time of day") {
  const Place place;
  const auto before = std::time(nullptr);
  AppPasswordUsage(place.dir.path(), place.log).note("alice", phone);
  const auto noted = UsageFile::open(place.dir.path())->when({"alice", phone.label, phone.salt});
  REQUIRE(noted.has_value());
  CHECK(*noted >= before);
  CHECK(*noted <= std::time(nullptr));
  CHECK(place.logged().empty());
}

TEST_CASE("trouble is logged once, and only where a use is to be noted") {
  const Place place;
  AppPasswordUsage uses(place.dir.path("missing"), place.log);
  CHECK(place.logged().empty());
  uses.note("alice", phone);
  uses.note("alice", phone);
  CHECK(count(place.logged(), " event=app-password-use problem=\"") == 1);
}

TEST_CASE("a file that is not private is not used") {
  const Place place;
  REQUIRE(UsageFile::open(place.dir.path()).has_value());
  REQUIRE(chmod(place.dir.path("app-password-use").c_str(), 0644) == 0);
  AppPasswordUsage(place.dir.path(), place.log).note("alice", phone);
  CHECK(count(place.logged(), "may read and write") == 1);
}

// SPDX-License-Identifier: ISC
#include "verifier/verdict.hpp"

#include <climits>
#include <doctest/doctest.h>
#include <string>

using namespace verifier;
using Kind = Verdict::Kind;

namespace {

Verdict granted(const std::string& path, std::uint32_t uid, std::uint32_t gid) {
  Verdict verdict;
  verdict.kind = Kind::granted;
  verdict.uid = uid;
  verdict.gid = gid;
  verdict.maildir = path;
  return verdict;
}

} // namespace

TEST_CASE("a verdict with a path that is not absolute or too long is not acted on") {
  const config::Settings settings;
  CHECK(is_acceptable(granted("/m", 1000, 1000), settings, 1000));
  CHECK_FALSE(is_acceptable(granted("", 1000, 1000), settings, 1000));
  CHECK_FALSE(is_acceptable(granted("m", 1000, 1000), settings, 1000));
  CHECK(is_acceptable(granted("/" + std::string(PATH_MAX - 2, 'm'), 1000, 1000), settings, 1000));
  CHECK_FALSE(
      is_acceptable(granted("/" + std::string(PATH_MAX - 1, 'm'), 1000, 1000), settings, 1000));
}

TEST_CASE("root serves no uid and no gid below the minimum, and never root or its group") {
  config::Settings settings;
  settings.minimum_uid = 500;
  settings.minimum_gid = 300;
  CHECK(obstacle_to(granted("/m", 499, 300), settings, 0) == "uid-not-served");
  CHECK(obstacle_to(granted("/m", 500, 300), settings, 0) == "");
  CHECK(obstacle_to(granted("/m", 500, 299), settings, 0) == "gid-not-served");
  settings.minimum_uid = settings.minimum_gid = 0;
  CHECK(is_acceptable(granted("/m", 1, 1), settings, 0));
  CHECK_FALSE(is_acceptable(granted("/m", 0, 500), settings, 0));
  CHECK_FALSE(is_acceptable(granted("/m", 500, 0), settings, 0));
}

TEST_CASE("by default root serves no group of the system, such as shadow and disk") {
  const config::Settings settings;
  for (const gid_t gid : {6u, 42u, 499u})
    CHECK_FALSE(is_acceptable(granted("/m", 5000, gid), settings, 0));
  CHECK(is_acceptable(granted("/m", 5000, 500), settings, 0));
}

TEST_CASE("a process that is not root serves its own uid only") {
  const config::Settings settings;
  CHECK(is_acceptable(granted("/m", 7, 0), settings, 7));
  CHECK_FALSE(is_acceptable(granted("/m", 8, 8), settings, 7));
  CHECK_FALSE(is_acceptable(granted("/m", 0, 0), settings, 7));
}

TEST_CASE("a verdict that is not filled in lets no user in") {
  CHECK(Verdict().kind == Kind::temporary);
  CHECK_FALSE(is_acceptable(Verdict(), config::Settings(), 0));
}

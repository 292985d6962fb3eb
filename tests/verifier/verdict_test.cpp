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

TEST_CASE("root serves no uid below the minimum, and never root or its group") {
  config::Settings settings;
  settings.minimum_uid = 500;
  CHECK_FALSE(is_acceptable(granted("/m", 499, 500), settings, 0));
  CHECK(is_acceptable(granted("/m", 500, 500), settings, 0));
  CHECK(is_acceptable(granted("/m", 501, 1), settings, 0));
  CHECK_FALSE(is_acceptable(granted("/m", 500, 0), settings, 0));
  settings.minimum_uid = 0;
  CHECK_FALSE(is_acceptable(granted("/m", 0, 500), settings, 0));
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

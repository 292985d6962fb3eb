// SPDX-License-Identifier: ISC
#include "users/location.hpp"

#include <doctest/doctest.h>

using users::locate;

namespace location_problem = users::location_problem;

namespace {

std::string path(std::string_view site, std::string_view name, std::string_view home = "",
                 std::string_view own = "") {
  const auto result = locate(site, name, home, own);
  CAPTURE(site);
  REQUIRE(result.has_value());
  return *result;
}

base::Problem problem(std::string_view site, std::string_view name, std::string_view home = "",
                      std::string_view own = "") {
  const auto result = locate(site, name, home, own);
  CAPTURE(site);
  CAPTURE(name);
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

} // namespace

TEST_CASE("each variable of the template is filled in") {
  CHECK(path("%h/Maildir", "a", "/home/a") == "/home/a/Maildir");
  CHECK(path("/v/%d/%n", "a.b@example.org") == "/v/example.org/a.b");
  CHECK(path("/v/%u", "a@b") == "/v/a@b");
  CHECK(path("/v/%n", "a") == "/v/a");
  CHECK(path("/v/100%%/%u%u", "a") == "/v/100%/aa");
  CHECK(path("/v/all", "a") == "/v/all");
}

TEST_CASE("a tilde at the beginning is the home") {
  CHECK(path("~/Maildir", "a", "/home/a") == "/home/a/Maildir");
  CHECK(path("~", "a", "/home/a") == "/home/a");
  CHECK(path("/v/~/%u", "a", "/home/a") == "/v/~/a");
  CHECK(problem("~a/Maildir", "a", "/home/a") == location_problem::not_absolute);
  CHECK(problem("~/Maildir", "a") == location_problem::no_home);
}

TEST_CASE("a user's own template wins over the site's") {
  CHECK(path("%h/Maildir", "a", "", "/m/%u") == "/m/a");
  CHECK(path("%x", "a", "/home/a", "~/mail") == "/home/a/mail");
  CHECK(problem("/m/%u", "a", "", "~/mail") == location_problem::no_home);
}

TEST_CASE("values that are filled in are not expanded again") {
  CHECK(path("%h/%u", "a", "/home/%u%%") == "/home/%u%%/a");
}

TEST_CASE("unknown variables are refused, and so is a percent sign at the end") {
  for (const auto* site : {"/%x", "/%U", "/%", "/%h%", "/%{user}", "/% u"})
    CHECK(problem(site, "a", "/home/a") == location_problem::unknown_expansion);
}

TEST_CASE("the values that the template needs have to be there") {
  CHECK(problem("/v/%d/%n", "a") == location_problem::no_domain);
  CHECK(problem("%h/Maildir", "a") == location_problem::no_home);
}

TEST_CASE("a part of a name that could leave its directory is refused") {
  using namespace std::string_literals;
  for (const auto& name : {""s, "."s, ".."s, ".a"s, "a/b"s, "/"s, "a/../b"s, "a\0b"s, "@b"s})
    for (const auto* site : {"/v/%u", "/v/%n"})
      CHECK(problem(site, name) == location_problem::unsafe_name);
  for (const auto& name : {"a@"s, "a@."s, "a@.."s, "a@.b"s, "a@b/c"s, "a@b\0"s})
    for (const auto* site : {"/v/%u", "/v/%d/x"})
      CHECK(problem(site, name) == location_problem::unsafe_name);
}

TEST_CASE("the result is absolute") {
  for (const auto* site : {"Maildir", "./Maildir", "%u/Maildir", "", "%%/x"})
    CHECK(problem(site, "a", "/home/a") == location_problem::not_absolute);
  CHECK(problem("%h/Maildir", "a", "home/a") == location_problem::not_absolute);
}

TEST_CASE("the result has no component that leads upwards") {
  for (const auto* site : {"/v/../%u", "/..", "/v/%u/..", "%h/../x"})
    CHECK(problem(site, "a", "/home/a") == location_problem::dot_dot);
  CHECK(problem("%h/Maildir", "a", "/home/../root") == location_problem::dot_dot);
  CHECK(problem("/v/%n", "a", "", "/m/../%n") == location_problem::dot_dot);
  CHECK(problem(std::string_view("/v/a\0b", 6), "a") == location_problem::dot_dot);
  CHECK(path("/v/..x/x../%u", "a") == "/v/..x/x../a");
}

TEST_CASE("a path is at most as long as the kernel takes") {
  const auto home = "/" + std::string(users::max_path - 3, 'h');
  CHECK(path("%h/m", "a", home).size() == users::max_path);
  CHECK(problem("%h/m", "a", home + 'h') == location_problem::too_long);
  CHECK(problem("%h", "a", std::string(8000, '/')) == location_problem::too_long);
}

TEST_CASE("the root directory is never a Maildir") {
  for (const auto* site : {"/", "//", "/.", "/./", "%h"})
    CHECK(problem(site, "a", "/") == location_problem::root_directory);
}

TEST_CASE("paths that differ in empty components and dots are one path") {
  for (const auto* same : {"/a/b", "/a/b/", "//a///b", "/./a/b/.", "/a/./b//"})
    CHECK(users::plain_path(same) == "/a/b");
  for (const auto* other : {"/a", "/a/b/c", "/a/.b", "/a/b.", "/A/b"})
    CHECK(users::plain_path(other) != "/a/b");
}

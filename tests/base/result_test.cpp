// SPDX-License-Identifier: ISC
#include "base/result.hpp"

#include <doctest/doctest.h>
#include <memory>
#include <string>

namespace {

enum class Reason { overlong, empty };
using Size = base::Result<std::size_t, Reason>;

Size size_of(const std::string& text) {
  if (text.empty())
    return base::Refused{Reason::empty};
  return text.size();
}

} // namespace

TEST_CASE("a result holds a value or the reason why there is none") {
  const auto good = size_of("abc"), bad = size_of("");
  CHECK(good.has_value());
  CHECK(static_cast<bool>(good));
  CHECK(*good == 3);
  CHECK_FALSE(bad.has_value());
  CHECK_FALSE(static_cast<bool>(bad));
  CHECK(bad.error() == Reason::empty);
}

TEST_CASE("asking for the side that is not held throws") {
  auto good = size_of("abc"), bad = size_of("");
  CHECK_THROWS_AS((void)*bad, std::bad_variant_access);
  CHECK_THROWS_AS((void)bad.value(), std::bad_variant_access);
  CHECK_THROWS_AS((void)good.error(), std::bad_variant_access);
}

TEST_CASE("value and reason may be of one type") {
  using Text = base::Result<std::string, std::string>;
  CHECK(Text("a").has_value());
  CHECK(Text(base::Refused{std::string("a")}).error() == "a");
}

TEST_CASE("a problem is told by its words") {
  constexpr base::Problem empty{"nothing is there", "empty"}, other{"nothing is there"};
  CHECK(empty == base::Problem{"nothing is there", "empty"});
  CHECK(empty != other);
  CHECK(description(empty) == "nothing is there");
  CHECK(log_name(empty) == "empty");
  CHECK(log_name(other).empty());
}

TEST_CASE("a value that can only be moved is moved out") {
  base::Result<std::unique_ptr<std::string>, Reason> result(std::make_unique<std::string>("abc"));
  CHECK((*result)->size() == 3);
  const auto taken = std::move(*result);
  CHECK(*taken == "abc");
  CHECK(result->get() == nullptr);
}

// SPDX-License-Identifier: ISC
#include "users/authenticate.hpp"

#include "support/scratch.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <doctest/doctest.h>
#include <set>

using base::Secret;
using passwords::Cost;
using passwords::least_cost;
using users::authenticate;

namespace login_problem = users::login_problem;

namespace {

const Cost cheap{1 << 20, 2};

const std::string& hash() {
  static const auto made = passwords::make(Secret("right"), least_cost);
  return made;
}

/// A users file with the given text, asked once.
base::Result<users::User, base::Problem> ask(const std::string& text, std::string_view name,
                                             const char* password, const Cost& ceiling = cheap) {
  const Scratch scratch;
  const auto users = users::UserStore::open(scratch.write("users", text));
  return authenticate(*users, name, Secret(password), ceiling, {});
}

base::Problem refusal(const std::string& text, std::string_view name, const char* password) {
  const auto answer = ask(text, name, password);
  REQUIRE_FALSE(answer.has_value());
  return answer.error();
}

/// Processor time of one answer: the least of five, as only noise makes it longer.
double milliseconds(const std::string& text, std::string_view name, const Cost& ceiling) {
  const Scratch scratch;
  const auto users = users::UserStore::open(scratch.write("users", text));
  std::array<double, 5> times{};
  for (auto& time : times) {
    const auto start = std::clock();
    (void)authenticate(*users, name, Secret("wrong"), ceiling, {});
    time = 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  }
  return *std::ranges::min_element(times);
}

} // namespace

TEST_CASE("the right password gives the user with all fields") {
  const auto user = ask("a:" + hash() + ":1000:100::/home/a:\n", "a", "right");
  REQUIRE(user.has_value());
  CHECK(user->uid == 1000u);
  CHECK(user->home == "/home/a");
}

TEST_CASE("each refusal has its reason") {
  const auto text = "a:" + hash() + "\n";
  CHECK(refusal(text, "a", "wrong") == login_problem::wrong_password);
  CHECK(refusal(text, "b", "right") == login_problem::unknown_user);
  CHECK(refusal("", "b", "right") == login_problem::unknown_user);
  for (const auto* name : {"", "a:", "../a", "a\n", ".a", "a@"})
    CHECK(refusal(text, name, "right") == login_problem::bad_name);
  CHECK(refusal("a:{PLAIN}right\n", "a", "right") == login_problem::weak_scheme);
  CHECK(refusal("a:{PBKDF2}right\n", "a", "right") == login_problem::unknown_scheme);
  CHECK(refusal("a:right\n", "a", "right") == login_problem::unknown_scheme);
  CHECK(refusal("a:" + hash() + "=\n", "a", "right") == login_problem::malformed);
}

TEST_CASE("an empty password never logs in, not even where its hash is stored") {
  const auto stored = passwords::make(Secret(""), least_cost);
  CHECK(passwords::verify(stored, Secret("")));
  CHECK(refusal("a:" + stored + "\n", "a", "") == login_problem::wrong_password);
}

TEST_CASE("a user is disabled by an empty hash, a star or an exclamation mark") {
  for (const auto& field : {std::string(), std::string("*"), std::string("!"), "!" + hash()})
    CHECK(refusal("a:" + field + ":1000:1000\n", "a", "right") == login_problem::disabled);
}

TEST_CASE("a hash above the ceiling is refused without being computed") {
  const auto stored = passwords::make(Secret("right"), {16384, 2});
  const auto text = "a:" + stored + "\n";
  CHECK(ask(text, "a", "right", {16384, 2}).has_value());
  CHECK(ask(text, "a", "right", {16383, 2}).error() == login_problem::hash_too_costly);
  CHECK(ask(text, "a", "right", {16384, 1}).error() == login_problem::hash_too_costly);
  const auto absurd =
      "a:$argon2id$v=19$m=4294967295,t=4294967295,p=1$AAAAAAAAAAA$" + std::string(43, 'A') + "\n";
  CHECK(refusal(absurd, "a", "right") == login_problem::hash_too_costly);
}

TEST_CASE("malformed lines on the way are reported") {
  const Scratch scratch;
  const auto users =
      users::UserStore::open(scratch.write("users", "a:x:y\nbad\na:" + hash() + "\n"));
  std::set<std::uint64_t> numbers;
  const auto user =
      authenticate(*users, "a", Secret("right"), cheap,
                   [&](std::uint64_t number, base::Problem) { numbers.insert(number); });
  CHECK(user.has_value());
  CHECK(numbers == std::set<std::uint64_t>{1, 2});
}

TEST_CASE("every refusal costs one verification of the site's usual hash") {
  const Cost ceiling{64u << 20, 2};
  const auto stored = passwords::decoy({16u << 20, 2});
  const auto text = "off:*\nbad:" + stored +
                    "=\nplain:{PLAIN}x\ncostly:" + passwords::decoy({65u << 20, 2}) +
                    "\na:" + stored + "\n";
  const double known = milliseconds(text, "a", ceiling);
  for (const std::string name : {"unknown", "../bad", "off", "bad", "plain", "costly"}) {
    const double time = milliseconds(text, name, ceiling);
    CAPTURE(name);
    CHECK(time > known / 2);
    CHECK(time < known * 2);
  }
}

TEST_CASE(
    "a name that does not exist costs what the first usable hash costs, whatever its scheme") {
  const Cost ceiling{64u << 20, 4};
  const auto first = "$2y$09$" + std::string(53, '.');
  const auto text = "off:*\nweak:{PLAIN}x\ncostly:$2y$11$" + std::string(53, '.') + "\na:" + first +
                    "\nb:" + hash() + "\n";
  const double known = milliseconds(text, "a", ceiling);
  CHECK(milliseconds(text, "b", ceiling) * 4 < known);
  for (const std::string name : {"unknown", "../bad", "off", "weak", "costly"}) {
    const double time = milliseconds(text, name, ceiling);
    CAPTURE(name);
    CHECK(time > known / 2);
    CHECK(time < known * 2);
  }
}

TEST_CASE("the decoy costs what the site's hashes cost, where there are any") {
  const Cost ceiling{64u << 20, 2};
  const auto text = "off:*\na:" + hash() + "\n";
  CHECK(milliseconds(text, "unknown", ceiling) * 4 < milliseconds("off:*\n", "unknown", ceiling));
}

TEST_CASE("every refusal has a word for the log and a sentence") {
  std::set<std::string_view> words, sentences;
  using namespace login_problem;
  for (const auto& problem : {bad_name, unknown_user, disabled, unknown_scheme, weak_scheme,
                              malformed, hash_too_costly, wrong_password}) {
    words.insert(log_name(problem));
    sentences.insert(description(problem));
  }
  CHECK(words == std::set<std::string_view>{"bad-name", "unknown-user", "disabled",
                                            "unknown-scheme", "weak-scheme", "malformed-hash",
                                            "hash-too-costly", "wrong-password"});
  CHECK(sentences.size() == 8);
}

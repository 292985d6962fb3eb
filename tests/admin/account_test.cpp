// SPDX-License-Identifier: ISC
#include "admin/account.hpp"

#include "admin/failure.hpp"

#include <boost/filesystem/operations.hpp>
#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

using admin::as_user;
using admin::Failure;

namespace {

std::string identity() {
  std::vector<gid_t> groups(64);
  groups.resize(static_cast<std::size_t>(::getgroups(64, groups.data())));
  std::string text = std::to_string(::getuid()) + ' ' + std::to_string(::geteuid()) + ' ' +
                     std::to_string(::getgid()) + ' ' + std::to_string(::getegid());
  for (const auto group : groups)
    text += " +" + std::to_string(group);
  return text;
}

} // namespace

TEST_CASE("accounts of the system are found by their name") {
  const auto root = admin::find_account("root");
  REQUIRE(root.has_value());
  CHECK(root->identity.uid == 0);
  CHECK(root->home == "/root");
  CHECK_FALSE(admin::find_account("no-such-account"));
  CHECK_FALSE(admin::find_account("a@example.org"));
}

TEST_CASE("root acts as the user, with the user's group alone" * doctest::skip(::geteuid() != 0)) {
  CHECK(as_user({1234, 2345}, identity) == "1234 1234 2345 2345 +2345");
  CHECK(::geteuid() == 0);
  CHECK_THROWS_AS(as_user({1234, 2345},
                          []() -> std::string {
                            if (::setuid(0) != 0)
                              throw std::runtime_error("no way back");
                            return "root again";
                          }),
                  Failure);
}

TEST_CASE("others act as themselves only") {
  const auto me = ::geteuid();
  CHECK(as_user({me == 0 ? 1000 : me, ::getegid()}, [] { return std::to_string(::geteuid()); }) ==
        std::to_string(me == 0 ? 1000 : me));
  if (me != 0)
    CHECK_THROWS_AS(as_user({me + 1, 1}, identity), Failure);
}

TEST_CASE("an answer of any length comes back, an empty one too") {
  const auto uid = ::geteuid() == 0 ? 1000 : ::geteuid();
  const std::string long_answer(200000, 'x');
  CHECK(as_user({uid, 1000}, [&] { return long_answer; }) == long_answer);
  CHECK(as_user({uid, 1000}, [] { return std::string(); }).empty());
}

TEST_CASE("an error in the child is a failure with the same message") {
  const auto uid = ::geteuid() == 0 ? 1000 : ::geteuid();
  CHECK_THROWS_WITH_AS(
      as_user({uid, 1000}, []() -> std::string { throw std::runtime_error("no room"); }), "no room",
      Failure);
  CHECK_THROWS_AS(as_user({uid, 1000},
                          []() -> std::string {
                            ::raise(SIGKILL);
                            return "";
                          }),
                  Failure);
}

TEST_CASE("a child that is stopped is a failure in time") {
  const auto uid = ::geteuid() == 0 ? 1000 : ::geteuid();
  const auto stop = []() -> std::string {
    ::raise(SIGSTOP);
    return "";
  };
  const auto begin = std::chrono::steady_clock::now();
  CHECK_THROWS_AS(as_user({uid, 1000}, stop, std::chrono::milliseconds(100)), Failure);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
  CHECK(::waitpid(-1, nullptr, 0) > 0); // it was ended
}

TEST_CASE("a child may take its time until the limit") {
  const auto uid = ::geteuid() == 0 ? 1000 : ::geteuid();
  const auto slow = [] {
    ::usleep(200'000);
    return std::string("done");
  };
  CHECK(as_user({uid, 1000}, slow) == "done");
  CHECK_THROWS_AS(as_user({uid, 1000}, slow, std::chrono::milliseconds(20)), Failure);
  CHECK(::waitpid(-1, nullptr, 0) > 0);
}

TEST_CASE("two children work at once, and one that is not asked is ended") {
  const auto begin = std::chrono::steady_clock::now();
  const auto slow = [] {
    ::usleep(200'000);
    return std::to_string(::getpid());
  };
  {
    admin::WorkInChild first(slow, admin::longest_work), second(slow, admin::longest_work);
    CHECK(first.result() != second.result());
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(390));
    admin::WorkInChild third([] { return ::pause(), std::string(); }, admin::longest_work);
  }
  CHECK(::waitpid(-1, nullptr, 0) > 0);
  CHECK(::waitpid(-1, nullptr, 0) == -1);
}

TEST_CASE("a child does not hold the standard output of its parent") {
  const auto output = [] { return boost::filesystem::read_symlink("/proc/self/fd/1").string(); };
  const auto theirs = admin::WorkInChild(output, admin::longest_work).result();
  CHECK(theirs.starts_with("pipe:"));
  CHECK(theirs != output());
}

TEST_CASE("an effective identity is the user's until it ends" * doctest::skip(::geteuid() != 0)) {
  const auto both = [] {
    std::string text;
    {
      const admin::ActingAs user({1234, 2345});
      text = identity();
    }
    return text + ", " + identity();
  };
  const auto text = admin::WorkInChild(both, admin::longest_work).result();
  CHECK(text == "0 1234 0 2345 +2345, 0 0 0 0 +2345");
}

// SPDX-License-Identifier: ISC
#include "sandbox/identity.hpp"

#include "support/child.hpp"
#include "support/scratch_dir.hpp"

#include <boost/filesystem/operations.hpp>
#include <cerrno>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <linux/capability.h>
#include <stdexcept>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using sandbox::become;
using sandbox::drop_capabilities;
using sandbox::enter_empty_root;
using sandbox::front_identity;

namespace {

constexpr base::Identity nobody{65534, 65534};

bool is_root() {
  if (geteuid() != 0)
    support::skipped("only root may change its identity");
  return geteuid() == 0;
}

bool has_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2]{};
  syscall(SYS_capget, &header, sets);
  return (sets[0].effective | sets[0].permitted | sets[0].inheritable | sets[1].effective |
          sets[1].permitted | sets[1].inheritable) != 0;
}

template <class Act> int in_child(const Act& act) {
  return support::Child([&] { return act() ? 0 : 1; }).exit_status();
}

template <class Act> bool throws(const Act& act) {
  try {
    act();
  } catch (const std::exception&) {
    return true;
  }
  return false;
}

} // namespace

TEST_CASE("a front account that is missing or root's is refused") {
  CHECK_THROWS_AS(front_identity("no-such-account-here"), std::runtime_error);
  CHECK_THROWS_AS(front_identity("root"), std::runtime_error);
  CHECK(front_identity("nobody").uid != 0);
}

TEST_CASE("root becomes exactly one user with one group and no capability") {
  if (!is_root())
    return;
  CHECK(in_child([] {
          const gid_t groups[] = {0, 1, 2};
          if (setgroups(3, groups) != 0)
            return false;
          become(nobody);
          uid_t uids[3];
          gid_t gids[3], left[8];
          getresuid(&uids[0], &uids[1], &uids[2]);
          getresgid(&gids[0], &gids[1], &gids[2]);
          for (int i = 0; i < 3; ++i)
            if (uids[i] != nobody.uid || gids[i] != nobody.gid)
              return false;
          return getgroups(8, left) == 1 && left[0] == nobody.gid && !has_capabilities() &&
                 setuid(0) != 0 && setgid(0) != 0 && chroot("/") != 0;
        }) == 0);
}

TEST_CASE("a process cannot become root or get root's group") {
  CHECK(in_child([] {
          return throws([] {
                   become({0, 65534});
                 }) &&
                 throws([] {
                   become({65534, 0});
                 }) &&
                 throws([] {
                   become({0, 0});
                 });
        }) == 0);
}

TEST_CASE("a process that is not root cannot become another user") {
  CHECK(support::run_unprivileged([] { return throws([] { become({1, 1}); }) ? 0 : 1; }) == 0);
}

TEST_CASE("capabilities are given up for good") {
  CHECK(in_child([] {
          drop_capabilities();
          return !has_capabilities() && chroot("/") != 0;
        }) == 0);
  CHECK(support::run_unprivileged([] {
          drop_capabilities(); // no failure without capabilities
          return has_capabilities() ? 1 : 0;
        }) == 0);
}

TEST_CASE("a Maildir becomes the root of all paths, opened with the rights of its user") {
  if (!is_root())
    return;
  const support::ScratchDir dir;
  const auto maildir = dir.path("Maildir"), closed = dir.path("closed");
  for (const auto& path : {maildir, closed})
    REQUIRE(mkdir(path.c_str(), 0700) == 0);
  std::ofstream(dir.path("Maildir/inside")) << "x";
  std::ofstream(dir.path("outside")) << "x";
  for (const auto& path : {maildir, dir.path("Maildir/inside"), dir.path("outside")})
    REQUIRE(chown(path.c_str(), nobody.uid, nobody.gid) == 0);
  REQUIRE(chmod(dir.path().c_str(), 0755) == 0);
  const auto refusal = [&](const std::string& path) {
    return support::Child([&] {
             const auto opened = sandbox::enter_directory(path, nobody);
             return opened ? 0 : opened.error();
           })
        .exit_status();
  };
  CHECK(refusal(closed) == EACCES);
  CHECK(refusal(dir.path("missing")) == ENOENT);
  CHECK(in_child([&] {
          const auto root = sandbox::enter_directory(maildir, nobody);
          become(nobody);
          const auto is_reached = [&](const char* path) {
            return openat(root->get(), path, O_RDONLY) >= 0;
          };
          return is_reached("inside") && is_reached("/inside") && is_reached("../inside") &&
                 !is_reached("../outside") && !is_reached("/etc/passwd") &&
                 !is_reached(dir.path("outside").c_str());
        }) == 0);
}

TEST_CASE("a process whose monitor has ended before it was confined ends, too") {
  CHECK(in_child([] {
          const pid_t monitor = getppid(); // is not that of the second child
          return support::Child([&] {
                   sandbox::enter_account({}, "/nowhere", monitor);
                   return 1;
                 }).exit_status() == 0;
        }) == 0);
  CHECK(in_child([monitor = getpid()] {
          sandbox::enter_account({}, "/nowhere", monitor);
          return true;
        }) == 0);
}

TEST_CASE("an empty directory of root's becomes the root of all paths") {
  if (!is_root())
    return;
  const support::ScratchDir dir;
  CHECK(in_child([&] {
          enter_empty_root(dir.path());
          return access("/etc", F_OK) != 0 && access("/..", F_OK) == 0 && access(".", F_OK) == 0 &&
                 access("etc", F_OK) != 0;
        }) == 0);
}

TEST_CASE("a directory that others can change, or that is not empty, is no chroot") {
  if (!is_root())
    return;
  const support::ScratchDir dir;
  const auto refused = [&](const std::string& path) {
    return in_child([&] { return throws([&] { enter_empty_root(path); }); }) == 0;
  };
  CHECK(refused(dir.path("missing")));
  for (const mode_t mode : {0770u, 0707u, 0777u, 01777u}) {
    REQUIRE(chmod(dir.path().c_str(), mode) == 0);
    CHECK(refused(dir.path()));
  }
  REQUIRE(chmod(dir.path().c_str(), 0755) == 0);
  REQUIRE(chown(dir.path().c_str(), nobody.uid, 0) == 0);
  CHECK(refused(dir.path()));
  REQUIRE(chown(dir.path().c_str(), 0, 0) == 0);
  CHECK_FALSE(refused(dir.path()));
  const support::ScratchDir other;
  boost::filesystem::create_symlink(dir.path(), other.path("link"));
  CHECK(refused(other.path("link")));
  std::ofstream(dir.path(".hidden")) << "x";
  CHECK(refused(dir.path()));
}

// SPDX-License-Identifier: ISC
#include "maildir/folder.hpp"

#include "support/child.hpp"
#include "support/failing_call.hpp"
#include "support/scratch_maildir.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <ostream>
#include <sched.h>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>

using maildir::rename_without_loss;
using support::fail_call;
using support::ScratchMaildir;
using Names = std::vector<std::string>;

namespace {

/// Makes renames fail as on a file system that does not know the flags of renameat2(2).
bool forbid_rename_flags() {
  return fail_call(SYS_renameat2, EINVAL);
}

/// Mounts at `place`, for this process, a file system whose directories have no types of files.
bool mount_without_types(const std::string& image, const std::string& place) {
  const auto commands = "mount --make-rprivate / && mke2fs -q -t ext2 -O ^filetype " + image +
                        " 256k && mount -o loop " + image + " " + place;
  return unshare(CLONE_NEWNS) == 0 &&
         std::system(("exec >/dev/null 2>&1; " + commands).c_str()) == 0;
}

/// The files that are listed in `folder` when looking at them fails with `error`; or the error of
/// the listing, as a negative number.
int listed_despite(const std::string& folder, int error) {
  const base::UniqueFd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY));
  const auto code = static_cast<std::uint32_t>(error);
  if (!fd ||
      (error != 0 &&
       !support::fail_calls({SYS_newfstatat, 3, AT_SYMLINK_NOFOLLOW, AT_SYMLINK_NOFOLLOW}, code)))
    return support::not_prepared;
  int files = 0;
  try {
    maildir::for_each_file(fd.get(), [&](std::string_view, std::uint64_t) { ++files; });
  } catch (const std::system_error& failure) {
    return -failure.code().value();
  }
  return files;
}

/// The folders of a Maildir, open.
struct Folders {
  explicit Folders(const ScratchMaildir& mail)
      : root(mail.root()), from(maildir::open_folder(root.get(), "new")),
        to(maildir::open_folder(root.get(), "cur")) {}
  bool rename(const char* old_name, const char* new_name) const {
    return rename_without_loss(from.get(), old_name, to.get(), new_name);
  }
  base::UniqueFd root, from, to;
};

/// Runs `act` with renames in one step, then in a child with renames in two steps.
template <class Act> void in_both_ways(const Act& act) {
  CHECK(act());
  CHECK(support::Child([&] {
          return !forbid_rename_flags() ? support::not_prepared : act() ? 0 : 1;
        }).exit_status() == 0);
}

} // namespace

TEST_CASE("without types in the directory, a file that cannot be looked at fails the listing") {
  const ScratchMaildir mail;
  const auto place = mail.path("new");
  const int status =
      support::Child([&] {
        if (!mount_without_types(mail.path("tmp/image"), place))
          return support::not_prepared;
        mail.put("new/1.a");
        mail.put("new/2.b");
        const auto is = [&](int wanted, int error) {
          return support::Child([&] {
                   return listed_despite(place, error) == wanted ? 0 : 1;
                 }).exit_status() == 0;
        };
        return is(2, 0) && is(0, ENOENT) && is(-EIO, EIO) && is(-EACCES, EACCES) ? 0 : 1;
      }).exit_status();
  if (status == support::not_prepared)
    support::skipped("cannot mount a file system whose directories have no types of files");
  else
    CHECK(status == 0);
}

TEST_CASE("a file is moved to the other folder under its new name") {
  in_both_ways([] {
    const ScratchMaildir mail;
    mail.put("new/1.a", "one");
    return Folders(mail).rename("1.a", "1.a:2,S") && mail.files() == Names{"cur/1.a:2,S"} &&
           mail.text("cur/1.a:2,S") == "one";
  });
}

TEST_CASE("another file is never replaced") {
  in_both_ways([] {
    const ScratchMaildir mail;
    mail.put("new/1.a", "one");
    mail.put("cur/1.a:2,S", "other");
    return !Folders(mail).rename("1.a", "1.a:2,S") && errno == EEXIST &&
           mail.text("new/1.a") == "one" && mail.text("cur/1.a:2,S") == "other";
  });
}

TEST_CASE("a file that is not there is told apart") {
  in_both_ways([] {
    const ScratchMaildir mail;
    return !Folders(mail).rename("1.a", "1.a:2,S") && errno == ENOENT;
  });
}

TEST_CASE("a file system with no call that keeps other files is told apart, and nothing changes") {
  for (const std::uint32_t error : {EPERM, ENOSYS, EOPNOTSUPP}) {
    const ScratchMaildir mail;
    mail.put("new/1.a", "one");
    const Folders folders(mail);
    CHECK(support::Child([&] {
            if (!forbid_rename_flags() || !fail_call(SYS_linkat, error))
              return support::not_prepared;
            return !folders.rename("1.a", "1.a:2,S") && errno == EOPNOTSUPP ? 0 : 1;
          }).exit_status() == 0);
    CHECK(mail.files() == Names{"new/1.a"});
  }
}

TEST_CASE("a file whose old name cannot be removed has both names, and is one message") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one");
  if (getuid() == 0)
    REQUIRE(chown(mail.path("new/1.a").c_str(), 65534, 65534) == 0);
  chmod(mail.path("new").c_str(), 0555);
  chmod(mail.path("cur").c_str(), 0777);
  const Folders folders(mail);
  const int status = support::run_unprivileged([&] {
    if (!forbid_rename_flags())
      return support::not_prepared;
    return !folders.rename("1.a", "1.a:2,S") && errno == EACCES ? 0 : 1;
  });
  CHECK(status == 0);
  CHECK(mail.files() == Names{"cur/1.a:2,S", "new/1.a"});
  CHECK(mail.text("cur/1.a:2,S") == "one");
  const auto opened = mail.open();
  CHECK(opened.count() == 1);
  CHECK(opened.file_name(1) == "1.a:2,S");
  chmod(mail.path("new").c_str(), 0755);
}

TEST_CASE("an old name that the file system has removed by itself is no failure") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one");
  const Folders folders(mail);
  CHECK(support::Child([&] {
          if (!forbid_rename_flags() || !fail_call(SYS_unlinkat, ENOENT))
            return support::not_prepared;
          return folders.rename("1.a", "1.a:2,S") ? 0 : 1;
        }).exit_status() == 0);
  CHECK(mail.text("cur/1.a:2,S") == "one");
}

TEST_CASE("a file is made before a time only if its file system says so") {
  const ScratchMaildir mail;
  const Folders folders(mail);
  const auto time_now = [] {
    usleep(20'000); // more than the resolution of file times
    timespec time{};
    clock_gettime(CLOCK_REALTIME_COARSE, &time);
    return time;
  };
  const auto before = time_now();
  mail.put("new/1.a");
  const auto after = time_now();
  const int folder = folders.from.get();
  CHECK(maildir::is_made_before(after, folder, "1.a"));
  CHECK_FALSE(maildir::is_made_before(before, folder, "1.a"));
  mail.move("new/1.a", "new/2.b");
  const timespec long_ago[] = {{1, 0}, {1, 0}};
  REQUIRE(utimensat(folder, "2.b", long_ago, 0) == 0);
  CHECK(maildir::is_made_before(after, folder, "2.b"));
  CHECK_FALSE(maildir::is_made_before(before, folder, "2.b"));
  CHECK_FALSE(maildir::is_made_before(after, folder, "missing"));
  CHECK(support::Child([&] { // a kernel without statx(2), whose work fstatat(2) then does
          return !fail_call(SYS_statx, ENOSYS)                   ? support::not_prepared
                 : maildir::is_made_before(after, folder, "2.b") ? 1
                                                                 : 0;
        })
            .exit_status() == 0);
}

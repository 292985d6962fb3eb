// SPDX-License-Identifier: ISC
#include "maildir/folder_watch.hpp"

#include "maildir/folder.hpp"
#include "support/scratch_maildir.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <ostream>
#include <thread>

using maildir::FolderWatch;
using maildir::is_past;
using support::ScratchMaildir;

namespace {

/// Longer than the tick of any kernel.
void let_the_time_change() {
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

/// Whether a watch of cur/ tells what `act` does there.
template <class Act> bool is_told(const ScratchMaildir& mail, const Act& act) {
  const auto root = mail.root();
  const auto cur = maildir::open_folder(root.get(), "cur");
  let_the_time_change();
  const FolderWatch watch(cur.get());
  act();
  return watch.may_have_changed();
}

} // namespace

TEST_CASE("a directory changes when a file comes, goes or is renamed, and not otherwise") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  CHECK_FALSE(is_told(mail, [] {}));
  CHECK_FALSE(is_told(mail, [&] { mail.put("new/2.b"); }));
  CHECK(is_told(mail, [&] { mail.move("new/1.a", "cur/1.a"); }));
  CHECK(is_told(mail, [&] { mail.move("cur/1.a", "cur/1.a:2,S"); }));
  CHECK_FALSE(is_told(mail, [&] { mail.put("cur/1.a:2,S", "in place\n"); }));
  CHECK(is_told(mail, [&] { mail.remove("cur/1.a:2,S"); }));
}

TEST_CASE("a change of the same tick is not told apart from one before it") {
  constexpr timespec changed{1000, 4'000'000};
  CHECK_FALSE(is_past(changed, {1000, 4'000'000}));
  CHECK(is_past(changed, {1000, 4'000'001}));
  CHECK(is_past(changed, {1001, 0}));
  CHECK_FALSE(is_past(changed, {1000, 3'999'999})); // newer kernels have finer times
}

TEST_CASE("a file system that keeps whole seconds tells nothing for a second") {
  CHECK_FALSE(is_past({1000, 0}, {1000, 999'999'999}));
  CHECK(is_past({1000, 0}, {1001, 0}));
}

TEST_CASE("a time that is more than a second ahead comes from another clock") {
  CHECK_FALSE(is_past({1001, 1}, {1000, 0}));
  CHECK(is_past({1002, 1}, {1000, 0}));
}

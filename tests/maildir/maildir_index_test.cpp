// SPDX-License-Identifier: ISC
// The Maildir with its index: the same sizes with it and without, in the first session and later.
#include "maildir/maildir.hpp"

#include "support/child.hpp"
#include "support/scratch_maildir.hpp"
#include "support/wire_text.hpp"

#include <atomic>
#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <ostream>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

using namespace std::string_literals;
using maildir::Maildir;
using pop3::Marks;
using support::ScratchMaildir;
using Sizes = std::vector<std::uint64_t>;

namespace {

const std::string some_key(32, 'k');

Maildir open_indexed(const ScratchMaildir& mail, const std::string& key = some_key) {
  auto opened = mail.open();
  opened.use_index(base::Secret(key));
  return opened;
}

Sizes sizes_of(Maildir& mail) {
  Sizes sizes;
  for (pop3::MessageNumber message = 1; message <= mail.count(); ++message)
    sizes.push_back(mail.octets(message));
  return sizes;
}

/// Runs a session that asks for all sizes, and gives them.
Sizes session(const ScratchMaildir& mail, const std::string& key = some_key) {
  auto opened = open_indexed(mail, key);
  auto sizes = sizes_of(opened);
  opened.save_index();
  return sizes;
}

bool has_index(const ScratchMaildir& mail) {
  return boost::filesystem::exists(mail.path("sodapop.index"));
}

/// Writes to a message in place and leaves its length and times as they were.
void change_unseen(const ScratchMaildir& mail, const std::string& name, const std::string& text) {
  struct stat facts {};
  REQUIRE(stat(mail.path(name).c_str(), &facts) == 0);
  REQUIRE(facts.st_size == static_cast<off_t>(text.size()));
  mail.put(name, text);
  const timespec times[] = {facts.st_atim, facts.st_mtim};
  REQUIRE(utimensat(AT_FDCWD, mail.path(name).c_str(), times, 0) == 0);
}

/// True when a size comes from the message, not from the index. The message is "one\n".
bool reads_messages(const ScratchMaildir& mail, const std::string& name,
                    const std::string& key = some_key) {
  change_unseen(mail, name, "onex");
  auto opened = open_indexed(mail, key);
  const bool reads = opened.octets(1) == 6;
  change_unseen(mail, name, "one\n");
  return reads;
}

/// Gives the file another text. It keeps its inode number, as if that had come back.
void rewrite(const ScratchMaildir& mail, const std::string& name, const std::string& text) {
  mail.move(name, "tmp/rewritten");
  mail.put("tmp/rewritten", text);
  mail.move("tmp/rewritten", name);
}

ino_t index_inode(const ScratchMaildir& mail) {
  struct stat facts {};
  REQUIRE(stat(mail.path("sodapop.index").c_str(), &facts) == 0);
  return facts.st_ino;
}

} // namespace

TEST_CASE("sizes are exact for every kind of message, without index, with it, and later") {
  const ScratchMaildir mail;
  const std::string texts[] = {"",
                               "a\nb\n",
                               "a\r\nb\r\n",
                               "a\nb\r\nc\rd\n",
                               "no end",
                               "no end\r",
                               ".\n..\n.a\n",
                               "a\0b\n\0"s,
                               std::string(std::size_t{64} << 20, 'x')};
  Sizes wanted;
  for (const auto& text : texts)
    wanted.push_back(support::wire_octets(text));
  for (std::size_t i = 0; i < std::size(texts); ++i)
    mail.put("new/" + std::to_string(i + 1) + ".a,S=5,W=" + std::to_string(i), texts[i]);
  auto without = mail.open();
  CHECK(sizes_of(without) == wanted);
  CHECK_FALSE(has_index(mail));
  for (int round = 0; round < 3; ++round)
    CHECK(session(mail) == wanted);
  CHECK(has_index(mail));
}

TEST_CASE("a message is read for its size once, whatever flags and folder it gets") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  CHECK(session(mail) == Sizes{5});
  CHECK_FALSE(reads_messages(mail, "new/1.a"));
  mail.move("new/1.a", "cur/1.a:2,FS");
  CHECK_FALSE(reads_messages(mail, "cur/1.a:2,FS"));
}

TEST_CASE("an index is not touched before a size is asked for") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  auto opened = open_indexed(mail);
  CHECK(opened.unique_id(1).view() == "1.a");
  CHECK(opened.open_message(1).fd);
  opened.save_index();
  CHECK_FALSE(has_index(mail));
}

TEST_CASE("a file that was replaced under its name is read again") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  CHECK(session(mail) == Sizes{5});
  mail.put("tmp/other", "another one\n");
  mail.move("tmp/other", "new/1.a");
  CHECK(session(mail) == Sizes{13});
  CHECK(session(mail) == Sizes{13});
}

TEST_CASE("a file with the inode number of its forerunner is read again") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  mail.put("new/2.b", "one\n");
  for (const bool is_settled : {false, true}) {
    CAPTURE(is_settled);
    if (is_settled)
      mail.settle();
    const auto before = session(mail)[0];
    rewrite(mail, "new/1.a", mail.text("new/1.a") + "more\n");
    CHECK(session(mail) == Sizes{before + 6, 5});
    CHECK(session(mail) == Sizes{before + 6, 5});
  }
}

TEST_CASE("the files of a folder are not looked at while the folder stays as it was") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  mail.put("cur/2.b:2,S", "one\n");
  const auto sees_change_in_place = [&mail] {
    mail.put("new/1.a", mail.text("new/1.a") + "in place\n");
    auto opened = open_indexed(mail);
    return opened.octets(1) == support::wire_octets(mail.text("new/1.a"));
  };
  mail.settle();
  session(mail);
  CHECK_FALSE(sees_change_in_place());
  mail.put("cur/3.c:2,", "one\n");
  mail.settle();
  CHECK_FALSE(sees_change_in_place());
  mail.put("new/4.d", "one\n");
  CHECK(sees_change_in_place());
}

TEST_CASE("a message that moved to an unchanged folder before the index is loaded is looked at") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  mail.put("cur/2.b:2,S", "one\n");
  mail.settle();
  session(mail);
  rewrite(mail, "new/1.a", "another one\n");
  mail.settle();
  auto opened = open_indexed(mail);
  mail.move("new/1.a", "cur/1.a:2,S");
  CHECK(opened.open_message(1).fd); // lists again
  CHECK(sizes_of(opened) == Sizes{13, 5});
}

TEST_CASE("the index is written anew when more than 1,000 files had to be looked at") {
  for (const int count : {1000, 1001}) {
    const ScratchMaildir mail;
    for (int i = 0; i < count; ++i)
      mail.put("new/" + std::to_string(10'000 + i) + ".a");
    mail.settle();
    session(mail);
    mail.move("new/10000.a", "tmp/10000.a");
    mail.move("tmp/10000.a", "new/10000.a");
    mail.settle();
    const auto first = index_inode(mail);
    session(mail);
    CHECK((index_inode(mail) != first) == (count > 1000));
    const auto second = index_inode(mail);
    session(mail);
    CHECK(index_inode(mail) == second);
  }
}

TEST_CASE("messages that came, went and stayed have the right sizes") {
  const ScratchMaildir mail;
  for (int i = 0; i < 50; ++i)
    mail.put("new/" + std::to_string(100 + i) + ".a", std::string(static_cast<unsigned>(i), 'x'));
  session(mail);
  for (int i = 0; i < 50; i += 3)
    mail.remove("new/" + std::to_string(100 + i) + ".a");
  for (int i = 0; i < 50; i += 5)
    mail.put("new/" + std::to_string(100 + i) + ".5", std::string(static_cast<unsigned>(i), 'y'));
  auto without = mail.open();
  const auto wanted = sizes_of(without);
  CHECK(session(mail) == wanted);
  CHECK(session(mail) == wanted);
}

TEST_CASE("names that the index cannot hold cost it nothing") {
  const ScratchMaildir mail;
  mail.put("new/1.a\nsodapop-index 2 0", "one\n");
  mail.put("new/2.b", "two two\n");
  mail.put("new/:2,S", "no base\n");
  const auto wanted = session(mail);
  auto opened = open_indexed(mail);
  CHECK(sizes_of(opened) == wanted);
  CHECK(opened.index_problem().empty());
  CHECK(mail.text("sodapop.index").starts_with("sodapop-index 2 1 "));
}

TEST_CASE("the index is written when it has something to learn, and not otherwise") {
  const ScratchMaildir mail;
  for (int i = 1; i <= 10; ++i)
    mail.put("new/" + std::to_string(i) + ".a");
  session(mail);
  auto before = index_inode(mail);
  session(mail);
  CHECK(index_inode(mail) == before);
  mail.put("new/11.a");
  session(mail);
  CHECK(index_inode(mail) != before);
  before = index_inode(mail);
  for (int i = 1; i <= 5; ++i)
    mail.remove("new/" + std::to_string(i) + ".a");
  session(mail);
  CHECK(index_inode(mail) == before); // 5 of 11 lines are stale
  mail.remove("new/6.a");
  session(mail);
  CHECK(mail.text("sodapop.index").starts_with("sodapop-index 2 5 "));
}

TEST_CASE("removed messages leave the index, and the last one removes the index") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("new/2.b");
  session(mail);
  auto opened = open_indexed(mail);
  sizes_of(opened);
  Marks deleted(2);
  deleted.set(1);
  deleted.set(2);
  CHECK(opened.update(deleted, Marks(2), true).removed_octets == 6);
  opened.save_index();
  CHECK_FALSE(has_index(mail));
  mail.put("new/3.c");
  auto fetched = open_indexed(mail); // a client that removes every message
  sizes_of(fetched);
  Marks all(1);
  all.set(1);
  CHECK(fetched.update(all, Marks(1), true).removed == 1);
  fetched.save_index();
  CHECK_FALSE(has_index(mail));
}

TEST_CASE("an index of another key is not used, but reported and replaced") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  session(mail);
  const std::string other_key(32, 'o');
  auto opened = open_indexed(mail, other_key);
  CHECK(sizes_of(opened) == Sizes{5});
  CHECK_FALSE(opened.index_problem().empty());
  opened.save_index();
  auto again = open_indexed(mail, other_key);
  CHECK(sizes_of(again) == Sizes{5});
  CHECK(again.index_problem().empty());
}

TEST_CASE("sizes of an index that turns out damaged at its end are taken back") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  mail.put("new/2.b", "two two\n");
  session(mail);
  auto text = mail.text("sodapop.index");
  const auto at = text.find("\n5 ");
  REQUIRE(at != text.npos);
  text[at + 1] = '7';
  mail.put("sodapop.index", text);
  CHECK(session(mail) == Sizes{5, 9});
}

TEST_CASE("a message that could not be read has no size in the index") {
  const ScratchMaildir mail;
  for (const auto* folder : {"", "new", "cur"})
    chmod(mail.path(folder).c_str(), 0777);
  mail.put("new/1.a", "one\n");
  chmod(mail.path("new/1.a").c_str(), 0);
  const int status = support::run_unprivileged([&] {
    auto root = Maildir::open(mail.root());
    root->scan();
    root->use_index(base::Secret(some_key));
    try {
      (void)root->octets(1);
    } catch (const std::system_error&) {
      const bool has_length = root->use_length(1) == 4;
      root->save_index();
      return has_length ? 0 : 1;
    }
    return 1;
  });
  CHECK(status == 0);
  chmod(mail.path("new/1.a").c_str(), 0644);
  CHECK(session(mail) == Sizes{5});
}

TEST_CASE("sizes in a read-only Maildir are exact, and the failure to write is reported") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  chmod(mail.path("new/1.a").c_str(), 0644);
  for (const auto* folder : {"new", "cur", ""})
    chmod(mail.path(folder).c_str(), 0555);
  const int status = support::run_unprivileged([&] {
    auto root = Maildir::open(mail.root());
    root->scan();
    root->use_index(base::Secret(some_key));
    const bool exact = root->octets(1) == 5;
    root->save_index();
    return exact && !root->index_problem().empty() ? 0 : 1;
  });
  chmod(mail.path().c_str(), 0755);
  CHECK(status == 0);
  CHECK_FALSE(has_index(mail));
}

TEST_CASE("a size that turned out wrong stays for the session and is right in the next") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  mail.put("new/2.b", "one\n");
  mail.settle();
  session(mail);
  mail.put("new/1.a", "changed in place\n");
  auto opened = open_indexed(mail);
  CHECK(sizes_of(opened) == Sizes{5, 5});
  CHECK(opened.has_other_size(1));
  CHECK_FALSE(opened.has_other_size(2));
  CHECK(sizes_of(opened) == Sizes{5, 5});
  opened.save_index();
  CHECK(session(mail) == Sizes{18, 5});
}

TEST_CASE("a message is not believed gone while another program renames it all the time") {
  const ScratchMaildir mail;
  for (int i = 1; i <= 20; ++i)
    mail.put("new/" + std::to_string(100 + i) + ".a");
  auto opened = mail.open();
  std::atomic<bool> is_over = false;
  std::thread renamer([&] {
    std::string there = "new/103.a";
    for (int round = 0; round < 200; ++round) {
      const std::string then = round % 2 == 0 ? "cur/103.a:2,S" : "cur/103.a:2,FS";
      mail.move(std::exchange(there, then), then);
      usleep(500);
    }
    is_over = true;
  });
  while (!is_over)
    for (pop3::MessageNumber message = 1; message <= opened.count(); ++message)
      (void)opened.open_message(message);
  renamer.join();
  for (pop3::MessageNumber message = 1; message <= opened.count(); ++message)
    CHECK(opened.open_message(message).fd);
}

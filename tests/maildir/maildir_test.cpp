// SPDX-License-Identifier: ISC
#include "maildir/maildir.hpp"

#include "support/child.hpp"
#include "support/failing_call.hpp"
#include "support/scratch_maildir.hpp"
#include "support/wire_text.hpp"

#include <array>
#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <ostream>
#include <set>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>

using maildir::Maildir;
using pop3::Marks;
using support::ScratchMaildir;
using Names = std::vector<std::string>;

namespace {

Names names_in(const Maildir& mail) {
  Names names;
  for (pop3::MessageNumber message = 1; message <= mail.count(); ++message)
    names.emplace_back(mail.file_name(message));
  return names;
}

Names ids_of(const Maildir& mail) {
  Names ids;
  for (pop3::MessageNumber message = 1; message <= mail.count(); ++message)
    ids.emplace_back(mail.unique_id(message).view());
  return ids;
}

std::string read_message(Maildir& mail, pop3::MessageNumber message) {
  const auto opened = mail.open_message(message);
  if (!opened.fd)
    return "(gone)";
  std::string text(opened.length, '\0');
  const auto octets = read(opened.fd.get(), text.data(), text.size());
  text.resize(octets < 0 ? 0 : static_cast<std::size_t>(octets));
  return text;
}

std::string_view problem_with(const ScratchMaildir& mail) {
  const auto opened = Maildir::open(mail.root());
  REQUIRE_FALSE(opened.has_value());
  return opened.error();
}

bool make_socket(const std::string& path) {
  const base::UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

} // namespace

TEST_CASE("the messages are the files of new and cur, by leading number and then by name") {
  const ScratchMaildir mail;
  for (const auto* name : {"cur/20.b:2,S", "new/3.x", "cur/100.a:2,", "new/20.a", "cur/noname",
                           "cur/5.trashed:2,T", "tmp/1.unfinished"})
    mail.put(name);
  CHECK(names_in(mail.open()) ==
        Names{"noname", "3.x", "5.trashed:2,T", "20.a", "20.b:2,S", "100.a:2,"});
}

TEST_CASE("the order is the same whatever the files' times and the order of creation") {
  const ScratchMaildir one, other;
  for (int i = 0; i < 50; ++i) {
    one.put("cur/" + std::to_string(1000 + i) + ".a:2,S");
    other.put("cur/" + std::to_string(1049 - i) + ".a:2,S");
  }
  CHECK(names_in(one.open()) == names_in(other.open()));
}

TEST_CASE("an empty Maildir has no messages") {
  const ScratchMaildir mail;
  auto opened = mail.open();
  CHECK(opened.count() == 0);
  const auto outcome = opened.update(Marks(0), Marks(0), true);
  CHECK(outcome.removed + outcome.failed + outcome.unflagged == 0);
}

TEST_CASE("a missing or linked new or cur is no Maildir") {
  const ScratchMaildir mail;
  mail.remove("new");
  CHECK(problem_with(mail) == Maildir::Problem::no_maildir);
  boost::filesystem::create_symlink("cur", mail.path("new"));
  CHECK(problem_with(mail) == Maildir::Problem::no_maildir);
  mail.remove("new");
  mail.put("new");
  CHECK(problem_with(mail) == Maildir::Problem::no_maildir);
  mail.remove("new");
  boost::filesystem::create_directory(mail.path("new"));
  boost::filesystem::rename(mail.path("cur"), mail.path("elsewhere"));
  CHECK(problem_with(mail) == Maildir::Problem::no_maildir);
}

TEST_CASE("a Maildir that we may not enter is told apart") {
  const ScratchMaildir mail;
  chmod(mail.path().c_str(), 0755);
  chmod(mail.path("cur").c_str(), 0700);
  chmod(mail.path("new").c_str(), 0);
  const int status = support::run_unprivileged([&] {
    const auto opened = Maildir::open(mail.root());
    return !opened && opened.error() == Maildir::Problem::inaccessible ? 0 : 1;
  });
  CHECK(status == 0);
}

TEST_CASE("links, FIFOs, directories, sockets and dot-files are no messages") {
  const ScratchMaildir mail;
  mail.put("cur/1.real:2,");
  mail.put("cur/.hidden");
  mail.put("outside", "secret\n");
  boost::filesystem::create_symlink(mail.path("outside"), mail.path("cur/2.link:2,"));
  boost::filesystem::create_symlink("nowhere", mail.path("new/3.dangling"));
  boost::filesystem::create_directory(mail.path("cur/4.directory:2,"));
  REQUIRE(mkfifo(mail.path("new/5.fifo").c_str(), 0666) == 0);
  REQUIRE(make_socket(mail.path("cur/6.socket:2,")));
  CHECK(names_in(mail.open()) == Names{"1.real:2,"});
}

TEST_CASE("a message that becomes a link, a FIFO or a directory after the listing is gone") {
  const ScratchMaildir mail;
  for (const auto* name : {"cur/1.a", "cur/2.b", "cur/3.c"})
    mail.put(name);
  mail.put("outside", "secret\n");
  auto opened = mail.open();
  for (const auto* name : {"cur/1.a", "cur/2.b", "cur/3.c"})
    mail.remove(name);
  boost::filesystem::create_symlink(mail.path("outside"), mail.path("cur/1.a"));
  REQUIRE(mkfifo(mail.path("cur/2.b").c_str(), 0666) == 0);
  boost::filesystem::create_directory(mail.path("cur/3.c"));
  for (pop3::MessageNumber message = 1; message <= 3; ++message) {
    CHECK(read_message(opened, message) == "(gone)");
    CHECK(opened.octets(message) == 0);
  }
}

TEST_CASE("odd names are names like any other") {
  const ScratchMaildir mail;
  const std::string longest(255, 'l');
  const Names odd = {"1 blank", "2\xff\xfe", "3\nline", "4%s%n", "5;rm -rf", "6\"quote", "7\x01"};
  for (const auto& name : odd)
    mail.put("cur/" + name, "x\n");
  mail.put("new/" + longest, "x\n");
  auto opened = mail.open();
  REQUIRE(opened.count() == odd.size() + 1);
  std::set<std::string> ids;
  for (pop3::MessageNumber message = 1; message <= opened.count(); ++message) {
    CHECK(read_message(opened, message) == "x\n");
    const std::string id(opened.unique_id(message).view());
    CHECK(ids.insert(id).second);
    CHECK(id.size() <= 70);
    CHECK(std::all_of(id.begin(), id.end(), [](char c) { return c > ' ' && c < 0x7f; }));
  }
}

TEST_CASE("unique-ids are the same in the next session, whatever flags and folder have become") {
  const ScratchMaildir mail;
  mail.put("new/1.a");
  mail.put("cur/2.b:2,S");
  Names before, after;
  {
    const auto opened = mail.open();
    before = ids_of(opened);
  }
  mail.move("new/1.a", "cur/1.a:2,FS");
  mail.move("cur/2.b:2,S", "cur/2.b:2,RST");
  const auto opened = mail.open();
  after = ids_of(opened);
  CHECK(before == Names{"1.a", "2.b"});
  CHECK(after == before);
}

TEST_CASE("sizes are the octets on the wire, whatever the name claims") {
  const ScratchMaildir mail;
  const std::string text = "A: 1\n\n.b\nno end";
  for (const auto* name : {"new/1.a", "new/2.a,S=5,W=6", "cur/3.a,S=15,W=99:2,S",
                           "cur/4.a,W=18446744073709551615:2,", "cur/5.a,S=,W=x:2,"})
    mail.put(name, text);
  auto opened = mail.open();
  for (pop3::MessageNumber message = 1; message <= 5; ++message)
    CHECK(opened.octets(message) == support::wire_octets(text));
}

TEST_CASE("the size of a message longer than one block is exact") {
  const ScratchMaildir mail;
  std::string text;
  while (text.size() < 400'000)
    text += text.size() % 3 == 0 ? "line\r\n" : "another line\n";
  mail.put("new/1.long", text);
  CHECK(mail.open().octets(1) == support::wire_octets(text));
}

TEST_CASE("long work can be ended at each of its steps, but UPDATE cannot") {
  struct Enough {};
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  mail.put("cur/2.b:2,S", "two\n");
  bool is_enough = true;
  const auto step = [&] {
    if (is_enough)
      throw Enough();
  };
  auto opened = std::move(*Maildir::open(mail.root()));
  opened.set_step(step);
  CHECK_THROWS_AS(opened.scan(), Enough);
  is_enough = false;
  opened.scan();
  is_enough = true;
  CHECK_THROWS_AS(opened.octets(1), Enough);
  CHECK_FALSE(opened.is_size_known(1));
  boost::filesystem::rename(mail.path("new/1.a"), mail.path("cur/1.a:2,FPRST"));
  CHECK_THROWS_AS(opened.open_message(1), Enough); // listed anew
  is_enough = false;
  CHECK(opened.octets(1) == 5);
  is_enough = true;
  Marks both(2);
  both.set(1);
  both.set(2);
  boost::filesystem::rename(mail.path("cur/1.a:2,FPRST"), mail.path("new/1.a"));
  CHECK(opened.update(both, Marks(2), true).removed == 2);
}

TEST_CASE("a size once told stays for the session") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "one\n");
  mail.put("new/2.b", "one\n");
  auto opened = mail.open();
  mail.remove("new/2.b");
  CHECK(opened.octets(1) == 5);
  mail.put("new/1.a", "much longer now\n");
  CHECK(opened.octets(1) == 5);
  CHECK(opened.octets(2) == 0);
}

TEST_CASE("a message that was renamed is found again under its number") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "a\n");
  mail.put("cur/2.b:2,", "b\n");
  mail.put("cur/3.c:2,S", "c\n");
  auto opened = mail.open();
  mail.move("new/1.a", "cur/1.a:2,S");
  mail.move("cur/2.b:2,", "cur/2.b:2,FRST");
  mail.move("cur/3.c:2,S", "new/3.c");
  mail.put("new/0.arrived", "later\n");
  CHECK(read_message(opened, 2) == "b\n");
  CHECK(read_message(opened, 1) == "a\n");
  CHECK(read_message(opened, 3) == "c\n");
  CHECK(opened.octets(1) == 3);
  CHECK(opened.count() == 3);
  CHECK(opened.unique_id(1).view() == "1.a");
}

TEST_CASE("a message that a program numbers keeps its unique-id and its place") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "a\n");
  mail.put("cur/2.b,S=3:2,S", "b\n");
  mail.put("cur/3.c,U=7,FMD5=7e33429f656f1e6e9d79b29c3f82c57e:2,S", "c\n");
  auto opened = mail.open();
  const Names before = ids_of(opened);
  CHECK(before == Names{"1.a", "2.b,S=3", "3.c"});
  mail.move("new/1.a", "new/1.a,U=1:2,");
  mail.move("cur/2.b,S=3:2,S", "cur/2.b,S=3,U=2:2,S");
  mail.move("cur/3.c,U=7,FMD5=7e33429f656f1e6e9d79b29c3f82c57e:2,S", "cur/3.c,U=3:2,S");
  CHECK(read_message(opened, 1) == "a\n");
  CHECK(read_message(opened, 2) == "b\n");
  CHECK(read_message(opened, 3) == "c\n");
  CHECK(ids_of(opened) == before);
  CHECK(ids_of(mail.open()) == before);
}

TEST_CASE("a message that vanished is gone, and all others keep their numbers") {
  const ScratchMaildir mail;
  for (const auto* name : {"new/1.a", "new/2.b", "new/3.c"})
    mail.put(name, std::string(name) + "\n");
  auto opened = mail.open();
  mail.remove("new/2.b");
  CHECK(read_message(opened, 2) == "(gone)");
  CHECK(read_message(opened, 1) == "new/1.a\n");
  CHECK(read_message(opened, 3) == "new/3.c\n");
  CHECK(opened.unique_id(2).view() == "2.b");
  CHECK(opened.count() == 3);
}

TEST_CASE("one message in new and in cur, or under two sets of flags, is one message") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "new\n");
  mail.put("cur/1.a:2,S", "cur\n");
  mail.put("cur/2.b:2,", "b\n");
  mail.put("cur/2.b:2,S", "b\n");
  mail.put("new/3.c", "c\n");
  auto opened = mail.open();
  REQUIRE(opened.count() == 3);
  CHECK(read_message(opened, 1) == "cur\n");
  CHECK(opened.unique_id(1).view() == "1.a");
  CHECK(opened.unique_id(2).view() == "2.b");
  CHECK(opened.unique_id(3).view() == "3.c");
}

TEST_CASE("an unreadable message is listed with its length, and costs the others nothing") {
  const ScratchMaildir mail;
  for (const auto* folder : {"", "new", "cur"})
    chmod(mail.path(folder).c_str(), 0755);
  mail.put("new/1.a", "a\n");
  mail.put("new/2.b", "b\n");
  chmod(mail.path("new/1.a").c_str(), 0);
  chmod(mail.path("new/2.b").c_str(), 0644);
  const int status = support::run_unprivileged([&] {
    auto opened = Maildir::open(mail.root());
    opened->scan();
    const auto is_refused = [](const auto& act) {
      try {
        act();
      } catch (const std::system_error& error) {
        return error.code().value() == EACCES;
      }
      return false;
    };
    const bool failed = is_refused([&] { (void)opened->open_message(1); }) &&
                        is_refused([&] { (void)opened->octets(1); });
    const bool has_sizes =
        opened->use_length(1) == 2 && opened->octets(1) == 2 && opened->octets(2) == 3;
    return opened->count() == 2 && failed && has_sizes ? 0 : 1;
  });
  CHECK(status == 0);
}

TEST_CASE("messages renamed ahead of their RETR cost one listing for as many as there are") {
  const ScratchMaildir mail;
  for (const auto* folder : {"", "new", "cur"})
    chmod(mail.path(folder).c_str(), 0777);
  const Names names = {"new/1.a",      "cur/1.a:2,",  "cur/1.a:2,S",
                       "cur/1.a:2,RS", "cur/1.a:2,S", "cur/1.a:2,Sa"};
  mail.put(names[0]);
  for (const auto* other : {"new/2.b", "new/3.c"})
    mail.put(other);
  const int status = support::run_unprivileged([&] {
    auto opened = Maildir::open(mail.root());
    opened->scan();
    const auto is_found = [&](std::size_t renames) {
      rename(mail.path(names[renames - 1]).c_str(), mail.path(names[renames]).c_str());
      try {
        return static_cast<bool>(opened->open_message(1).fd);
      } catch (const std::system_error&) {
        return false; // the listing was needed
      }
    };
    if (!is_found(1) || !support::fail_call(SYS_getdents64, EIO))
      return 1;
    return is_found(2) && is_found(3) && is_found(4) && !is_found(5) ? 0 : 2;
  });
  CHECK(status == 0);
}

TEST_CASE("renaming every message costs one listing, not one a message") {
  const ScratchMaildir mail;
  constexpr pop3::MessageNumber messages = 3000;
  const auto name = [](pop3::MessageNumber i) { return std::to_string(1'000'000 + i) + ".a"; };
  for (pop3::MessageNumber i = 1; i <= messages; ++i)
    mail.put("new/" + name(i), "");
  auto opened = mail.open();
  for (pop3::MessageNumber i = 1; i <= messages; ++i)
    mail.move("new/" + name(i), "cur/" + name(i) + ":2,S");
  for (pop3::MessageNumber i = 1; i <= messages; ++i)
    REQUIRE(opened.open_message(i).fd);
}

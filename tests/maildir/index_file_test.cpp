// SPDX-License-Identifier: ISC
#include "maildir/index_file.hpp"

#include "maildir/message_table.hpp"
#include "pop3/limits.hpp"
#include "support/child.hpp"
#include "support/scratch_maildir.hpp"

#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <limits>
#include <optional>
#include <ostream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <system_error>

using maildir::IndexEntry;
using maildir::IndexProblem;
using maildir::IndexReader;
using maildir::IndexWriter;
using support::ScratchMaildir;

namespace {

struct Line {
  std::uint64_t octets, inode, fingerprint;
  std::string base;
  bool operator==(const Line&) const = default;
};
using Lines = std::vector<Line>;

const std::string some_key(32, 'k');
const std::string two_lines = "sodapop-index 2 2 3 18446744073709551615\n12 34 56 1.a\n5 6 7 2.b\n";
constexpr auto huge = std::numeric_limits<std::uint64_t>::max();
constexpr auto largest = 2 * maildir::max_message_octets + 2;

struct Read {
  Lines lines;
  std::optional<std::string_view> problem;
};

Read read_index(const ScratchMaildir& mail, const std::string& key = some_key) {
  const auto root = mail.root();
  IndexReader reader(root.get(), base::Secret(key));
  Read read;
  IndexEntry entry;
  while (reader.next(entry))
    read.lines.push_back({entry.octets, entry.inode, entry.fingerprint, std::string(entry.base)});
  CHECK_FALSE(reader.next(entry));
  read.problem = reader.problem();
  return read;
}

void write_index(const ScratchMaildir& mail, const Lines& lines,
                 const std::string& key = some_key) {
  const auto root = mail.root();
  IndexWriter writer(root.get(), base::Secret(key),
                     {static_cast<std::uint32_t>(lines.size()), {3, huge}});
  for (const auto& line : lines)
    writer.add({line.octets, line.inode, line.fingerprint, line.base});
  writer.finish();
}

/// `text` with its checksum by `some_key`.
std::string sealed(const std::string& text) {
  base::KeyedDigest digest(some_key);
  digest.add(text);
  return text + "checksum " + digest.text() + "\n";
}

std::optional<std::string_view> problem_with(const std::string& text) {
  const ScratchMaildir mail;
  mail.put("sodapop.index", text);
  return read_index(mail).problem;
}

bool exists(const ScratchMaildir& mail, const std::string& name) {
  struct stat facts {};
  return lstat(mail.path(name).c_str(), &facts) == 0;
}

} // namespace

TEST_CASE("a written index can be read, and no other file is left") {
  const ScratchMaildir mail;
  const Lines lines = {{0, 0, 0, "a"},
                       {largest, huge, huge, "b c,S=1"},
                       {17, 4, 9, std::string(maildir::max_indexed_base, 'n')},
                       {1, 2, 3, "\xff\r\t\x01"}};
  write_index(mail, lines);
  const auto read = read_index(mail);
  CHECK(read.lines == lines);
  CHECK_FALSE(read.problem);
  CHECK_FALSE(exists(mail, "sodapop.index.new"));
  struct stat facts {};
  REQUIRE(stat(mail.path("sodapop.index").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 07777) == 0600);
}

TEST_CASE("an index is text: a version, a line for each message, a checksum") {
  const ScratchMaildir mail;
  write_index(mail, {{12, 34, 56, "1.a"}, {5, 6, 7, "2.b"}});
  CHECK(mail.text("sodapop.index") == sealed(two_lines));
}

TEST_CASE("an index without entries is valid, and a missing one is told apart") {
  const ScratchMaildir mail;
  CHECK(read_index(mail).problem == IndexProblem::missing);
  write_index(mail, {});
  CHECK_FALSE(read_index(mail).problem);
}

TEST_CASE("an index of many times the buffer is read to its end") {
  const ScratchMaildir mail;
  Lines lines;
  for (std::uint64_t i = 0; i < 5000; ++i)
    lines.push_back({i, i * i, ~i, std::to_string(1'000'000 + i) + std::string(i % 200, 'x')});
  write_index(mail, lines);
  const auto read = read_index(mail);
  CHECK(read.lines == lines);
  CHECK_FALSE(read.problem);
}

TEST_CASE("an index that was made with another key is not believed") {
  const ScratchMaildir mail;
  write_index(mail, {{1, 2, 3, "a"}}, std::string(32, '\0'));
  CHECK(read_index(mail).problem == IndexProblem::checksum);
}

TEST_CASE("an index cut anywhere is not believed, and neither is one with more behind it") {
  const auto whole = sealed(two_lines);
  REQUIRE_FALSE(problem_with(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(problem_with(whole.substr(0, size)) == IndexProblem::malformed);
  }
  for (const std::string_view more : {"\n", "x", "7 8 3.c\n", "y\n"})
    CHECK(problem_with(whole + std::string(more)) == IndexProblem::malformed);
}

TEST_CASE("an index with any octet changed is not believed") {
  const auto whole = sealed(two_lines);
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const int change : {1, 4, 0x80}) {
      auto changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ change);
      CAPTURE(changed);
      CHECK(problem_with(changed));
    }
}

TEST_CASE("another format or version is not believed, whatever its checksum") {
  for (const std::string first : {"sodapop-index 1 0\n",
                                  "sodapop-index 1 0 0 0\n",
                                  "sodapop-index 3 0 0 0\n",
                                  "sodapop-index 2 0\n",
                                  "sodapop-index 2 0 0\n",
                                  "sodapop-index 2 0 0 \n",
                                  "sodapop-index 2 \n",
                                  "sodapop-index 2  0 0\n",
                                  "sodapop-index 2 -1 0 0\n",
                                  "sodapop-index 2 0 -1 0\n",
                                  "sodapop-index 2 0 0 -1\n",
                                  "sodapop-index 2 0 0 0 \n",
                                  "sodapop-index 2 0 0 0 0\n",
                                  "sodapop-index 2 x 0 0\n",
                                  "sodapop-index 20 0 0\n",
                                  "sodapop-index  2 0 0 0\n",
                                  "\n",
                                  "courier 2 0 0 0\n",
                                  "sodapop-index 2 4294967296 0 0\n",
                                  "sodapop-index 2 0 18446744073709551616 0\n",
                                  "sodapop-index 2 0 0 18446744073709551616\n"})
    CHECK(problem_with(sealed(first)) == IndexProblem::malformed);
  CHECK_FALSE(problem_with(sealed("sodapop-index 2 0 0 0\n")));
}

TEST_CASE("the count is that of the lines, up to max_messages") {
  CHECK(problem_with(sealed("sodapop-index 2 1 0 0\n")) == IndexProblem::malformed);
  CHECK(problem_with(sealed("sodapop-index 2 0 0 0\n1 2 3 a\n")) == IndexProblem::malformed);
  CHECK(problem_with(sealed("sodapop-index 2 1 0 0\n1 2 3 a\n1 2 3 b\n")) ==
        IndexProblem::malformed);
  for (const auto count : {pop3::max_messages, pop3::max_messages + 1}) {
    const ScratchMaildir mail;
    mail.put("sodapop.index", "sodapop-index 2 " + std::to_string(count) + " 0 0\n");
    const auto root = mail.root();
    const IndexReader reader(root.get(), base::Secret(some_key));
    CHECK(reader.header().count == (count == pop3::max_messages ? count : 0));
  }
}

TEST_CASE("malformed lines are refused, whatever the checksum") {
  for (const std::string line :
       {"", "1", "1 2", "1 2 ", "1 2 3", "1 2 3 ", "1 2 a", " 1 2 3 a", "1  2 3 a", "1 2  3 a",
        "x 2 3 a", "1 x 3 a", "1 2 x a", "-1 2 3 a", "1 -2 3 a", "1 2 -3 a", "+1 2 3 a", "1\t2 3 a",
        "0x1 2 3 a"}) {
    CAPTURE(line);
    CHECK(problem_with(sealed("sodapop-index 2 1 0 0\n" + line + "\n")) == IndexProblem::malformed);
  }
}

TEST_CASE("numbers are within their ranges") {
  const auto with = [](const std::string& octets, const std::string& number) {
    const auto first =
        problem_with(sealed("sodapop-index 2 1 0 0\n" + octets + " " + number + " 3 a\n"));
    const auto second =
        problem_with(sealed("sodapop-index 2 1 0 0\n" + octets + " 2 " + number + " a\n"));
    CHECK(first == second);
    return first;
  };
  CHECK_FALSE(with(std::to_string(largest - 1), "1"));
  CHECK_FALSE(with(std::to_string(largest), "1"));
  CHECK(with(std::to_string(largest + 1), "1") == IndexProblem::malformed);
  CHECK(with(std::to_string(huge), "1") == IndexProblem::malformed);
  CHECK_FALSE(with("1", std::to_string(huge - 1)));
  CHECK_FALSE(with("1", std::to_string(huge)));
  CHECK(with("1", "18446744073709551616") == IndexProblem::malformed);
}

TEST_CASE("a line has at most max_index_line octets, its end included") {
  const std::string numbers = "00000000000000000001 18446744073709551615 18446744073709551615 ";
  for (const int more : {-1, 0, 1}) {
    const auto length = maildir::max_indexed_base + static_cast<std::size_t>(more);
    const auto line = numbers + std::string(length, 'a') + "\n";
    CHECK(line.size() == maildir::max_index_line + static_cast<std::size_t>(more));
    CHECK(problem_with(sealed("sodapop-index 2 1 0 0\n" + line)).has_value() == (more > 0));
    const auto short_line = "1 2 3 " + std::string(length, 'a') + "\n";
    CHECK(problem_with(sealed("sodapop-index 2 1 0 0\n" + short_line)).has_value() == (more > 0));
  }
  CHECK(problem_with(std::string(10 * maildir::max_index_line, 'a')) == IndexProblem::malformed);
}

TEST_CASE("an index that is no regular file is not opened, and not waited for") {
  const ScratchMaildir mail;
  mail.put("elsewhere", sealed("sodapop-index 2 0 0 0\n"));
  boost::filesystem::create_symlink(mail.path("elsewhere"), mail.path("sodapop.index"));
  CHECK(read_index(mail).problem == IndexProblem::unreadable);
  mail.remove("sodapop.index");
  boost::filesystem::create_directory(mail.path("sodapop.index"));
  CHECK(read_index(mail).problem == IndexProblem::unreadable);
  mail.remove("sodapop.index");
  REQUIRE(mkfifo(mail.path("sodapop.index").c_str(), 0600) == 0);
  CHECK(read_index(mail).problem == IndexProblem::unreadable);
}

TEST_CASE("an index above max_index_octets is not read") {
  for (const int more : {-1, 0, 1}) {
    const ScratchMaildir mail;
    mail.put("sodapop.index", "x\n");
    const auto size = static_cast<off_t>(maildir::max_index_octets) + more;
    REQUIRE(truncate(mail.path("sodapop.index").c_str(), size) == 0);
    CHECK(read_index(mail).problem ==
          (more > 0 ? IndexProblem::unreadable : IndexProblem::malformed));
  }
}

TEST_CASE("a name with a line feed in it, or none at all, cannot be held") {
  CHECK(IndexWriter::can_hold("1.a b\r"));
  CHECK(IndexWriter::can_hold(std::string(maildir::max_indexed_base, 'a')));
  CHECK_FALSE(IndexWriter::can_hold(std::string(maildir::max_indexed_base + 1, 'a')));
  CHECK_FALSE(IndexWriter::can_hold("1.a\n"));
  CHECK_FALSE(IndexWriter::can_hold("\n"));
  CHECK_FALSE(IndexWriter::can_hold(""));
}

TEST_CASE("the old index stays until the new one is whole") {
  const ScratchMaildir mail;
  write_index(mail, {{1, 2, 3, "old"}});
  const auto root = mail.root();
  {
    IndexWriter writer(root.get(), base::Secret(some_key), {1, {}});
    writer.add({3, 4, 5, "new"});
    CHECK(read_index(mail).lines == Lines{{1, 2, 3, "old"}});
  }
  CHECK(read_index(mail).lines == Lines{{1, 2, 3, "old"}});
  CHECK_FALSE(exists(mail, "sodapop.index.new"));
}

TEST_CASE("the new index of a killed session is replaced, and a link there is not followed") {
  const ScratchMaildir mail;
  mail.put("sodapop.index.new", "half");
  write_index(mail, {{1, 2, 3, "a"}});
  CHECK_FALSE(read_index(mail).problem);
  mail.put("victim", "precious");
  boost::filesystem::create_symlink(mail.path("victim"), mail.path("sodapop.index.new"));
  write_index(mail, {{3, 4, 5, "b"}});
  CHECK(read_index(mail).lines == Lines{{3, 4, 5, "b"}});
  CHECK(mail.text("victim") == "precious");
  boost::filesystem::create_directory(mail.path("sodapop.index.new"));
  CHECK_THROWS_AS(write_index(mail, {}), std::system_error);
}

TEST_CASE("a full disk throws, and leaves neither half an index nor the old one changed") {
  const ScratchMaildir mail;
  write_index(mail, {{1, 2, 3, "old"}});
  const support::Child child([&] {
    const rlimit most{100'000, 100'000};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &most);
    try {
      write_index(mail, Lines(10'000, {1, 2, 3, "0123456789"}));
      return 1;
    } catch (const std::system_error& error) {
      return error.code().value() == EFBIG ? 0 : 2;
    }
  });
  CHECK(const_cast<support::Child&>(child).exit_status() == 0);
  CHECK(read_index(mail).lines == Lines{{1, 2, 3, "old"}});
  CHECK_FALSE(exists(mail, "sodapop.index.new"));
}

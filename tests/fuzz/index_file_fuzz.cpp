// SPDX-License-Identifier: ISC
// Puts an index of any octets into a maildrop and checks that all sizes stay right.
//
// The first octet chooses how the rest becomes an index: 0 as it is, 1 between a valid first line
// and a valid checksum (which an attacker cannot make, so that only the reader gets this index), 2
// as changes to a valid index.
#include "base/digest.hpp"
#include "base/system_error.hpp"
#include "fuzz/target.hpp"
#include "maildir/index_file.hpp"
#include "maildir/maildir.hpp"
#include "maildir/size_index.hpp"
#include "support/wire_text.hpp"

#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace {

using fuzz::expect;

const std::string key(32, 'k');

struct Stored {
  const char* name;
  std::string_view text;
};
constexpr Stored messages[] = {{"cur/1.a:2,S", "one\n"},
                               {"new/2.b,S=5,W=6", "two two\r\nno end"},
                               {"new/3.c d", ".\n\n.\n"},
                               {"cur/4.e:2,", ""}};

void write_file(int directory, const char* name, std::string_view text) {
  const base::UniqueFd fd(base::check(
      openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), "create"));
  base::check(write(fd.get(), text.data(), text.size()), "write");
}

std::string read_file(int directory, const char* name) {
  std::string text(4096, '\0');
  const base::UniqueFd fd(base::check(openat(directory, name, O_RDONLY | O_CLOEXEC), "open"));
  text.resize(static_cast<std::size_t>(base::check(read(fd.get(), text.data(), 4096), "read")));
  return text;
}

/// A Maildir, in memory where possible, that lives as long as the process.
class Scratch {
 public:
  Scratch() {
    root_.reset(base::check(mkdtemp(path_.data()) == nullptr
                                ? -1
                                : open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                            "mkdtemp"));
    for (const auto* folder : {"new", "cur"})
      base::check(mkdirat(root(), folder, 0700), "mkdir");
    for (const auto& message : messages)
      write_file(root(), message.name, message.text);
  }
  ~Scratch() {
    for (const auto& message : messages)
      unlinkat(root(), message.name, 0);
    for (const auto* folder : {"new", "cur"})
      unlinkat(root(), folder, AT_REMOVEDIR);
    unlinkat(root(), maildir::index_name, 0);
    rmdir(path_.c_str());
  }
  int root() const { return root_.get(); }

 private:
  std::string path_ = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm/sodapop-fuzz-XXXXXX"
                                                           : "/tmp/sodapop-fuzz-XXXXXX";
  base::UniqueFd root_;
};

/// One session that asks for every size and saves the index.
void session(int root) {
  auto mail = maildir::Maildir::open(base::UniqueFd(base::check(dup(root), "dup")));
  expect(mail.has_value(), "the Maildir is one");
  mail->use_index(base::Secret(key));
  mail->scan();
  expect(mail->count() == std::size(messages), "all messages are there");
  for (pop3::MessageNumber message = 1; message <= mail->count(); ++message)
    expect(mail->octets(message) == support::wire_octets(messages[message - 1].text),
           "a size is the octets on the wire");
  mail->save_index();
}

/// Checks that the entries of a valid index are the same after writing and reading them again.
void check_reader(int root) {
  std::vector<std::pair<maildir::IndexEntry, std::string>> entries;
  {
    maildir::IndexReader reader(root, base::Secret(key));
    maildir::IndexEntry entry;
    while (reader.next(entry)) {
      expect(entry.base.size() < maildir::max_index_line, "a name fits into a line");
      entries.emplace_back(entry, entry.base);
    }
    expect(entries.size() <= reader.header().count, "no more entries than were promised");
    if (reader.problem())
      return;
    expect(entries.size() == reader.header().count, "as many entries as were promised");
  }
  maildir::IndexWriter writer(root, base::Secret(key),
                              {static_cast<std::uint32_t>(entries.size()), {}});
  for (auto& [entry, base] : entries) {
    expect(maildir::IndexWriter::can_hold(base), "what was read can be written");
    writer.add({entry.octets, entry.inode, entry.fingerprint, base});
  }
  writer.finish();
  maildir::IndexReader again(root, base::Secret(key));
  maildir::IndexEntry entry;
  for (const auto& [first, base] : entries)
    expect(again.next(entry) && entry.octets == first.octets && entry.inode == first.inode &&
               entry.fingerprint == first.fingerprint && entry.base == base,
           "what is written can be read");
  expect(!again.next(entry) && !again.problem(), "a written index is sound");
}

std::string sealed(std::uint8_t lines, std::string_view rest) {
  auto text = "sodapop-index 2 " + std::to_string(lines) + " 3 4\n" + std::string(rest);
  base::KeyedDigest digest(key);
  digest.add(text);
  return text + "checksum " + digest.text() + "\n";
}

std::string changed(std::string text, fuzz::Input& input) {
  while (!input.empty() && !text.empty()) {
    const auto at = input.byte() * 256u + input.byte();
    text[at % text.size()] = static_cast<char>(input.byte());
  }
  return text;
}

void try_input(fuzz::Input input) {
  static const Scratch scratch;
  static const std::string true_index = [] {
    session(scratch.root());
    return read_file(scratch.root(), maildir::index_name);
  }();
  const auto kind = input.byte() % 3;
  std::string text;
  if (kind == 0)
    text = input.rest();
  if (kind == 1) {
    const auto lines = input.byte();
    text = sealed(lines, input.rest());
  }
  if (kind == 2)
    text = changed(true_index, input);
  write_file(scratch.root(), maildir::index_name, text);
  if (kind == 1) {
    check_reader(scratch.root());
    return;
  }
  session(scratch.root()); // leaves an index that the next session accepts
  session(scratch.root());
}

const fuzz::Target target("index_file", try_input);

} // namespace

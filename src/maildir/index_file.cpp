// SPDX-License-Identifier: ISC
#include "maildir/index_file.hpp"

#include "base/system_error.hpp"
#include "maildir/message_table.hpp"
#include "pop3/limits.hpp"

#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace maildir {

namespace {

constexpr std::string_view header = "sodapop-index 1 ";
constexpr std::string_view trailer = "checksum ";
constexpr std::size_t block = 64 * 1024;

static_assert(max_index_octets >= max_names_octets + pop3::max_messages * (max_index_line - 255));

/// Takes a number and the `end` after it from the start of `text`. If `end` is NUL, `text` must
/// hold nothing else.
template <class Number> bool take_number(std::string_view& text, Number& number, char end) {
  const auto [rest, error] = std::from_chars(text.begin(), text.end(), number);
  const auto used = static_cast<std::size_t>(rest - text.begin());
  text.remove_prefix(used);
  if (error != std::errc() || (end == '\0' ? !text.empty() : !text.starts_with(end)))
    return false;
  text.remove_prefix(end == '\0' ? 0 : 1);
  return true;
}

bool take_word(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word))
    return false;
  text.remove_prefix(word.size());
  return true;
}

void append_number(std::string& text, std::uint64_t number) {
  char digits[20];
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), number);
  text.append(digits, end);
}

} // namespace

IndexReader::IndexReader(int maildir, const base::Secret& key) : digest_(key.reveal()) {
  std::string_view line;
  if (!open(maildir) || !next_line(line))
    return;
  std::uint32_t count = 0;
  if (!take_word(line, header) || !take_number(line, count, '\0') || count > pop3::max_messages)
    fail(IndexProblem::malformed);
  else
    count_ = count;
}

bool IndexReader::fail(IndexProblem problem) {
  problem_ = problem;
  return false;
}

bool IndexReader::open(int maildir) {
  fd_.reset(openat(maildir, index_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat facts {};
  if (!fd_)
    return fail(errno == ENOENT ? IndexProblem::missing : IndexProblem::unreadable);
  if (fstat(fd_.get(), &facts) != 0 || !S_ISREG(facts.st_mode) ||
      static_cast<std::uint64_t>(facts.st_size) > max_index_octets)
    return fail(IndexProblem::unreadable);
  buffer_ = std::make_unique_for_overwrite<char[]>(block);
  return true;
}

/// Moves the data that is not yet taken to the start of the buffer and reads more after it.
bool IndexReader::fill() {
  digest_.add({buffer_.get() + hashed_, begin_ - hashed_});
  std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = hashed_ = 0;
  const auto octets = read(fd_.get(), buffer_.get() + end_, block - end_);
  if (octets < 0)
    return fail(IndexProblem::unreadable);
  end_ += static_cast<std::size_t>(octets);
  return octets > 0;
}

/// The next line without its end; false and a problem when there is none.
bool IndexReader::next_line(std::string_view& line) {
  for (;;) {
    const char* from = buffer_.get() + begin_;
    const auto there = end_ - begin_;
    if (const auto* found = there == 0 ? nullptr : std::memchr(from, '\n', there)) {
      line = {from, static_cast<std::size_t>(static_cast<const char*>(found) - from)};
      begin_ += line.size() + 1;
      return line.size() < max_index_line || fail(IndexProblem::malformed);
    }
    if (there >= max_index_line || !fill())
      return problem_ ? false : fail(IndexProblem::malformed);
  }
}

bool IndexReader::next(IndexEntry& entry) {
  if (problem_ || is_checked_)
    return false;
  if (taken_ == count_) {
    is_checked_ = true;
    check_end();
    return false;
  }
  std::string_view line;
  if (!next_line(line))
    return false;
  if (!take_number(line, entry.octets, ' ') || !take_number(line, entry.inode, ' ') ||
      entry.octets > 2 * max_message_octets + 2 || line.empty())
    return fail(IndexProblem::malformed);
  entry.base = line;
  ++taken_;
  return true;
}

void IndexReader::check_end() {
  const auto whole = begin_;
  std::string_view line;
  // The checksum covers all lines before its own.
  digest_.add({buffer_.get() + hashed_, whole - hashed_});
  hashed_ = whole;
  if (!next_line(line))
    return;
  const bool is_trailer = take_word(line, trailer);
  hashed_ = begin_;
  if (is_trailer && line != digest_.text())
    problem_ = IndexProblem::checksum;
  else if (!is_trailer || begin_ != end_ || fill())
    problem_ = IndexProblem::malformed;
}

IndexWriter::IndexWriter(int maildir, const base::Secret& key, std::uint32_t count)
    : maildir_(maildir), digest_(key.reveal()) {
  unlinkat(maildir, new_index_name, 0); // a session that was killed may have left it
  fd_.reset(base::check(
      openat(maildir, new_index_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600),
      "cannot create the index"));
  buffer_.reserve(block);
  append_number(buffer_.append(header), count);
  buffer_ += '\n';
}

IndexWriter::~IndexWriter() {
  if (fd_)
    unlinkat(maildir_, new_index_name, 0);
}

bool IndexWriter::can_hold(std::string_view base) {
  return !base.empty() && base.find('\n') == std::string_view::npos;
}

void IndexWriter::add(const IndexEntry& entry) {
  if (buffer_.size() + max_index_line > block)
    flush();
  append_number(buffer_, entry.octets);
  append_number(buffer_ += ' ', entry.inode);
  (buffer_ += ' ').append(entry.base) += '\n';
}

void IndexWriter::flush() {
  digest_.add(buffer_);
  for (std::size_t done = 0; done < buffer_.size();)
    done += static_cast<std::size_t>(base::check(
        write(fd_.get(), buffer_.data() + done, buffer_.size() - done), "cannot write the index"));
  buffer_.clear();
}

void IndexWriter::finish() {
  flush();
  buffer_.append(trailer).append(digest_.text()) += '\n';
  flush();
  // Without flags the C library's renameat2 makes another system call, which the filter forbids.
  base::check(syscall(SYS_renameat2, maildir_, new_index_name, maildir_, index_name, 0),
              "cannot replace the index");
  fd_.reset();
}

} // namespace maildir

// SPDX-License-Identifier: ISC
#include "maildir/index_file.hpp"

#include "base/split.hpp"
#include "base/system_error.hpp"
#include "maildir/message_table.hpp"
#include "pop3/limits.hpp"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace maildir {

namespace {

constexpr std::string_view version = "sodapop-index 2 ";
constexpr std::string_view trailer = "checksum ";
constexpr std::size_t block = 64 * 1024;

static_assert(max_index_octets >= max_names_octets + pop3::max_messages * (max_index_line - 255));

/// The last line of an index.
std::string checksum_line(base::KeyedDigest& digest) {
  return std::string(trailer).append(digest.text()).append("\n");
}

} // namespace

IndexReader::IndexReader(int maildir, const base::Secret& key) : digest_(key.reveal()) {
  if (open(maildir))
    read_header();
}

void IndexReader::read_header() {
  std::string_view line;
  if (!next_line(line))
    return;
  const bool is_index = base::take_prefix(line, version);
  const auto count = base::parse_number<std::uint32_t>(base::take_field(line, ' '));
  const auto new_folder = base::parse_number<std::uint64_t>(base::take_field(line, ' '));
  const auto cur_folder = base::parse_number<std::uint64_t>(line);
  if (is_index && count && *count <= pop3::max_messages && new_folder && cur_folder)
    header_ = {*count, {*new_folder, *cur_folder}};
  else
    fail(IndexProblem::malformed);
}

/// The first problem counts.
bool IndexReader::fail(std::string_view problem) {
  problem_ = problem_.value_or(problem);
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
  size_ = std::clamp(static_cast<std::size_t>(facts.st_size), max_index_line, block);
  buffer_ = std::make_unique_for_overwrite<char[]>(size_);
  rest_ = {buffer_.get(), 0};
  return true;
}

/// Adds the lines that were taken to the checksum, moves the rest to the start of the buffer and
/// reads more after it. False at the end of the file.
bool IndexReader::fill() {
  digest_.add({buffer_.get(), rest_.data()});
  std::memmove(buffer_.get(), rest_.data(), rest_.size());
  const auto octets = read(fd_.get(), buffer_.get() + rest_.size(), size_ - rest_.size());
  if (octets < 0)
    return fail(IndexProblem::unreadable);
  rest_ = {buffer_.get(), rest_.size() + static_cast<std::size_t>(octets)};
  return octets > 0;
}

/// The next line without its end; false and a problem when there is none.
bool IndexReader::next_line(std::string_view& line) {
  auto end = rest_.find('\n');
  while (end == rest_.npos && rest_.size() < max_index_line && fill())
    end = rest_.find('\n');
  if (end >= max_index_line)
    return fail(IndexProblem::malformed);
  line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return true;
}

bool IndexReader::next(IndexEntry& entry) {
  if (problem_ || !fd_)
    return false;
  if (taken_ == header_.count) {
    check_end();
    return false;
  }
  std::string_view line;
  if (!next_line(line))
    return false;
  const auto octets = base::parse_number<std::uint64_t>(base::take_field(line, ' '));
  const auto inode = base::parse_number<std::uint64_t>(base::take_field(line, ' '));
  const auto fingerprint = base::parse_number<std::uint64_t>(base::take_field(line, ' '));
  if (!octets || !inode || !fingerprint || *octets > 2 * max_message_octets + 2 ||
      !IndexWriter::can_hold(line))
    return fail(IndexProblem::malformed);
  entry = {*octets, *inode, *fingerprint, line};
  ++taken_;
  return true;
}

/// Reads the rest of the file and compares it with the checksum of all lines before.
void IndexReader::check_end() {
  while (rest_.size() < max_index_line && fill())
    ;
  fd_.reset();
  const auto wanted = checksum_line(digest_);
  if (rest_.size() != wanted.size() || !rest_.starts_with(trailer))
    fail(IndexProblem::malformed);
  else if (rest_ != wanted)
    fail(IndexProblem::checksum);
}

IndexWriter::IndexWriter(int maildir, const base::Secret& key, const IndexHeader& first)
    : maildir_(maildir), digest_(key.reveal()) {
  unlinkat(maildir, new_index_name, 0); // a session that was killed may have left it
  fd_.reset(base::check(
      openat(maildir, new_index_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600),
      "cannot create the index"));
  buffer_.reserve(block);
  buffer_.append(version).append(std::to_string(first.count));
  for (const auto fingerprint : first.folders)
    buffer_.append(" ").append(std::to_string(fingerprint));
  buffer_.append("\n");
}

IndexWriter::~IndexWriter() {
  if (fd_)
    unlinkat(maildir_, new_index_name, 0);
}

bool IndexWriter::can_hold(std::string_view base) {
  return !base.empty() && base.size() <= max_indexed_base &&
         base.find('\n') == std::string_view::npos;
}

void IndexWriter::add(const IndexEntry& entry) {
  if (buffer_.size() + max_index_line > block)
    flush();
  for (const auto number : {entry.octets, entry.inode, entry.fingerprint})
    buffer_.append(std::to_string(number)).append(" ");
  buffer_.append(entry.base).append("\n");
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
  buffer_ = checksum_line(digest_);
  flush();
  // Without flags the C library's renameat2 makes another system call, which the filter forbids.
  base::check(syscall(SYS_renameat2, maildir_, new_index_name, maildir_, index_name, 0),
              "cannot replace the index");
  fd_.reset();
}

} // namespace maildir

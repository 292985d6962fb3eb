// SPDX-License-Identifier: ISC
#include "users/users_file.hpp"

#include "base/secret.hpp"
#include "base/split.hpp"
#include "base/system_error.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <unistd.h>

namespace users {

namespace {

/// Reads with pread(2), so that the offset of the descriptor is neither used nor changed.
std::size_t read_at(int fd, off_t offset, char* target, std::size_t size) {
  ssize_t got;
  do
    got = ::pread(fd, target, size, offset);
  while (got < 0 && errno == EINTR);
  return static_cast<std::size_t>(base::check(got, "read the users file"));
}

/// The part of the file that is being read. It is wiped, as other processes are forked from this
/// one, and must not have the users' hashes.
class Buffer {
 public:
  /// Has room for a file of `octets`, and no more than for 64 KiB.
  explicit Buffer(off_t octets)
      : size_(static_cast<std::size_t>(std::clamp(octets + 1, least, most))) {}
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { base::wipe(octets_.get(), used_); }

  /// Keeps `rest`, which lies in the buffer, and reads on at `offset`. Gives the number of octets
  /// that were read, and extends `rest` by them.
  std::size_t read(int fd, off_t offset, std::string_view& rest) {
    if (!rest.empty())
      std::memmove(octets_.get(), rest.data(), rest.size());
    const auto got = read_at(fd, offset, octets_.get() + rest.size(), size_ - rest.size());
    rest = {octets_.get(), rest.size() + got};
    used_ = std::max(used_, rest.size());
    return got;
  }

 private:
  static constexpr off_t least = max_line + 2, most = 65536;

  std::size_t size_;
  // Not initialised: every login pays for the pages of memory that it touches.
  std::unique_ptr<char[]> octets_ = std::make_unique_for_overwrite<char[]>(size_);
  std::size_t used_ = 0;
};

/// Calls `visit(number, line, problem)` for each line until it returns false. `problem` is the
/// reason why the line is none, whatever is in it, or null. Of a line that is longer than max_line,
/// `line` may be the end.
template <class Visit> void each_line(const base::TrustedFile& file, Visit visit) {
  Buffer buffer(file.facts.st_size);
  std::string_view rest;
  bool is_cut = false;
  std::uint64_t number = 0;
  std::size_t got = 0;
  off_t offset = 0;
  do {
    got = offset < file.facts.st_size ? buffer.read(file.fd.get(), offset, rest) : 0;
    offset += static_cast<off_t>(got);
    while (got > 0 ? rest.find('\n') != rest.npos : is_cut || !rest.empty()) {
      const auto line = base::take_field(rest, '\n');
      const auto* const problem = is_cut || line.size() > max_line ? &line_problem::too_long
                                  : got == 0                       ? &line_problem::no_line_end
                                                                   : nullptr;
      if (!visit(++number, line, problem))
        return;
      is_cut = false;
    }
    if (rest.size() > max_line) {
      is_cut = true;
      rest.remove_prefix(rest.size());
    }
  } while (got > 0);
}

void report(const OnBadLine& on_bad_line, std::uint64_t number, base::Problem problem) {
  if (on_bad_line)
    on_bad_line(number, problem);
}

/// Calls `visit` with each line that has an end and is neither a comment nor too long, until it
/// returns false.
template <class Visit>
void each_entry(const base::TrustedFile& file, const OnBadLine& on_bad_line, Visit visit) {
  each_line(file, [&](std::uint64_t number, std::string_view line, auto* problem) {
    if (problem != &line_problem::too_long && is_comment(line))
      return true;
    if (problem != nullptr)
      report(on_bad_line, number, *problem);
    return problem != nullptr || visit(number, line);
  });
}

} // namespace

base::Result<UsersFile, base::FileProblem> UsersFile::open(const std::string& path) {
  auto file = base::open_trusted(path);
  if (!file)
    return base::Refused{file.error()};
  return UsersFile(std::move(*file));
}

std::optional<User> UsersFile::find(std::string_view name, const OnBadLine& on_bad_line) const {
  std::optional<User> found;
  each_entry(file_, on_bad_line, [&](std::uint64_t number, std::string_view line) {
    const bool is_named = line.substr(0, line.find(':')) == name;
    const auto problem = is_named || on_bad_line ? problem_in(line) : std::nullopt;
    if (problem)
      report(on_bad_line, number, *problem);
    else if (is_named && !found)
      found = *parse_user(line);
    return true; // to the end: the time must not tell whether there is such a user
  });
  return found;
}

void UsersFile::for_each(const Visit& visit, const OnBadLine& on_bad_line) const {
  each_entry(file_, on_bad_line, [&](std::uint64_t number, std::string_view line) {
    auto user = parse_user(line);
    if (!user)
      report(on_bad_line, number, user.error());
    const bool goes_on = !user || visit(*user, number, line);
    if (user)
      base::wipe(user->hash.data(), user->hash.size()); // as Buffer is
    return goes_on;
  });
}

} // namespace users

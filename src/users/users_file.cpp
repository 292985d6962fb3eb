// SPDX-License-Identifier: ISC
#include "users/users_file.hpp"

#include "base/system_error.hpp"

#include <cstring>
#include <memory>
#include <unistd.h>

namespace users {

namespace {

struct Line {
  std::uint64_t number = 0;
  std::string_view text;
  bool too_long = false; ///< Then `text` is not the whole line.
};

/// Gives the lines of a file one after the other, each valid until the next call. Reads with
/// pread(2), so that the file offset of the descriptor is neither used nor changed.
class Lines {
 public:
  explicit Lines(int fd) : fd_(fd) {}

  bool next(Line& line) {
    line.too_long = false;
    for (;;) {
      const std::string_view waiting(buffer_.get() + begin_, end_ - begin_);
      if (const auto stop = waiting.find('\n'); stop != std::string_view::npos)
        return take(line, stop, 1);
      if (waiting.size() > max_line) {
        line.too_long = true;
        begin_ = end_;
      } else if (!fill()) {
        return (!waiting.empty() || line.too_long) && take(line, end_ - begin_, 0);
      }
    }
  }

 private:
  static constexpr std::size_t buffer_size = 65536;
  static_assert(buffer_size > max_line + 1);

  bool take(Line& line, std::size_t length, std::size_t end_mark) {
    line.number = ++number_;
    line.text = {buffer_.get() + begin_, length};
    line.too_long = line.too_long || length > max_line;
    begin_ += length + end_mark;
    return true;
  }

  bool fill() {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    ssize_t got;
    do
      got = ::pread(fd_, buffer_.get() + end_, buffer_size - end_, offset_);
    while (got < 0 && errno == EINTR);
    base::check(got, "read the users file");
    end_ += static_cast<std::size_t>(got);
    offset_ += got;
    return got > 0;
  }

  int fd_;
  // Not initialised: every login pays for the pages of memory that it touches.
  std::unique_ptr<char[]> buffer_ = std::make_unique_for_overwrite<char[]>(buffer_size);
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  off_t offset_ = 0;
  std::uint64_t number_ = 0;
};

void report(const OnBadLine& on_bad_line, std::uint64_t number, LineProblem problem) {
  if (on_bad_line)
    on_bad_line(number, problem);
}

/// Calls `visit` with each line that is neither a comment nor too long, until it returns false.
template <class Visit> void each_line(int fd, const OnBadLine& on_bad_line, Visit visit) {
  Lines lines(fd);
  for (Line line; lines.next(line);) {
    if (line.too_long)
      report(on_bad_line, line.number, LineProblem::too_long);
    else if (!is_comment(line.text) && !visit(line))
      return;
  }
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
  each_line(file_.fd.get(), on_bad_line, [&](const Line& line) {
    const bool named = line.text.substr(0, line.text.find(':')) == name;
    if (!named) {
      if (const auto problem = on_bad_line ? problem_in(line.text) : std::nullopt)
        on_bad_line(line.number, *problem);
      return true;
    }
    auto user = parse_user(line.text);
    if (!user) {
      report(on_bad_line, line.number, user.error());
      return true;
    }
    found = std::move(*user);
    return false;
  });
  return found;
}

void UsersFile::for_each(const std::function<bool(const User&)>& visit,
                         const OnBadLine& on_bad_line) const {
  for_each_line([&](const User& user, std::uint64_t, std::string_view) { return visit(user); },
                on_bad_line);
}

void UsersFile::for_each_line(const VisitLine& visit, const OnBadLine& on_bad_line) const {
  each_line(file_.fd.get(), on_bad_line, [&](const Line& line) {
    const auto user = parse_user(line.text);
    if (!user)
      report(on_bad_line, line.number, user.error());
    return !user || visit(*user, line.number, line.text);
  });
}

} // namespace users

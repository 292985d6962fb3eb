// SPDX-License-Identifier: ISC
#include "admin/users_editor.hpp"

#include "admin/failure.hpp"
#include "base/system_error.hpp"

#include <boost/filesystem/path.hpp>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>

namespace admin {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds pause_between_tries{20};

base::UniqueFd open_file(const std::string& path, UsersEditor::WhenMissing when_missing) {
  const int create = when_missing == UsersEditor::WhenMissing::create ? O_CREAT : 0;
  base::UniqueFd fd(
      ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | create, 0600));
  if (!fd)
    base::throw_errno(path);
  return fd;
}

std::string read_all(int fd) {
  std::string text;
  char buffer[65536];
  for (ssize_t got; (got = ::read(fd, buffer, sizeof buffer)) != 0;)
    text.append(buffer, static_cast<std::size_t>(base::check(got, "read the users file")));
  return text;
}

void write_all(int fd, std::string_view text) {
  while (!text.empty())
    text.remove_prefix(
        static_cast<std::size_t>(base::check(::write(fd, text.data(), text.size()), "write")));
}

bool has_name(std::string_view line, std::string_view name) {
  const auto colon = line.find(':');
  return colon != std::string_view::npos && line.substr(0, colon) == name &&
         !credentials::is_comment(line);
}

/// Calls `visit(offset, line)`, the line without its end, until it returns false.
template <class Visit> void each_line(std::string_view text, Visit visit) {
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    if (!visit(begin, text.substr(begin, end - begin)))
      return;
    begin = end + 1;
  }
}

/// A new file beside the one it is going to replace, removed again unless that happens.
class Replacement {
 public:
  explicit Replacement(const std::string& target) : target_(target), name_(target + ".XXXXXX") {
    fd_.reset(::mkostemp(name_.data(), O_CLOEXEC));
    if (!fd_)
      base::throw_errno("make a file beside " + target);
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  ~Replacement() {
    if (!is_done_)
      ::unlink(name_.c_str());
  }

  void fill(std::string_view text, const struct stat& like) {
    write_all(fd_.get(), text);
    base::check(::fchown(fd_.get(), like.st_uid, like.st_gid), "keep the users file's owner");
    base::check(::fchmod(fd_.get(), like.st_mode & 07777), "keep the users file's mode");
    base::check(::fsync(fd_.get()), "fsync");
  }

  void take_place() {
    base::check(::rename(name_.c_str(), target_.c_str()), "rename over the users file");
    is_done_ = true;
  }

 private:
  std::string target_;
  std::string name_;
  base::UniqueFd fd_;
  bool is_done_ = false;
};

void sync_directory_of(const std::string& path) {
  const auto parent = boost::filesystem::path(path).parent_path();
  const std::string name = parent.empty() ? "." : parent.string();
  base::UniqueFd fd(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd)
    base::throw_errno(name);
  base::check(::fsync(fd.get()), "fsync the users file's directory");
}

bool is_still_named(int fd, const std::string& path) {
  struct stat ours;
  struct stat named;
  base::check(::fstat(fd, &ours), "fstat the users file");
  return ::lstat(path.c_str(), &named) == 0 && ours.st_dev == named.st_dev &&
         ours.st_ino == named.st_ino;
}

base::UniqueFd open_locked(const std::string& path, UsersEditor::WhenMissing when_missing,
                           std::chrono::milliseconds wait) {
  const auto deadline = Clock::now() + wait;
  for (;;) {
    auto fd = open_file(path, when_missing);
    const bool is_locked = ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0;
    if (!is_locked && errno != EWOULDBLOCK && errno != EINTR)
      base::throw_errno("lock " + path);
    if (is_locked && is_still_named(fd.get(), path))
      return fd;
    if (Clock::now() >= deadline)
      throw Failure(path + " is being changed by somebody else");
    if (!is_locked)
      std::this_thread::sleep_for(pause_between_tries);
  }
}

credentials::UsersFile adopt(base::UniqueFd fd, const std::string& path) {
  auto file = credentials::UsersFile::adopt(std::move(fd));
  if (!file)
    throw Failure(path + " " + std::string(sentence(file.error())));
  return std::move(*file);
}

} // namespace

UsersEditor::UsersEditor(std::string path, WhenMissing when_missing, std::chrono::milliseconds wait)
    : path_(std::move(path)), file_(adopt(open_locked(path_, when_missing, wait), path_)),
      text_(read_all(file_.fd())) {}

bool UsersEditor::contains(std::string_view name) const {
  bool found = false;
  each_line(text_,
            [&](std::size_t, std::string_view line) { return !(found = has_name(line, name)); });
  return found;
}

void UsersEditor::append(std::string_view line) {
  if (!text_.empty() && !text_.ends_with('\n'))
    text_ += '\n';
  text_.append(line).push_back('\n');
}

bool UsersEditor::replace_hash(std::string_view name, std::string_view hash) {
  std::size_t begin = 0;
  std::size_t length = 0;
  bool found = false;
  each_line(text_, [&](std::size_t offset, std::string_view line) {
    if (!has_name(line, name) || credentials::problem_in(line))
      return true;
    begin = offset + name.size() + 1;
    length = std::min(line.find(':', name.size() + 1), line.size()) - name.size() - 1;
    found = true;
    return false;
  });
  if (found)
    text_.replace(begin, length, hash);
  return found;
}

std::size_t UsersEditor::remove(std::string_view name) {
  std::string kept;
  std::size_t removed = 0;
  each_line(text_, [&](std::size_t offset, std::string_view line) {
    if (has_name(line, name))
      ++removed;
    else
      kept.append(text_, offset, line.size() + 1);
    return true;
  });
  text_ = std::move(kept);
  return removed;
}

void UsersEditor::commit() {
  Replacement replacement(path_);
  replacement.fill(text_, file_.facts());
  replacement.take_place();
  sync_directory_of(path_);
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "users/users_editor.hpp"

#include "base/file_replacement.hpp"
#include "base/system_error.hpp"
#include "users/line_edit.hpp"

#include <algorithm>
#include <ctime>
#include <fcntl.h>
#include <sys/file.h>

namespace users {

namespace {

using Clock = std::chrono::steady_clock;

constexpr timespec pause_between_tries{0, 20'000'000};

base::UniqueFd open_file(const std::string& path, UsersEditor::WhenMissing when_missing) {
  const int create = when_missing == UsersEditor::WhenMissing::create ? O_CREAT : 0;
  base::UniqueFd fd(
      ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | create, 0600));
  if (!fd)
    base::throw_errno(path);
  return fd;
}

std::string read_all(const base::TrustedFile& file) {
  std::string text;
  text.reserve(static_cast<std::size_t>(file.facts.st_size));
  char buffer[65536];
  for (ssize_t got; (got = ::read(file.fd.get(), buffer, sizeof buffer)) != 0;)
    text.append(buffer, static_cast<std::size_t>(base::check(got, "read the users file")));
  return text;
}

/// The first field, empty where there is none.
std::string_view name_in(std::string_view line) {
  const auto colon = line.find(':');
  return colon == line.npos || is_comment(line) ? "" : line.substr(0, colon);
}

/// Calls `visit(offset, line)` for each line, given without its end, until it returns false.
template <class Visit> void each_line(std::string_view text, Visit visit) {
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    if (!visit(begin, text.substr(begin, end - begin)))
      return;
    begin = end + 1;
  }
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
      throw EditRefused(path + " is being changed by another process");
    if (!is_locked)
      ::nanosleep(&pause_between_tries, nullptr);
  }
}

base::TrustedFile trust(base::UniqueFd fd, const std::string& path) {
  auto file = base::trust(std::move(fd));
  if (!file)
    throw EditRefused(path + " " + std::string(description(file.error())));
  return std::move(*file);
}

/// Throws EditRefused unless `text` is not empty and has none of `ends`, so that it is one field or
/// one word.
void require_one(std::string_view text, std::string_view what, std::string_view ends) {
  if (text.empty() || text.find_first_of(ends) != text.npos)
    throw EditRefused("the users file cannot hold this as one " + std::string(what));
}

} // namespace

UsersEditor::UsersEditor(std::string path, WhenMissing when_missing, std::chrono::milliseconds wait)
    : path_(std::move(path)), file_(trust(open_locked(path_, when_missing, wait), path_)),
      text_(read_all(file_)) {}

bool UsersEditor::contains(std::string_view name) const {
  bool found = false;
  each_line(text_, [&](std::size_t, std::string_view line) {
    return !(found = !name.empty() && name_in(line) == name);
  });
  return found;
}

void UsersEditor::append(std::string_view line) {
  if (!text_.empty() && !text_.ends_with('\n'))
    text_ += '\n';
  text_.append(line).push_back('\n');
}

std::size_t UsersEditor::remove(std::string_view name) {
  std::size_t removed = 0;
  rewrite([&](std::string_view named, std::string_view) {
    const bool is_meant = named == name;
    removed += is_meant ? 1 : 0;
    return is_meant ? std::optional(std::string()) : std::nullopt;
  });
  return removed;
}

bool UsersEditor::replace_hash(std::string_view name, std::string_view hash) {
  require_one(hash, "field", ":\n");
  return change(name, [&](std::string_view line) { return with_hash(line, hash); });
}

bool UsersEditor::replace_hash_if(std::string_view name, std::string_view old_hash,
                                  std::string_view new_hash) {
  require_one(new_hash, "field", ":\n");
  return change(name, [&](std::string_view line) {
    const auto behind = line.substr(name.size() + 1);
    const bool is_old = behind.substr(0, behind.find(':')) == old_hash;
    return is_old ? std::optional(with_hash(line, new_hash)) : std::nullopt;
  });
}

bool UsersEditor::set_extra(std::string_view name, std::string_view key,
                            const std::optional<std::string>& value) {
  require_one(key, "word", "= \t\n");
  if (value && !value->empty())
    require_one(*value, "word", " \t\n");
  return change(name, [&](std::string_view line) { return with_extra_set(line, key, value); });
}

bool UsersEditor::add_extra(std::string_view name, std::string_view word) {
  require_one(word, "word", " \t\n");
  return change(name, [&](std::string_view line) { return with_extra(line, word); });
}

bool UsersEditor::remove_extra(std::string_view name,
                               const std::function<bool(std::string_view word)>& is_unwanted) {
  return change(name, [&](std::string_view line) {
    auto without = without_extra(line, is_unwanted);
    return without != line ? std::optional(std::move(without)) : std::nullopt;
  });
}

bool UsersEditor::change(
    std::string_view name,
    const std::function<std::optional<std::string>(std::string_view line)>& become) {
  std::size_t begin = 0;
  std::string_view old;
  each_line(text_, [&](std::size_t offset, std::string_view line) {
    const bool is_meant = !name.empty() && name_in(line) == name && !problem_in(line);
    if (is_meant)
      begin = offset, old = line;
    return !is_meant;
  });
  const auto changed = old.empty() ? std::nullopt : become(old);
  if (!changed)
    return false;
  if (const auto problem = problem_in(*changed))
    throw EditRefused("the users file cannot hold this: " + std::string(description(*problem)));
  text_.replace(begin, old.size(), *changed);
  return true;
}

void UsersEditor::rewrite(const Rewrite& become) {
  std::string kept;
  each_line(text_, [&](std::size_t offset, std::string_view line) {
    const auto name = name_in(line);
    const auto other = name.empty() ? std::nullopt : become(name, line);
    if (!other)
      kept.append(text_, offset, line.size() + 1);
    else if (!other->empty())
      kept.append(*other).append(text_, offset + line.size(), 1);
    return true;
  });
  text_ = std::move(kept);
}

void UsersEditor::commit() {
  base::FileReplacement replacement(path_);
  replacement.append(text_);
  replacement.copy_attributes(file_.facts);
  replacement.commit();
}

} // namespace users

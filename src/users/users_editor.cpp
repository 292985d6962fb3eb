// SPDX-License-Identifier: ISC
#include "users/users_editor.hpp"

#include "base/file_identity.hpp"
#include "base/file_replacement.hpp"
#include "base/split.hpp"
#include "base/system_error.hpp"
#include "base/text_file.hpp"
#include "users/line_edit.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <thread>

namespace users {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds pause_between_tries{20};

base::TrustedFile open_trusted(const std::string& path, UsersEditor::WhenMissing when_missing) {
  const int create = when_missing == UsersEditor::WhenMissing::create ? O_CREAT : 0;
  base::UniqueFd fd(base::check(
      ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | create, 0600), path));
  auto file = base::trust(std::move(fd));
  if (!file)
    throw EditRefused(path + " " + std::string(description(file.error())));
  return std::move(*file);
}

/// The first field, empty where there is none.
std::string_view name_in(std::string_view line) {
  const auto colon = line.find(':');
  return colon == line.npos || is_comment(line) ? "" : line.substr(0, colon);
}

/// Calls `visit(line, end)` for each line without its end, and that end.
template <class Visit> void each_line(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    const auto end = text.substr(line.size(), 1);
    visit(line, end);
    text.remove_prefix(line.size() + end.size());
  }
}

base::TrustedFile open_locked(const std::string& path, UsersEditor::WhenMissing when_missing,
                              std::chrono::milliseconds wait) {
  const auto deadline = Clock::now() + wait;
  for (;;) {
    auto file = open_trusted(path, when_missing);
    const bool is_locked = ::flock(file.fd.get(), LOCK_EX | LOCK_NB) == 0;
    if (!is_locked && errno != EWOULDBLOCK && errno != EINTR)
      base::throw_errno("lock " + path);
    if (is_locked && base::is_named(file.fd.get(), path))
      return file;
    if (Clock::now() >= deadline)
      throw EditRefused(path + " is being changed by another process");
    if (!is_locked)
      std::this_thread::sleep_for(pause_between_tries);
  }
}

/// Throws EditRefused unless `text` is not empty and has none of `ends`, so that it is one field or
/// one word.
void require_one(std::string_view text, std::string_view what, std::string_view ends) {
  if (text.empty() || text.find_first_of(ends) != text.npos)
    throw EditRefused("the users file cannot hold this as one " + std::string(what));
}

} // namespace

UsersEditor::UsersEditor(std::string path, WhenMissing when_missing, std::chrono::milliseconds wait)
    : path_(std::move(path)), file_(open_locked(path_, when_missing, wait)),
      text_(base::read_text(file_.fd.get(), "read the users file")) {}

bool UsersEditor::contains(std::string_view name) const {
  bool found = false;
  each_line(text_, [&](std::string_view line, std::string_view) {
    found = found || (!name.empty() && name_in(line) == name);
  });
  return found;
}

void UsersEditor::append(std::string_view line) {
  text_.insert(text_.rfind('\n') + 1, std::string(line) + '\n');
}

std::size_t UsersEditor::remove(std::string_view name) {
  std::size_t removed = 0;
  rewrite([&](std::string_view named, auto, auto) -> std::optional<std::string> {
    if (named != name)
      return {};
    ++removed;
    return "";
  });
  return removed;
}

bool UsersEditor::replace_hash(std::string_view name, std::string_view hash,
                               std::optional<std::string_view> old_hash) {
  require_one(hash, "field", ":\n");
  return change(name, [&](std::string_view line) {
    auto behind = line.substr(name.size() + 1);
    const bool is_meant = !old_hash || base::take_field(behind, ':') == *old_hash;
    return is_meant ? std::optional(with_hash(line, hash)) : std::nullopt;
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
  std::string_view old;
  each_line(text_, [&](std::string_view line, std::string_view end) {
    if (old.empty() && !end.empty() && !name.empty() && name_in(line) == name && !problem_in(line))
      old = line;
  });
  const auto changed = old.empty() ? std::nullopt : become(old);
  if (!changed)
    return false;
  if (const auto problem = problem_in(*changed))
    throw EditRefused("the users file cannot hold this: " + std::string(description(*problem)));
  text_.replace(static_cast<std::size_t>(old.data() - text_.data()), old.size(), *changed);
  return true;
}

void UsersEditor::rewrite(const Rewrite& become) {
  std::string kept;
  each_line(text_, [&](std::string_view line, std::string_view end) {
    const auto name = name_in(line);
    const auto other = name.empty() ? std::nullopt : become(name, line, !end.empty());
    if (!other)
      kept.append(line).append(end);
    else if (!other->empty())
      kept.append(*other).append("\n");
  });
  text_ = std::move(kept);
}

void UsersEditor::commit() {
  base::FileReplacement replacement(path_);
  replacement.append(text_);
  replacement.copy_attributes(file_.fd.get());
  replacement.commit();
}

} // namespace users

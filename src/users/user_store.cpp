// SPDX-License-Identifier: ISC
#include "users/user_store.hpp"

#include "passwords/password_hash.hpp"

#include <algorithm>
#include <cerrno>
#include <tuple>

namespace users {

namespace {

base::Refused<StoreProblem> refused_compiled(std::string_view sentence) {
  return {{"compiled-users-refused", sentence, true}};
}

} // namespace

base::Result<UserStore, StoreProblem> UserStore::open(const std::string& path) {
  auto text = UsersFile::open(path);
  if (!text)
    return base::Refused{StoreProblem{"users-file-refused", description(text.error())}};
  UserStore store(std::move(*text));
  const auto beside = path + std::string(compiled_suffix);
  struct stat unused;
  if (::lstat(beside.c_str(), &unused) != 0 && errno == ENOENT)
    return store;
  auto file = base::open_trusted(beside);
  if (!file)
    return refused_compiled(description(file.error()));
  auto compiled = CompiledUsers::open(std::move(*file), store.text_.file().facts);
  if (compiled)
    store.compiled_ = std::move(*compiled);
  else if (compiled.error() == compiled_problem::outdated)
    store.is_outdated_ = true;
  else
    return refused_compiled(description(compiled.error()));
  return store;
}

bool UserStore::is_current(const std::string& path) const {
  const auto identity = [](const struct stat& facts) {
    return std::tuple(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtim.tv_sec,
                      facts.st_mtim.tv_nsec, facts.st_ctim.tv_sec, facts.st_ctim.tv_nsec);
  };
  struct stat now;
  return ::lstat(path.c_str(), &now) == 0 && identity(now) == identity(text_.file().facts);
}

/// Calls `visit` for each user of the text, and stores the first with that name in `found`.
template <class Visit>
void UserStore::each_user(std::string_view name, const OnBadLine& on_bad_line,
                          std::optional<User>& found, const Visit& visit) const {
  text_.for_each(
      [&](const User& user, auto, auto) {
        visit(user);
        if (!found && user.name == name)
          found = user;
        return true;
      },
      on_bad_line);
}

std::optional<User> UserStore::find(std::string_view name, const OnBadLine& on_bad_line) const {
  return compiled_ ? compiled_->find(name) : text_.find(name, on_bad_line);
}

WithDecoy UserStore::find_with_decoy(std::string_view name,
                                     const std::function<bool(std::string_view hash)>& is_usable,
                                     const OnBadLine& on_bad_line) const {
  if (compiled_) {
    const auto& decoys = compiled_->header().decoys;
    const auto found = std::ranges::find_if(decoys, is_usable);
    return {compiled_->find(name), found != decoys.end() ? std::optional(*found) : std::nullopt};
  }
  WithDecoy found;
  each_user(name, on_bad_line, found.user, [&](const User& user) {
    if (!found.decoy && is_usable(user.hash))
      found.decoy = passwords::decoy_like(user.hash);
  });
  return found;
}

WithScram UserStore::find_with_scram(std::string_view name, const OnBadLine& on_bad_line) const {
  if (compiled_)
    return {compiled_->find(name), compiled_->header().scram};
  ScramTally tally;
  WithScram found;
  each_user(name, on_bad_line, found.user, [&](const User& user) { tally.count(user); });
  found.most_common = tally.most_common();
  return found;
}

bool UserStore::readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups) const {
  return text_.file().readable_by(uid, gid, groups) ||
         (compiled_ && compiled_->file().readable_by(uid, gid, groups));
}

} // namespace users

// SPDX-License-Identifier: ISC
#include "users/user_store.hpp"

#include "passwords/password_hash.hpp"
#include "users/scram_entry.hpp"

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

std::optional<User> UserStore::find(std::string_view name, const OnBadLine& on_bad_line) const {
  return compiled_ ? compiled_->find(name) : text_.find(name, on_bad_line);
}

std::optional<std::string>
UserStore::decoy(const std::function<bool(std::string_view hash)>& is_usable) const {
  if (compiled_) {
    const auto& decoys = compiled_->header().decoys;
    const auto found = std::ranges::find_if(decoys, is_usable);
    return found != decoys.end() ? std::optional(*found) : std::nullopt;
  }
  std::optional<std::string> found;
  const auto visit = [&](const User& user, auto, auto) {
    if (is_usable(user.hash))
      found = passwords::decoy_like(user.hash);
    return !found;
  };
  text_.for_each(visit, {});
  return found;
}

std::uint32_t UserStore::scram_iterations() const {
  if (compiled_)
    return compiled_->header().scram_iterations;
  std::uint32_t iterations = 0;
  const auto visit = [&](const User& user, auto, auto) {
    iterations = scram_iterations_of(user);
    return iterations == 0;
  };
  text_.for_each(visit, {});
  return iterations;
}

bool UserStore::readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups) const {
  return text_.file().readable_by(uid, gid, groups) ||
         (compiled_ && compiled_->file().readable_by(uid, gid, groups));
}

} // namespace users

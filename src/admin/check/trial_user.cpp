// SPDX-License-Identifier: ISC
#include "admin/check/trial_user.hpp"

#include "admin/user_access.hpp"
#include "base/hex.hpp"
#include "base/system_error.hpp"
#include "passwords/argon2.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <set>
#include <sys/random.h>
#include <unistd.h>
#include <utility>

namespace admin {

namespace {

constexpr std::uint64_t most_lines = 10'000;

/// 128 random bits.
std::string new_password() {
  std::array<std::uint8_t, 16> octets{};
  if (::getrandom(octets.data(), octets.size(), 0) != static_cast<ssize_t>(octets.size()))
    base::throw_errno("getrandom");
  return base::hex(octets);
}

/// The line of that user with another password and without rights.
std::string line_of(const users::User& user, const std::string& password) {
  return user.name + ":" + passwords::make(base::Secret(password), passwords::least_cost) + ":" +
         id_text(user.uid) + ":" + id_text(user.gid) + "::" + user.home +
         "::" + (user.mail.empty() ? "" : "userdb_mail=maildir:" + user.mail) + "\n";
}

std::string new_directory(const config::Settings& settings) {
  for (const auto& parent : {settings.runtime_directory, std::string("/tmp")})
    if (auto path = parent + "/check-XXXXXX"; ::mkdtemp(path.data()) != nullptr)
      return path;
  base::throw_errno("a directory for a session that is tried");
}

} // namespace

std::vector<users::User> users_for_trial(const config::Settings& settings, std::size_t most) {
  std::vector<users::User> chosen;
  std::set<std::optional<uid_t>> uids;
  const auto visit = [&](const users::User& user, std::uint64_t number, std::string_view) {
    if (!users::is_disabled(user.hash) && user.pop3 && uids.insert(user.uid).second)
      chosen.push_back(user);
    return chosen.size() < most && number < most_lines;
  };
  open_users(settings).for_each(visit, {});
  return chosen;
}

TrialUser::TrialUser(users::User user, const config::Settings& settings)
    : user_(std::move(user)), password_(new_password()), directory_(new_directory(settings)) {
  const auto text = line_of(user_, password_);
  const base::UniqueFd file(::open((directory_ + "/users").c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    base::throw_errno(directory_ + "/users");
}

TrialUser::~TrialUser() {
  ::unlink((directory_ + "/users").c_str());
  ::rmdir(directory_.c_str());
}

base::Identity TrialUser::identity() const {
  if (::geteuid() == 0 && user_.uid && user_.gid)
    return {*user_.uid, *user_.gid};
  return {::geteuid(), ::getegid()};
}

std::vector<std::string> TrialUser::options() const {
  return {"--users",          directory_ + "/users", "--proxy=off",
          "--tls=none",       "--log=stderr",        "--mark-seen=no",
          "--auth-cache=off", "--lock-wait=0",       "--take-over=off"};
}

} // namespace admin

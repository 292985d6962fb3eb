// SPDX-License-Identifier: ISC
#include "privsep/verifier.hpp"

#include "base/system_error.hpp"
#include "credentials/authenticate.hpp"
#include "credentials/hash_slots.hpp"
#include "maildir/location.hpp"
#include "privsep/answering_child.hpp"
#include "privsep/recent_logins.hpp"
#include "privsep/sandbox.hpp"

#include <signal.h>
#include <sys/prctl.h>

namespace privsep {

namespace {

using Clock = std::chrono::steady_clock;
using Kind = Verdict::Kind;

/// Malformed lines of the users file that one attempt may log: a stranger can make many.
constexpr unsigned max_logged_lines = 20;

Verdict verdict(Kind kind) {
  Verdict verdict;
  verdict.kind = kind;
  return verdict;
}

/// One question, in the child.
class Verifier {
 public:
  Verifier(const VerifierPlace& place, std::string name)
      : place_(place), settings_(place.settings), name_(std::move(name)),
        slots_(settings_.runtime_directory + "/hash-slots", settings_.hash_slots),
        policy_{
            {std::uint64_t{settings_.hash_memory_limit} << 20, settings_.hash_operations_limit}},
        recent_(settings_, place_.log) {}

  Verdict answer(const credentials::UsersFile& users, const base::Secret& password,
                 Clock::time_point deadline);

 private:
  Verdict refuse(std::string_view reason) {
    place_.log.write(base::Event("login-failed", base::Level::warning)
                         .with("reason", reason)
                         .with("user", name_));
    return verdict(Kind::refused);
  }
  Verdict unavailable(Kind kind, std::string_view reason, std::string_view problem = "") {
    base::Event event("unavailable", base::Level::error);
    event.with("reason", reason);
    if (!problem.empty())
      event.saying("problem", problem);
    place_.log.write(event.with("user", name_));
    return verdict(kind);
  }
  Verdict admit(const credentials::UsersFile& users, const credentials::User& user);
  credentials::OnBadLine log_bad_lines();
  std::optional<credentials::User> recall(const credentials::UsersFile& users,
                                          const base::Secret& password);

  const VerifierPlace& place_;
  const base::Settings& settings_;
  std::string name_;
  Identity started_as_{geteuid(), getegid()}; // asked before the cage closes
  credentials::HashSlots slots_;
  credentials::CostPolicy policy_;
  RecentLogins recent_;
  unsigned bad_lines_ = 0;
};

Verdict Verifier::answer(const credentials::UsersFile& users, const base::Secret& password,
                         Clock::time_point deadline) {
  if (const auto user = recall(users, password))
    return admit(users, *user);
  const auto slot = slots_.acquire(deadline);
  if (!slot)
    return unavailable(Kind::temporary, "no-hash-slot");
  const auto user = credentials::authenticate(users, name_, password, policy_, log_bad_lines());
  if (!user)
    return refuse(credentials::word(user.error()));
  const auto verdict = admit(users, *user);
  if (verdict.kind == Kind::granted)
    recent_.remember(name_, password, user->hash);
  return verdict;
}

/// The user whom the cache vouches for. All that is asked after a hash is asked of them as well.
std::optional<credentials::User> Verifier::recall(const credentials::UsersFile& users,
                                                  const base::Secret& password) {
  if (!recent_.may_know(name_, password))
    return {};
  auto user = users.find(name_, {});
  const bool is_known = user && !credentials::obstacle(user->hash, policy_.ceiling) &&
                        recent_.knows(name_, password, user->hash);
  return is_known ? std::move(user) : std::nullopt;
}

credentials::OnBadLine Verifier::log_bad_lines() {
  return [this](std::uint64_t number, credentials::LineProblem problem) {
    if (++bad_lines_ > max_logged_lines)
      return;
    place_.log.write(base::Event("users-file", base::Level::warning)
                         .with("line", number)
                         .saying("problem", credentials::sentence(problem)));
  };
}

/// What is not honoured yet must not let anybody in.
bool is_restricted(const credentials::User& user) {
  return user.nologin || !user.pop3 || user.app_passwords_only || user.rights.read_only ||
         user.rights.networks || user.rights.expires;
}

Verdict Verifier::admit(const credentials::UsersFile& users, const credentials::User& user) {
  if (is_restricted(user))
    return refuse("restricted");
  const bool as_root = place_.account.has_value();
  if (as_root && (!user.uid || !user.gid))
    return unavailable(Kind::permanent, "user-without-uid-or-gid");
  Verdict granted = verdict(Kind::granted);
  granted.uid = user.uid.value_or(started_as_.uid);
  granted.gid = user.gid.value_or(started_as_.gid);
  if (as_root && users.readable_by(granted.uid, granted.gid))
    return unavailable(Kind::permanent, "users-file-readable-by-user");
  const auto path = maildir::locate(settings_.maildir, user.name, user.home, user.mail);
  if (!path)
    return unavailable(Kind::permanent, "no-maildir-path", maildir::sentence(path.error()));
  if (path->size() >= granted.maildir.size())
    return unavailable(Kind::permanent, "maildir-path-too-long");
  std::copy(path->begin(), path->end(), granted.maildir.begin());
  granted.index_key = credentials::index_key(user.hash);
  if (!is_acceptable(granted, settings_, as_root ? 0 : started_as_.uid))
    return unavailable(Kind::permanent, "uid-not-served");
  return granted;
}

void enter_cage(const VerifierPlace& place) {
  if (place.account) {
    enter_empty_root(place.chroot);
    become(*place.account);
  }
  // After become(), which clears it.
  base::check(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl");
  confine(Role::verifier, -1, place.settings.sandbox);
}

/// The child's life up to its verdict.
Verdict answer_in_child(const LoginRequest& request, const VerifierPlace& place,
                        Clock::time_point deadline) {
  const auto log_failure = [&](std::string_view reason, std::string_view what) {
    place.log.write(base::Event("unavailable", base::Level::error)
                        .with("reason", reason)
                        .saying("problem", what));
  };
  try {
    Verifier verifier(place, std::string(request.name.data(), request.name_length));
    const base::Secret password({request.password.data(), request.password_length});
    const auto users = credentials::UsersFile::open(place.settings.users);
    if (!users) {
      log_failure("users-file-refused", credentials::sentence(users.error()));
      return verdict(Kind::permanent);
    }
    enter_cage(place);
    return verifier.answer(*users, password, deadline);
  } catch (const std::exception& error) {
    log_failure("verifier-failed", error.what());
    return verdict(Kind::temporary);
  }
}

} // namespace

Verdict verify(const LoginRequest& request, const VerifierPlace& place, Channel& channel,
               Clock::time_point deadline) {
  return ask_child([&](int) { return answer_in_child(request, place, deadline); }, place.log,
                   channel, deadline);
}

bool is_acceptable(const Verdict& verdict, const base::Settings& settings, uid_t own) {
  if (verdict.maildir.front() != '/' || verdict.maildir.back() != '\0')
    return false;
  if (own != 0)
    return verdict.uid == own;
  return verdict.uid != 0 && verdict.gid != 0 && verdict.uid >= settings.minimum_uid;
}

} // namespace privsep

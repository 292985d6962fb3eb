// SPDX-License-Identifier: ISC
// app_password: prints as JSON the processor time of a password check in microseconds: an app
// password of a user who has one, an app password of a user who has max_app_passwords, and Argon2id
// at the default cost.
#include "users/app_password.hpp"
#include "passwords/password_hash.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

using base::Secret;
using users::User;

double cpu_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
}

/// The microseconds of one call of `check`. Aborts when `check` gives false.
template <class Check> double cost(int times, const Check& check) {
  const double begin = cpu_microseconds();
  for (int i = 0; i < times; ++i)
    if (!check())
      std::abort();
  return (cpu_microseconds() - begin) / times;
}

double cost_of_app_password(std::size_t count) {
  User user;
  const auto password = users::generate_app_password();
  for (std::size_t i = 1; i < count; ++i)
    user.app_passwords.push_back(
        users::make_app_password(std::to_string(i), users::generate_app_password(), {}));
  user.app_passwords.push_back(users::make_app_password("own", password, {}));
  return cost(10'000, [&] { return users::find_app_password(user, password) != nullptr; });
}

} // namespace

int main() {
  const Secret password("correct horse battery staple");
  const auto hash = passwords::make(password, passwords::owasp_cost);
  const double argon2 = cost(10, [&] { return passwords::verify(hash, password); });
  std::printf("{\"one\": %.3f, \"sixteen\": %.3f, \"argon2id\": %.3f}\n", cost_of_app_password(1),
              cost_of_app_password(users::max_app_passwords), argon2);
}

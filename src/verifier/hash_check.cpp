// SPDX-License-Identifier: ISC
#include "verifier/hash_check.hpp"

#include "passwords/password_hash.hpp"
#include "verifier/verifier_process.hpp"

#include <exception>

namespace verifier {

namespace {

/// The right password must not be refused because its new hash takes more memory than there is.
void make_new_hash(const base::Secret& password, HashAnswer& answer) {
  try {
    put(answer.new_hash, passwords::make(password, passwords::owasp_cost));
  } catch (const std::exception&) {
    answer.new_hash.fill('\0');
  }
}

} // namespace

std::optional<HashAnswer> check_hash(std::string_view stored, const base::Secret& password,
                                     bool wants_new_hash, const VerifierContext& context,
                                     ipc::Channel& channel,
                                     std::chrono::steady_clock::time_point deadline) {
  const auto task = [&, monitor = getpid()](int answer_fd) {
    confine(context, answer_fd, monitor);
    const bool fits = passwords::verify(stored, password);
    HashAnswer answer{.fits = static_cast<std::uint8_t>(fits ? 1 : 0)};
    if (answer.fits != 0 && wants_new_hash)
      make_new_hash(password, answer);
    return answer;
  };
  return ask_verifier<HashAnswer>(task, context.log, channel, deadline + time_to_end);
}

} // namespace verifier

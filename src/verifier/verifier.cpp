// SPDX-License-Identifier: ISC
#include "verifier/verifier.hpp"

#include "sandbox/sandbox.hpp"

namespace verifier {

void confine(const VerifierContext& context, int answer_fd, pid_t monitor) {
  sandbox::enter_account(context.account, context.settings.front_root(), monitor);
  context.log = base::Log(); // the number of lost lines is a mapping, not a descriptor
  sandbox::close_all_but(answer_fd);
  const auto hash_octets = rlim_t{context.settings.hash_memory_limit} << 20;
  sandbox::confine(sandbox::Role::verifier, -1, context.settings.sandbox,
                   {.hash_octets = hash_octets});
}

} // namespace verifier

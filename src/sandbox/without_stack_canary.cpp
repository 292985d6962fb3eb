// SPDX-License-Identifier: ISC
// For processors whose canary cannot be renewed: on aarch64, for example, it is a variable that the
// C library makes read-only at the start.
#include "sandbox/stack_canary.hpp"

namespace sandbox {

void renew_stack_canary() {}

} // namespace sandbox

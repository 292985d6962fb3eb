// SPDX-License-Identifier: ISC
// Takes the place of checkpassword/ in a build without it.
#include "verifier/checkpassword/checkpassword.hpp"

#include <stdexcept>

namespace verifier {

/// Never called, as the setting checkpassword cannot be set.
Verdict check_by_program(const ipc::LoginRequest&, const Verification&) {
  throw std::logic_error("sodapop was built without checkpassword");
}

} // namespace verifier

// SPDX-License-Identifier: ISC
// Takes the place of token_check.cpp and token_login.cpp in a build without tokens.
#include "verifier/verification.hpp"

#include <stdexcept>

namespace verifier {

/// Never called, as oauth-keys cannot be set.
Verdict check_token(const ipc::LoginRequest&, const Verification&) {
  throw std::logic_error("sodapop was built without tokens");
}

} // namespace verifier

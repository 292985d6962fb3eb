// SPDX-License-Identifier: ISC
// Takes the place of token_login.cpp, the only place that has a verifier check a token, in a build
// without tokens.
#include "login/login_check.hpp"

#include <stdexcept>

namespace login {

/// Never called, as oauth-keys cannot be set.
verifier::Verdict check_token(const ipc::LoginRequest&, const Verification&) {
  throw std::logic_error("sodapop was built without tokens");
}

} // namespace login

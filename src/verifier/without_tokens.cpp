// SPDX-License-Identifier: ISC
// Takes the place of token_check.cpp in a build without tokens.
#include "verifier/token_check.hpp"

#include <stdexcept>

namespace verifier {

/// Never called, as oauth-keys cannot be set.
std::unique_ptr<Verification> make_token_check(const ipc::TokenRequest&, const VerifierContext&) {
  throw std::logic_error("sodapop was built without tokens");
}

} // namespace verifier

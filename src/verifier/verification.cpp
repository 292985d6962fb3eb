// SPDX-License-Identifier: ISC
#include "verifier/verification.hpp"

#include "verifier/certificate_check.hpp"
#include "verifier/password_check.hpp"
#include "verifier/scram_check.hpp"
#include "verifier/token_check.hpp"

namespace verifier {

namespace {

template <class Result, class... Parts>
std::unique_ptr<Verification> make_check(const Parts&... parts) {
  return std::make_unique<Result>(parts...);
}

struct VerificationFactory {
  const VerifierContext& context;

  std::unique_ptr<Verification> operator()(const ipc::LoginRequest* request) const {
    return traits_of(request->mechanism).proof == pop3::Proof::certificate
               ? make_check<CertificateCheck>(*request, context)
               : make_check<PasswordCheck>(*request, context);
  }
  std::unique_ptr<Verification> operator()(const ipc::TokenRequest* request) const {
    return make_token_check(*request, context);
  }
  std::unique_ptr<Verification> operator()(const pop3::ScramStart* start) const {
    return make_check<ScramOfferCheck>(*start, context);
  }
  std::unique_ptr<Verification> operator()(const ScramProof* proof) const {
    return make_check<ScramProofCheck>(*proof, context);
  }
};

} // namespace

std::unique_ptr<Verification> prepare_verification(const VerificationRequest& request,
                                                   const VerifierContext& context) {
  return std::visit(VerificationFactory{context}, request);
}

} // namespace verifier

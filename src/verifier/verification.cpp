// SPDX-License-Identifier: ISC
#include "verifier/verification.hpp"

#include "verifier/certificate_check.hpp"
#include "verifier/password_check.hpp"
#include "verifier/scram_check.hpp"
#include "verifier/token_check.hpp"

namespace verifier {

namespace {

template <class Result, class... Parts> std::unique_ptr<Answerer> made(const Parts&... parts) {
  return std::make_unique<Result>(parts...);
}

struct Preparing {
  const VerifierPlace& place;

  std::unique_ptr<Answerer> operator()(const ipc::LoginRequest* request) const {
    return request->mechanism == pop3::Mechanism::external
               ? made<CertificateAnswer>(*request, place)
               : made<PasswordAnswer>(*request, place);
  }
  std::unique_ptr<Answerer> operator()(const ipc::TokenRequest* request) const {
    return made<TokenAnswer>(*request, place);
  }
  std::unique_ptr<Answerer> operator()(const pop3::ScramStart* start) const {
    return made<ScramOfferAnswering>(*start, place);
  }
  std::unique_ptr<Answerer> operator()(const ScramProof* proof) const {
    return made<ScramProofAnswering>(*proof, place);
  }
};

} // namespace

std::unique_ptr<Answerer> prepare_answer(const Question& question, const VerifierPlace& place) {
  return std::visit(Preparing{place}, question);
}

} // namespace verifier

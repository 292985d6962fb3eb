// SPDX-License-Identifier: ISC
#include "support/memory_gatekeeper.hpp"

#include "base/base64.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace support {

namespace {

constexpr const char* methods[] = {"USER", "PLAIN", "EXTERNAL", "OAUTHBEARER", "XOAUTH2"};

std::string octets(std::string_view base64) {
  return std::string(base::decode_base64(base64).value().reveal());
}

template <class Array> Array array_of(std::string_view base64) {
  Array array{};
  std::ranges::copy(octets(base64), array.begin());
  return array;
}

} // namespace

base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial>
MemoryGatekeeper::login(const pop3::Credentials& credentials) {
  const bool is_external = credentials.mechanism == pop3::Mechanism::external;
  const bool may_be_nameless = is_external || credentials.mechanism == pop3::Mechanism::oauthbearer;
  const std::string given(credentials.password.reveal());
  tried.push_back(
      {methods[static_cast<std::size_t>(credentials.mechanism)], credentials.name, given});
  const bool is_user = credentials.name == user || (may_be_nameless && credentials.name.empty());
  if (!is_user || (!is_external && given != password))
    return base::Refused{wrong()};
  return right();
}

base::Result<pop3::ScramOffer, pop3::Denial>
MemoryGatekeeper::scram_start(const pop3::ScramStart& start) {
  tried.push_back({"SCRAM-START", start.name, start.message_bare});
  scram_ = Scram::offered;
  scram_name_ = start.name;
  return pop3::ScramOffer{"%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", octets("W22ZaJ0SNY7soEsUEjb6gQ=="),
                          4096};
}

base::Result<pop3::ScramSignature, pop3::Denial>
MemoryGatekeeper::scram_check(const pop3::ScramFinal& final) {
  if (std::exchange(scram_, Scram::none) != Scram::offered)
    throw std::logic_error("a proof without an offer");
  tried.push_back({"SCRAM-CHECK", scram_name_, final.without_proof});
  if (scram_name_ != user || final.proof != array_of<decltype(final.proof)>(
                                                "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
    return base::Refused{wrong()};
  scram_ = Scram::proven;
  return array_of<pop3::ScramSignature>("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial> MemoryGatekeeper::scram_finish() {
  if (std::exchange(scram_, Scram::none) != Scram::proven)
    throw std::logic_error("a login without a proof");
  tried.push_back({"SCRAM-FINISH", scram_name_, ""});
  return right();
}

pop3::Denial MemoryGatekeeper::wrong() {
  pop3::Denial denied;
  denied.is_final = ++failures_ == attempts;
  return denied;
}

base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial> MemoryGatekeeper::right() {
  if (denial)
    return base::Refused{*denial};
  return std::unique_ptr<pop3::Maildrop>(std::make_unique<MemoryMaildrop>(store_));
}

} // namespace support

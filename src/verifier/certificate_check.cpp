// SPDX-License-Identifier: ISC
#include "verifier/certificate_check.hpp"

#include "verifier/certificate_name.hpp"

namespace verifier {

namespace {

/// What the site looks for in a certificate.
std::optional<std::string> name_in(const Certificate& certificate,
                                   config::Settings::External wanted) {
  const bool wants_address = wanted == config::Settings::External::email_address;
  if (!certificate.distinguished_name.empty())
    return attribute_in(certificate.distinguished_name, wants_address ? "emailAddress" : "CN");
  // A PROXY header has the common name alone, which may be an address.
  const auto& common_name = certificate.common_name;
  if (common_name.empty() || (wants_address && common_name.find('@') == std::string::npos))
    return {};
  return common_name;
}

} // namespace

CertificateAnswer::CertificateAnswer(const ipc::LoginRequest& request, const VerifierPlace& place)
    : named_by_client_(request.name.data(), request.name_length),
      named_(name_in(place.certificate, place.settings.external)),
      inquiry_(named_.value_or(""), place) {}

Verdict CertificateAnswer::answer(Clock::time_point) {
  if (const auto obstacle = inquiry_.obstacle())
    return *obstacle;
  if (!named_)
    return inquiry_.refusals().refused("no-name-in-certificate");
  if (!inquiry_.is_also(named_by_client_))
    return inquiry_.refusals().refused("other-name-than-certificate");
  return inquiry_.admit_without_password();
}

} // namespace verifier

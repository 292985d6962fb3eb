// SPDX-License-Identifier: ISC
#include "verifier/certificate_check.hpp"

#include "verifier/certificate_name.hpp"

namespace verifier {

namespace {

/// The name in the certificate, from the attribute that the site uses.
std::optional<std::string> name_in(const base::Certificate& certificate,
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

CertificateCheck::CertificateCheck(const ipc::LoginRequest& request, const VerifierContext& context)
    : named_by_client_(request.name.data(), request.name_length),
      named_(name_in(context.client.certificate, context.settings.external)),
      access_(named_.value_or(""), context) {}

Verdict CertificateCheck::run(Clock::time_point) {
  if (const auto obstacle = access_.obstacle())
    return *obstacle;
  if (!named_)
    return access_.verdicts().refused("no-name-in-certificate");
  if (!access_.is_also(named_by_client_))
    return access_.verdicts().refused("other-name-than-certificate");
  return access_.admit_without_password();
}

} // namespace verifier

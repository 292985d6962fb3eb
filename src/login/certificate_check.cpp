// SPDX-License-Identifier: ISC
#include "login/access_check.hpp"
#include "login/certificate_name.hpp"
#include "login/login_check.hpp"

namespace login {

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

verifier::Verdict check_certificate(const ipc::LoginRequest& request,
                                    const Verification& verification) {
  const auto& context = verification.context;
  const auto named = name_in(context.client.certificate, context.settings.external);
  AccessCheck access("", context);
  access.set_name(named.value_or(""));
  if (const auto obstacle = access.obstacle())
    return *obstacle;
  if (!named)
    return access.verdicts().refused("no-name-in-certificate");
  if (!access.is_also({request.name.data(), request.name_length}))
    return access.verdicts().refused("other-name-than-certificate");
  return access.admit_without_password();
}

} // namespace login

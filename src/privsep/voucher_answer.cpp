// SPDX-License-Identifier: ISC
#include "privsep/voucher_answer.hpp"

#include "base/system_error.hpp"
#include "credentials/certificate_name.hpp"
#include "credentials/login_name.hpp"

#include <ctime>

namespace privsep {

namespace {

using Kind = Verdict::Kind;

/// What the site looks for in a certificate.
std::optional<std::string> name_in(const Certificate& certificate,
                                   base::Settings::External wanted) {
  const bool wants_address = wanted == base::Settings::External::email_address;
  if (!certificate.distinguished_name.empty())
    return credentials::attribute_in(certificate.distinguished_name,
                                     wants_address ? "emailAddress" : "CN");
  // A PROXY header has the common name alone, which may be an address.
  const auto& common_name = certificate.common_name;
  if (common_name.empty() || (wants_address && common_name.find('@') == std::string::npos))
    return {};
  return common_name;
}

/// Nobody may act for somebody else.
bool is_same(std::string_view said, const Inquiry& inquiry) {
  return said.empty() || credentials::login_name(said, inquiry.settings()) == inquiry.name();
}

/// The user of the inquiry's name, whom somebody has vouched for. A hash of `*`, by which no
/// password is right, does not keep out who needs none; a locked one does.
Verdict admit_vouched(const Inquiry& inquiry) {
  const auto user = inquiry.find();
  if (!user)
    return inquiry.refuse_unknown();
  if (user->hash.empty() || user->hash.starts_with('!'))
    return inquiry.refusals().refused("disabled");
  return inquiry.admit(*user);
}

} // namespace

CertificateAnswer::CertificateAnswer(const LoginRequest& request, const VerifierPlace& place)
    : named_by_client_(request.name.data(), request.name_length),
      named_(name_in(place.certificate, place.settings.external)),
      inquiry_(named_.value_or(""), place) {}

Verdict CertificateAnswer::answer(Clock::time_point) {
  if (const auto obstacle = inquiry_.obstacle())
    return *obstacle;
  if (!named_)
    return inquiry_.refusals().refused("no-name-in-certificate");
  if (!is_same(named_by_client_, inquiry_))
    return inquiry_.refusals().refused("other-name-than-certificate");
  return admit_vouched(inquiry_);
}

TokenAnswer::TokenAnswer(const TokenRequest& request, const VerifierPlace& place)
    : request_(request), inquiry_({request.name.data(), request.name_length}, place),
      keys_(credentials::KeysFile::open(place.settings.oauth_keys)) {}

Verdict TokenAnswer::answer(Clock::time_point) {
  if (const auto obstacle = inquiry_.obstacle())
    return *obstacle;
  if (!keys_)
    return inquiry_.refusals().unavailable(Kind::permanent, "oauth-keys-refused",
                                           credentials::sentence(keys_.error()));
  const auto keys = keys_->read();
  if (!keys)
    return inquiry_.refusals().unavailable(Kind::permanent, "oauth-keys-refused",
                                           credentials::sentence(keys.error()));
  timespec now{};
  base::check(clock_gettime(CLOCK_REALTIME, &now), "clock_gettime");
  const auto claims =
      credentials::check_token({request_.token.data(), request_.token_length}, *keys,
                               credentials::token_policy(inquiry_.settings()), now.tv_sec);
  if (!claims)
    return inquiry_.refusals().refused(credentials::word(claims.error()));
  return admit(*claims);
}

Verdict TokenAnswer::admit(const credentials::Claims& claims) {
  const std::string_view said(request_.name.data(), request_.name_length);
  inquiry_.set_name(claims.user);
  if (!is_same(said, inquiry_))
    return inquiry_.refusals().refused("other-name-than-token");
  return admit_vouched(inquiry_);
}

} // namespace privsep

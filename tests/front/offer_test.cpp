// SPDX-License-Identifier: ISC
#include "front/offer.hpp"

#include <doctest/doctest.h>

using namespace front;
using config::Settings;

namespace {

pop3::SessionProfile offered(const Settings& settings, ClientSecurity facts) {
  pop3::SessionProfile profile;
  offer(profile, settings, facts);
  return profile;
}

} // namespace

TEST_CASE("SCRAM is offered where the settings want it") {
  Settings settings;
  for (const auto& [scram, in_the_open, in_secret] :
       {std::tuple{Settings::Scram::off, false, false},
        {Settings::Scram::unprotected, true, false},
        {Settings::Scram::always, true, true}}) {
    settings.scram = scram;
    CHECK(offered(settings, {false, false}).scram == in_the_open);
    CHECK(offered(settings, {true, false}).scram == in_secret);
  }
}

TEST_CASE("tokens and certificates are taken on protected connections, where they are set up") {
  Settings settings;
  CHECK_FALSE(offered(settings, {true, true}).oauth);
  CHECK_FALSE(offered(settings, {true, true}).external);
  settings.oauth_keys = "/keys";
  settings.external = Settings::External::common_name;
  for (const bool is_protected : {false, true})
    for (const bool has_certificate : {false, true}) {
      const auto profile = offered(settings, {is_protected, has_certificate});
      CHECK(profile.is_protected == is_protected);
      CHECK(profile.oauth == is_protected);
      CHECK(profile.external == (is_protected && has_certificate));
    }
}

TEST_CASE("a program that checks passwords leaves nothing but passwords") {
  Settings settings;
  settings.checkpassword = "/bin/true";
  settings.scram = Settings::Scram::always;
  settings.oauth_keys = "/keys";
  settings.external = Settings::External::common_name;
  const auto profile = offered(settings, {true, true});
  CHECK(profile.is_protected);
  CHECK_FALSE(profile.scram);
  CHECK_FALSE(profile.oauth);
  CHECK_FALSE(profile.external);
}

TEST_CASE("a domain is asked of the client only where the site adds none") {
  Settings settings;
  CHECK_FALSE(offered(settings, {}).requires_domain);
  settings.require_domain = true;
  CHECK(offered(settings, {}).requires_domain);
  settings.default_domain = "example.org";
  CHECK_FALSE(offered(settings, {}).requires_domain);
}

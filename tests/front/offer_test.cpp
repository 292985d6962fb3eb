// SPDX-License-Identifier: ISC
#include "front/offer.hpp"

#include <doctest/doctest.h>

using namespace front;
using config::Settings;

namespace {

pop3::Site offered(const Settings& settings, Offer facts) {
  pop3::Site site;
  offer(site, settings, facts);
  return site;
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
      const auto site = offered(settings, {is_protected, has_certificate});
      CHECK(site.is_protected == is_protected);
      CHECK(site.oauth == is_protected);
      CHECK(site.external == (is_protected && has_certificate));
    }
}

TEST_CASE("a program that checks passwords leaves nothing but passwords") {
  Settings settings;
  settings.checkpassword = "/bin/true";
  settings.scram = Settings::Scram::always;
  settings.oauth_keys = "/keys";
  settings.external = Settings::External::common_name;
  const auto site = offered(settings, {true, true});
  CHECK(site.is_protected);
  CHECK_FALSE(site.scram);
  CHECK_FALSE(site.oauth);
  CHECK_FALSE(site.external);
}

TEST_CASE("a domain is asked of the client only where the site adds none") {
  Settings settings;
  CHECK_FALSE(offered(settings, {}).requires_domain);
  settings.require_domain = true;
  CHECK(offered(settings, {}).requires_domain);
  settings.default_domain = "example.org";
  CHECK_FALSE(offered(settings, {}).requires_domain);
}

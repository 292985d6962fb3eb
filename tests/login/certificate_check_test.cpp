// SPDX-License-Identifier: ISC
#include "support/login_fixture.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace login;
using Kind = verifier::Verdict::Kind;
using External = config::Settings::External;

namespace {

struct CertificateFixture : support::LoginFixture {
  explicit CertificateFixture(External external = External::common_name) {
    settings.external = external;
    write(support::user_line("alice", "*") + "\n" + support::user_line("alice@example.org", "*"));
  }
  verifier::Verdict external(std::string_view distinguished_name, std::string_view said = "") {
    client.certificate.distinguished_name = distinguished_name;
    const auto request = support::login_request(said, "", pop3::Mechanism::external);
    return ask(request);
  }
};

} // namespace

TEST_CASE("the certificate's common name or address says who it is, as the site wants") {
  CertificateFixture by_name;
  CHECK(by_name.external("C=DE, CN=alice").name == "alice");
  CertificateFixture by_address(External::email_address);
  CHECK(by_address.external("CN=bob, emailAddress=alice@example.org").name == "alice@example.org");
  CHECK(by_address.external("CN=alice").kind == Kind::refused);
  CHECK(by_address.has_logged("event=login-failed reason=no-name-in-certificate"));
}

TEST_CASE("a proxy gives the common name alone, which may be an address") {
  CertificateFixture by_name;
  by_name.client.certificate.common_name = "alice";
  CHECK(by_name.external("").name == "alice");
  CertificateFixture by_address(External::email_address);
  by_address.client.certificate.common_name = "alice";
  CHECK(by_address.external("").kind == Kind::refused);
  by_address.client.certificate.common_name = "alice@example.org";
  CHECK(by_address.external("").name == "alice@example.org");
}

TEST_CASE("a client with a certificate may say the same name, and no other") {
  CertificateFixture site;
  CHECK(site.external("CN=alice", "alice").kind == Kind::granted);
  CHECK(site.external("CN=alice", "alice@example.org").kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=other-name-than-certificate user=alice"));
  site.settings.name_case = config::Settings::NameCase::lower;
  CHECK(site.external("CN=Alice", "ALICE").kind == Kind::granted);
}

TEST_CASE("a certificate of an unknown user, or without a name, is refused") {
  CertificateFixture site;
  CHECK(site.external("CN=mallory").kind == Kind::refused);
  CHECK(site.has_logged("event=login-failed reason=unknown-user user=mallory"));
  for (const char* name : {"", "CN=", "O=alice", "CN=alice, CN=alice", "CN=alice\\2C"}) {
    CAPTURE(name);
    CHECK(site.external(name, "alice").kind == Kind::refused);
  }
}

TEST_CASE("a certificate's user has the rights that the users file says, and may be locked") {
  CertificateFixture site;
  for (const auto* locked : {"!*", "{CRYPT}!$6$salt$hash", "*LK*", "x"}) {
    site.write_user(locked);
    CHECK(site.external("CN=alice").kind == Kind::refused);
  }
  CHECK(site.has_logged("event=login-failed reason=disabled user=alice"));
  site.write_user("*", "nologin=moved");
  CHECK(site.external("CN=alice").hint == "moved");
  site.write_user("*", "sodapop_read_only=yes");
  CHECK(site.external("CN=alice").is_read_only == 1);
  site.write_user("*");
  site.settings.require_domain = true;
  CHECK(site.external("CN=alice").kind == Kind::refused);
}

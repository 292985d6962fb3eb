// SPDX-License-Identifier: ISC
#include "users/extra_fields.hpp"

#include <doctest/doctest.h>
#include <ostream>

using base::Address;
using users::ExtraFields;
using users::parse_extra_fields;

namespace line_problem = users::line_problem;

namespace {

ExtraFields parsed(std::string_view extra) {
  auto fields = parse_extra_fields(extra);
  CAPTURE(extra);
  REQUIRE(fields.has_value());
  return std::move(*fields);
}

base::Problem refused(std::string_view extra) {
  const auto fields = parse_extra_fields(extra);
  CAPTURE(extra);
  REQUIRE_FALSE(fields.has_value());
  return fields.error();
}

} // namespace

TEST_CASE("without words a user may do everything") {
  const auto fields = parsed("");
  CHECK(fields.pop3);
  CHECK_FALSE(fields.nologin);
  CHECK_FALSE(fields.app_passwords_only);
  CHECK_FALSE(fields.rights.read_only);
  CHECK_FALSE(fields.rights.networks);
  CHECK_FALSE(fields.rights.expires);
  CHECK(fields.app_passwords.empty());
}

TEST_CASE("Dovecot's words for who may log in are honoured") {
  const auto fields = parsed("allow_nets=192.0.2.0/24,local userdb_quota=1G");
  REQUIRE(fields.rights.networks);
  CHECK(fields.rights.networks->contains(Address::parse("192.0.2.7")));
  CHECK_FALSE(fields.rights.networks->contains(Address::parse("198.51.100.7")));
  CHECK(fields.rights.networks->contains({}));
  CHECK(parsed("nologin").nologin == "");
  CHECK(parsed("nologin=y").nologin == "");
  CHECK(parsed("nologin=moved_to_example.net").nologin == "moved_to_example.net");
  CHECK(parsed("nologin reason=suspended").nologin == "suspended");
  CHECK(parsed("reason=suspended nologin=yes").nologin == "suspended");
  CHECK_FALSE(parsed("reason=suspended").nologin);
}

TEST_CASE("fail is a nologin, and allow_real_nets an allow_nets") {
  for (const auto* extra : {"fail", "fail=y", "fail=", "fail=no", "fail fail"})
    CHECK(parsed(extra).nologin == "");
  CHECK(parsed("fail=y nologin=moved").nologin == "moved");
  CHECK(parsed("nologin=moved fail=y").nologin == "moved");
  CHECK(parsed("fail=y reason=suspended").nologin == "suspended");
  const auto fields = parsed("allow_real_nets=192.0.2.0/24");
  REQUIRE(fields.rights.networks);
  CHECK(fields.rights.networks->contains(Address::parse("192.0.2.7")));
  CHECK_FALSE(fields.rights.networks->contains(Address::parse("198.51.100.7")));
}

TEST_CASE("a restriction of Dovecot that is not known refuses the user") {
  for (const auto* extra :
       {"noauthenticate", "noauthenticate=y", "delay_until=1800000000", "delay_until=1800000000+9",
        "nologin:protected", "fail:protected=y", "allow_nets:protected=10.0.0.1",
        "allow_real_nets:remove", "noauthenticate:protected", "userdb_mail:protected=maildir:/m"})
    CHECK(refused(extra) == line_problem::unknown_restriction);
  for (const auto* extra : {"nodelay", "nopassword=y", "noauthenticates=y", "userdb_x:protected=y",
                            "proxy=y", "forward_nologin=y"})
    CHECK_FALSE(parsed(extra).nologin);
}

TEST_CASE("our words for rights are read") {
  const auto fields = parsed("sodapop_pop3=no\tsodapop_read_only=yes sodapop_expires=2027-01-31 "
                             "sodapop_app_passwords_only=yes sodapop_scram=x;y");
  CHECK_FALSE(fields.pop3);
  CHECK(fields.rights.read_only);
  CHECK(fields.rights.expires == 1801440000); // 2027-02-01T00:00:00Z
  CHECK(fields.app_passwords_only);
  CHECK(fields.scram == "x;y");
  CHECK(parsed("sodapop_pop3=yes sodapop_read_only=no").pop3);
}

TEST_CASE("a right that cannot be read, or is given twice, is refused") {
  for (const auto* extra :
       {"allow_nets", "allow_nets=", "allow_nets=example.org", "allow_nets=local allow_nets=local",
        "allow_real_nets", "allow_real_nets=here", "allow_nets=local allow_real_nets=local",
        "allow_real_nets=local allow_nets=local", "allow_real_nets=::1 allow_real_nets=::1",
        "sodapop_pop3", "sodapop_pop3=off", "sodapop_pop3=no sodapop_pop3=no",
        "sodapop_read_only=1", "sodapop_read_only=no sodapop_read_only=yes",
        "sodapop_expires=tomorrow", "sodapop_expires=2027-02-30",
        "sodapop_expires=2027-01-01 sodapop_expires=2027-01-01", "sodapop_app_passwords_only=",
        "sodapop_app_passwords_only=no sodapop_app_passwords_only=no"})
    CHECK(refused(extra) == line_problem::bad_rights);
  CHECK(refused("sodapop_scram=") == line_problem::bad_scram);
  CHECK(refused("sodapop_scram=a sodapop_scram=a") == line_problem::bad_scram);
}

TEST_CASE("a line says that its Maildir is meant for several users") {
  CHECK_FALSE(parsed("").shared);
  CHECK_FALSE(parsed("sodapop_shared=no").shared);
  CHECK(parsed("userdb_mail=maildir:/m sodapop_shared=yes").shared);
  for (const auto* extra : {"sodapop_shared", "sodapop_shared=", "sodapop_shared=y",
                            "sodapop_shared=yes sodapop_shared=yes"})
    CHECK(refused(extra) == line_problem::bad_shared);
}

TEST_CASE("a misspelt word of sodapop refuses the user, one of another program is ignored") {
  CHECK(refused("sodapop_readonly=yes") == line_problem::unknown_key);
  CHECK(refused("sodapop_") == line_problem::unknown_key);
  CHECK(parsed("nologins=y xallow_nets=z sodapop=1 xsodapop_pop3=no").pop3);
}

TEST_CASE("app passwords are read with their rights, in their order") {
  const auto fields =
      parsed("sodapop_app=phone;c2FsdA;ZGlnZXN0 "
             "sodapop_app=old-pc;AA;BB;expires=2027-01-31;read-only;from=10.0.0.0/8");
  REQUIRE(fields.app_passwords.size() == 2);
  const auto& phone = fields.app_passwords[0];
  CHECK(phone.label == "phone");
  CHECK(phone.salt == "c2FsdA");
  CHECK(phone.digest == "ZGlnZXN0");
  CHECK_FALSE(phone.rights.read_only);
  const auto& old_pc = fields.app_passwords[1];
  CHECK(old_pc.label == "old-pc");
  CHECK(old_pc.rights.read_only);
  CHECK(old_pc.rights.expires == 1801440000);
  CHECK(old_pc.rights.networks->contains(Address::parse("10.9.8.7")));
}

TEST_CASE("an app password that is not whole is refused") {
  for (const auto* value :
       {"", "phone", "phone;AA", "phone;AA;", ";AA;BB", "pho ne;AA;BB", "a:b;AA;BB", "phone;;BB",
        "phone;AA;BB;", "phone;AA;BB;x", "phone;AA;BB;read-only=yes",
        "phone;AA;BB;read-only;read-only", "phone;AA;BB;expires=", "phone;AA;BB;from=",
        "phone;AA;BB;expires=2027-01-01;expires=2027-01-01", "phone;AA;BB;Read-Only"}) {
    if (std::string_view(value) == "phone;AA;BB;") // a semicolon may stand at the end
      CHECK(parsed(std::string("sodapop_app=") + value).app_passwords.size() == 1);
    else
      CHECK(refused(std::string("sodapop_app=") + value) == line_problem::bad_app_password);
  }
  CHECK(refused("sodapop_app=a;b;c sodapop_app=a;d;e") == line_problem::bad_app_password);
}

TEST_CASE("labels end with their limit, and so does the number of app passwords") {
  const auto label = [](std::size_t length) { return std::string(length, 'x'); };
  CHECK(users::is_valid_label(label(1)));
  CHECK(users::is_valid_label(label(users::max_label)));
  CHECK_FALSE(users::is_valid_label(label(users::max_label + 1)));
  CHECK_FALSE(users::is_valid_label(""));
  std::string extra;
  for (std::size_t i = 0; i < users::max_app_passwords; ++i)
    extra += " sodapop_app=" + std::to_string(i) + ";a;b";
  CHECK(parsed(extra).app_passwords.size() == users::max_app_passwords);
  CHECK(refused(extra + " sodapop_app=x;a;b") == line_problem::bad_app_password);
}

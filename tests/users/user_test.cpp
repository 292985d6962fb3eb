// SPDX-License-Identifier: ISC
#include "users/user.hpp"

#include <doctest/doctest.h>
#include <set>

using users::is_comment;
using users::is_valid_name;
using users::parse_user;
using users::problem_in;
using users::User;

namespace line_problem = users::line_problem;

namespace {

User parsed(std::string_view line) {
  auto user = parse_user(line);
  CAPTURE(line);
  REQUIRE(user.has_value());
  CHECK_FALSE(problem_in(line));
  return *user;
}

base::Problem refused(std::string_view line) {
  const auto user = parse_user(line);
  CAPTURE(line);
  REQUIRE_FALSE(user.has_value());
  CHECK(problem_in(line) == user.error());
  return user.error();
}

std::string mail_of(const std::string& extra) {
  return parsed("a:h:::::"
                ":" +
                extra)
      .mail;
}

} // namespace

TEST_CASE("a full line gives every field") {
  const auto user = parsed("alice@example.org:{ARGON2ID}$argon2id$x:1000:100:Alice A.:/home/alice:"
                           "/bin/sh:userdb_mail=maildir:/var/mail/alice");
  CHECK(user.name == "alice@example.org");
  CHECK(user.hash == "{ARGON2ID}$argon2id$x");
  CHECK(user.uid == 1000u);
  CHECK(user.gid == 100u);
  CHECK(user.home == "/home/alice");
  CHECK(user.mail == "/var/mail/alice");
}

TEST_CASE("fields that are empty or missing at the end are empty") {
  for (const auto* line : {"a:", "a::", "a:::::", "a:::::::", "a::::gecos"}) {
    const auto user = parsed(line);
    CHECK(user.name == "a");
    CHECK(user.hash.empty());
    CHECK_FALSE(user.uid);
    CHECK_FALSE(user.gid);
    CHECK(user.home.empty());
    CHECK(user.mail.empty());
  }
}

TEST_CASE("a line without a colon has no hash field") {
  CHECK(refused("alice") == line_problem::no_hash);
  CHECK(refused("") == line_problem::no_hash);
}

TEST_CASE("comments and blank lines are told apart from users") {
  for (const auto* line : {"", " ", "\t ", "#", "# alice:x", "  #alice:x:1:1"})
    CHECK(is_comment(line));
  for (const auto* line : {"a:", "a#:", ":", "\x01"})
    CHECK_FALSE(is_comment(line));
}

TEST_CASE("names have 1 to 255 octets") {
  CHECK_FALSE(is_valid_name(""));
  CHECK(is_valid_name("a"));
  CHECK(is_valid_name(std::string(254, 'a')));
  CHECK(is_valid_name(std::string(255, 'a')));
  CHECK_FALSE(is_valid_name(std::string(256, 'a')));
}

TEST_CASE("names are letters, digits and six other characters") {
  const std::set<char> others{'.', '-', '_', '@', '+'};
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || others.contains(c);
    CAPTURE(byte);
    CHECK(is_valid_name(std::string{'x', c, 'x'}) == allowed);
  }
}

TEST_CASE("neither the local part nor the domain of a name is empty or begins with a dot") {
  for (const auto* name : {"a@b", "a.@b", "a..b@c.d", "-a", "+@-", "a."})
    CHECK_MESSAGE(is_valid_name(name), name);
  for (const auto* name :
       {"@", "@b", "a@", "a@b@c", "a@@b", ".", "..", ".a", "a@.b", ".a@b", "a@..", "../a", "a/b"})
    CHECK_FALSE_MESSAGE(is_valid_name(name), name);
}

TEST_CASE("a line with a bad name is refused") {
  for (const auto* line : {":hash", "a b:hash", "../a:hash", "\xc3\xa4:hash", " a:hash"})
    CHECK(refused(line) == line_problem::bad_name);
}

TEST_CASE("uid and gid are decimal 32-bit numbers below the all-ones one") {
  CHECK(parsed("a:h:0:0").uid == 0u);
  CHECK(parsed("a:h:4294967294:1").uid == 4294967294u);
  CHECK(parsed("a:h:1:4294967294").gid == 4294967294u);
  for (const std::string bad : {"4294967295", "4294967296", "18446744073709551617", "-1", "+1",
                                " 1", "1 ", "0x1", "1.0", "one", "1,2"}) {
    CHECK(refused("a:h:" + bad + ":1") == line_problem::bad_uid);
    CHECK(refused("a:h:1:" + bad) == line_problem::bad_gid);
  }
}

TEST_CASE("a home is absolute") {
  CHECK(parsed("a:h:1:1::/").home == "/");
  for (const auto* line : {"a:h:1:1::home", "a:h:1:1::~/x:", "a:h:1:1::./x", "a:h:1:1:: /x"})
    CHECK(refused(line) == line_problem::relative_home);
}

TEST_CASE("control characters are refused, but tabs may separate extra fields") {
  using namespace std::string_literals;
  for (const auto& line : {"a:h\r:1"s, "a:h\0:1"s, "a:h:1:1:x\ty"s, "a\t:h"s, "a:h:1:1::/x\x7f"s,
                           "a:h::::::x\x1b"s, "a:h::::::x\ry"s})
    CHECK(refused(line) == line_problem::control_character);
  CHECK(parsed("a:h::::::x=1\tuserdb_mail=maildir:/m\ty").mail == "/m");
}

TEST_CASE("what an editor of another system leaves in a line is named") {
  for (const auto* line : {"a:h\r", "a:h::::::x\r", "\r", "no colon\r", "a:h:1:1::/x\x7f\r"})
    CHECK(refused(line) == line_problem::windows_line_end);
  for (const auto* line : {"\xef\xbb\xbf"
                           "a:h:1:1::/h::",
                           "\xef\xbb\xbf# comment"})
    CHECK(refused(line) == line_problem::byte_order_mark);
  CHECK(refused("\xef\xbb"
                "a:h") == line_problem::bad_name);
}

TEST_CASE("a line of exactly the limit is accepted, one octet more is not") {
  const std::string start = "a:h:1:1::/home/a::";
  for (const std::size_t length : {users::max_line - 1, users::max_line})
    CHECK(parsed(start + std::string(length - start.size(), 'x')).home == "/home/a");
  CHECK(refused(start + std::string(users::max_line + 1 - start.size(), 'x')) ==
        line_problem::too_long);
}

TEST_CASE("userdb_mail is found anywhere among the extra fields, which contain colons") {
  CHECK(mail_of("userdb_mail=maildir:/m") == "/m");
  CHECK(mail_of("nopassword=y  userdb_quota_rule=*:storage=1G userdb_mail=maildir:~/Maildir z") ==
        "~/Maildir");
  CHECK(mail_of("userdb_mail=maildir:/var/%d/%n") == "/var/%d/%n");
  CHECK(mail_of("xuserdb_mail=maildir:/m userdb_mailx=maildir:/n").empty());
}

TEST_CASE("options behind the path of userdb_mail are cut off") {
  CHECK(mail_of("userdb_mail=maildir:/m:LAYOUT=fs") == "/m");
  CHECK(mail_of("userdb_mail=maildir:/m:INBOX=/n:INDEX=MEMORY") == "/m");
  CHECK(mail_of("userdb_mail=maildir:/m:") == "/m");
}

TEST_CASE("a userdb_mail that is not one maildir with a path is refused") {
  for (const std::string extra :
       {"userdb_mail=mbox:~/mail", "userdb_mail=/m", "userdb_mail=", "userdb_mail=maildir:",
        "userdb_mail=maildir::LAYOUT=fs", "userdb_mail=maildir:/a::b",
        "userdb_mail=maildir:/a userdb_mail=maildir:/b", "userdb_mail=MAILDIR:/a"})
    CHECK(refused("a:h::::::" + extra) == line_problem::bad_mail);
}

TEST_CASE("every problem has a sentence of its own") {
  using namespace line_problem;
  std::set<std::string_view> sentences;
  for (const auto& problem : {too_long, control_character, no_hash, bad_name, bad_uid, bad_gid,
                              relative_home, bad_mail, bad_rights, bad_scram, bad_app_password,
                              unknown_key, windows_line_end, byte_order_mark, bad_shared})
    sentences.insert(description(problem));
  CHECK(sentences.size() == 15);
  CHECK_FALSE(sentences.contains(""));
}

TEST_CASE("a hash is locked by ! or *, also behind its scheme, and by x") {
  for (const auto* hash :
       {"!", "!*", "!!", "!{ARGON2ID}$argon2id$", "{ARGON2ID}!$argon2id$", "{CRYPT}!$6$salt$hash",
        "{CRYPT}!!", "{CRYPT}*", "{}!", "*LK*", "*NP*", "**", "{CRYPT}*LK*", "x"}) {
    CAPTURE(hash);
    CHECK(users::is_locked(hash));
    CHECK(users::is_disabled(hash));
  }
  for (const auto* hash : {"", "*"}) {
    CHECK_FALSE(users::is_locked(hash));
    CHECK(users::is_disabled(hash));
  }
  for (const auto* hash :
       {"$6$salt$!x", "{ARGON2ID}$argon2id$", "{ARGON2ID}", "xx", "{CRYPT}x", "{x", "{CRYPT"})
    CHECK_FALSE(users::is_disabled(hash));
}

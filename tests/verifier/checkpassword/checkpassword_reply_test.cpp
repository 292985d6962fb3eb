// SPDX-License-Identifier: ISC
#include "verifier/checkpassword/checkpassword_reply.hpp"

#include <cstring>
#include <doctest/doctest.h>
#include <map>
#include <string>

using namespace verifier;
using Kind = Verdict::Kind;
using Environment = std::map<std::string, std::string>;

namespace {

constexpr std::int64_t now = 1'800'000'000; // in January 2027

ProgramReply reply(const Environment& environment, const std::string& name = "alice",
                   const std::string& site_template = "%h/Maildir") {
  return verdict_of_program(
      [&](const char* variable) {
        const auto found = environment.find(variable);
        return found == environment.end() ? nullptr : found->second.c_str();
      },
      {{1000, 100}, name, site_template, base::Address::parse("192.0.2.7"), now});
}

Verdict said(const Environment& environment, const std::string& name = "alice",
             const std::string& site_template = "%h/Maildir") {
  return reply(environment, name, site_template).verdict;
}

std::string refusal(const Environment& environment, const std::string& name = "alice",
                    const std::string& site_template = "%h/Maildir") {
  const auto [verdict, problem] = reply(environment, name, site_template);
  CHECK(verdict.kind == (problem.empty() ? Kind::granted : Kind::permanent));
  return std::string(problem);
}

ReplyMessage granted(std::uint32_t uid, std::uint32_t gid, const std::string& path = "/m") {
  ReplyMessage message;
  message.kind = Kind::granted;
  message.uid = uid;
  message.gid = gid;
  path.copy(message.maildir.data(), message.maildir.size());
  return message;
}

std::span<const std::byte> octets_of(const ReplyMessage& message) {
  return std::as_bytes(std::span(&message, 1));
}

} // namespace

TEST_CASE("a program that has become the user says so by its ids and HOME") {
  const auto verdict = said({{"HOME", "/home/alice"}, {"USER", "bob"}});
  CHECK(verdict.kind == Kind::granted);
  CHECK(verdict.uid == 1000);
  CHECK(verdict.gid == 100);
  CHECK(std::string(verdict.maildir) == "/home/alice/Maildir");
}

TEST_CASE("userdb_uid, userdb_gid, userdb_home and userdb_mail go before them") {
  const auto verdict = said({{"HOME", "/root"},
                             {"userdb_uid", "5000"},
                             {"userdb_gid", "5001"},
                             {"userdb_home", "/var/mail/alice"}});
  REQUIRE(verdict.kind == Kind::granted);
  CHECK(verdict.uid == 5000);
  CHECK(verdict.gid == 5001);
  CHECK(std::string(verdict.maildir) == "/var/mail/alice/Maildir");
  const auto other = said({{"HOME", "/h"}, {"userdb_mail", "maildir:~/mail/%n:INDEX=/i"}});
  REQUIRE(other.kind == Kind::granted);
  CHECK(std::string(other.maildir) == "/h/mail/alice");
}

TEST_CASE("the template gets the name as the client gave it, and no home that is not there") {
  const auto verdict = said({}, "alice@example.org", "/mail/%d/%n");
  REQUIRE(verdict.kind == Kind::granted);
  CHECK(std::string(verdict.maildir) == "/mail/example.org/alice");
  CHECK(refusal({}).find("home") != std::string::npos);
  CHECK(refusal({{"HOME", ""}}).find("home") != std::string::npos);
}

TEST_CASE("values that no line of the users file can have are refused") {
  for (const Environment& environment : std::initializer_list<Environment>{
           {{"HOME", "relative"}},
           {{"HOME", "/a:b"}},
           {{"HOME", "/a\nb"}},
           {{"HOME", "/h"}, {"userdb_uid", "alice"}},
           {{"HOME", "/h"}, {"userdb_uid", "4294967295"}},
           {{"HOME", "/h"}, {"userdb_uid", "1:2"}},
           {{"HOME", "/h"}, {"userdb_gid", "-1"}},
           {{"HOME", "/h"}, {"userdb_mail", "mbox:/m"}},
           {{"HOME", "/h"}, {"userdb_mail", "maildir:/a b"}},
           {{"HOME", "/h"}, {"userdb_mail", "maildir:/a/../b"}},
           {{"HOME", "/h"}, {"allow_nets", "nowhere"}},
           {{"HOME", "/h"}, {"allow_nets", "10.0.0.0/8 sodapop_pop3=yes"}},
           {{"HOME", "/h"}, {"sodapop_expires", "soon"}},
           {{"HOME", "/h"}, {"noauthenticate", "y"}},
           {{"HOME", "/h"}, {"delay_until", "1800000000"}},
           {{"HOME", "/h"}, {"allow_nets", "192.0.2.0/24"}, {"allow_real_nets", "192.0.2.0/24"}},
           {{"HOME", "/" + std::string(PATH_MAX, 'h')}},
           {{"HOME", "/" + std::string(20'000, 'h')}}})
    CHECK(refusal(environment) != "");
  for (const char* name : {"", "a/b", "..", "a:b", "a b"})
    CHECK(refusal({{"HOME", "/h"}}, name) != "");
}

TEST_CASE("a program may tell a user's rights, and a user without them is refused") {
  const auto is_let_in = [](const std::string& variable, const std::string& value) {
    const auto verdict = said({{"HOME", "/h"}, {variable, value}});
    CHECK((verdict.kind == Kind::granted || verdict.kind == Kind::refused));
    return verdict.kind == Kind::granted;
  };
  CHECK_FALSE(is_let_in("nologin", ""));
  CHECK_FALSE(is_let_in("nologin", "on-holiday"));
  CHECK_FALSE(is_let_in("fail", "y"));
  CHECK(is_let_in("allow_real_nets", "192.0.2.0/24"));
  CHECK_FALSE(is_let_in("allow_real_nets", "192.0.3.0/24,local"));
  CHECK(is_let_in("allow_nets", "192.0.2.0/24"));
  CHECK_FALSE(is_let_in("allow_nets", "192.0.3.0/24,local"));
  CHECK(is_let_in("sodapop_pop3", "yes"));
  CHECK_FALSE(is_let_in("sodapop_pop3", "no"));
  CHECK(is_let_in("sodapop_expires", "2027-12-31"));
  CHECK_FALSE(is_let_in("sodapop_expires", "2026-12-31"));
}

TEST_CASE("a program may make a maildrop read-only, and give a hint for a refusal") {
  CHECK(said({{"HOME", "/h"}}).is_read_only == 0);
  CHECK(said({{"HOME", "/h"}, {"sodapop_read_only", "yes"}}).is_read_only == 1);
  CHECK(said({{"HOME", "/h"}, {"nologin", "moved"}}).hint == "moved");
  CHECK(said({{"HOME", "/h"}, {"nologin", ""}}).hint.empty());
  CHECK(said({{"HOME", "/h"}, {"sodapop_pop3", "no"}}).hint.empty());
  CHECK(said({{"HOME", "/h"}, {"nologin", "moved"}, {"allow_nets", "local"}}).hint == "");
}

TEST_CASE("a Maildir's path may have as many octets as a verdict has room for, but one") {
  const std::string tail = "/Maildir";
  const auto home = [&](std::size_t size) {
    return "/" + std::string(size - tail.size() - 1, 'h');
  };
  CHECK(refusal({{"HOME", home(PATH_MAX - 2)}}).empty());
  CHECK(refusal({{"HOME", home(PATH_MAX - 1)}}).empty());
  CHECK(refusal({{"HOME", home(PATH_MAX)}}) == "the Maildir's path is longer than 4095 octets");
}

TEST_CASE("one whole verdict is a reply, and nothing shorter or longer") {
  const auto verdict = granted(1000, 100);
  const auto octets = octets_of(verdict);
  const auto decoded = decode_reply(octets, {1000, 100});
  REQUIRE(decoded.has_value());
  CHECK(decoded->kind == Kind::granted);
  CHECK(decoded->uid == 1000);
  CHECK(decoded->gid == 100);
  CHECK(std::string(decoded->maildir.data()) == "/m");
  CHECK_FALSE(decode_reply(octets.first(octets.size() - 1), {1000, 100}).has_value());
  CHECK_FALSE(decode_reply({}, {1000, 100}).has_value());
  std::array<std::byte, sizeof(ReplyMessage) + 1> longer{};
  std::memcpy(longer.data(), octets.data(), octets.size());
  CHECK_FALSE(decode_reply(longer, {1000, 100}).has_value());
}

TEST_CASE("a verdict of unknown kind, or that grants a path without beginning or end, is refused") {
  const auto decodes = [](const ReplyMessage& verdict) {
    return decode_reply(octets_of(verdict), {0, 0}).has_value();
  };
  auto verdict = granted(1000, 100);
  verdict.kind = static_cast<Kind>(static_cast<int>(Kind::last) + 1);
  CHECK_FALSE(decodes(verdict));
  verdict.kind = static_cast<Kind>(255);
  CHECK_FALSE(decodes(verdict));
  CHECK_FALSE(decodes(granted(1000, 100, "")));
  CHECK_FALSE(decodes(granted(1000, 100, "m")));
  CHECK(decodes(granted(1000, 100, "/" + std::string(PATH_MAX - 2, 'm'))));
  CHECK_FALSE(decodes(granted(1000, 100, "/" + std::string(PATH_MAX - 1, 'm'))));
}

TEST_CASE("what is encoded is decoded as it was") {
  const auto sent = said({{"HOME", "/home/alice"}, {"sodapop_read_only", "yes"}});
  const auto received = decode_reply(octets_of(encode_reply(sent)), {1000, 100});
  REQUIRE(received.has_value());
  CHECK(received->kind == Kind::granted);
  CHECK(received->maildir == sent.maildir);
  CHECK(received->is_read_only);
  CHECK(received->uid == 1000);
  CHECK(received->gid == 100);
}

TEST_CASE("only root may reply for another uid or gid") {
  const auto kind = [](const base::Identity& sender) {
    return decode_reply(octets_of(granted(1000, 100)), sender)->kind;
  };
  CHECK(kind({0, 0}) == Kind::granted);
  CHECK(kind({1000, 100}) == Kind::granted);
  CHECK(kind({1001, 100}) == Kind::permanent);
  CHECK(kind({1000, 101}) == Kind::permanent);
  CHECK(kind({1000, 0}) == Kind::permanent);
}

TEST_CASE("a reply that grants nothing brings nothing else") {
  auto verdict = granted(1000, 100);
  verdict.kind = Kind::refused;
  const auto refused = decode_reply(octets_of(verdict), {0, 0});
  REQUIRE(refused.has_value());
  CHECK(refused->kind == Kind::refused);
  CHECK(refused->uid == 0);
  CHECK(refused->maildir.empty());
}

TEST_CASE("of a reply read-only counts where it grants, and a hint where it refuses") {
  auto verdict = granted(1000, 100);
  verdict.is_read_only = 7;
  verdict.hint.front() = 'h';
  const auto given = decode_reply(octets_of(verdict), {1000, 100});
  CHECK(given->is_read_only);
  CHECK(given->hint.empty());
  verdict.kind = Kind::refused;
  CHECK(decode_reply(octets_of(verdict), {1000, 100})->hint == "h");
  CHECK(!decode_reply(octets_of(verdict), {1000, 100})->is_read_only);
}

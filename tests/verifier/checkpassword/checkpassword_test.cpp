// SPDX-License-Identifier: ISC
// Checks of passwords by a program. system/checkpassword_test.py tests them with a sodapopd.
#include "verifier/checkpassword/checkpassword.hpp"

#include "state/hash_slots.hpp"
#include "support/child.hpp"
#include "support/login_request.hpp"
#include "support/scratch_dir.hpp"
#include "verifier/checkpassword/program.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

using namespace verifier;
using Kind = Verdict::Kind;

namespace {

/// A site that the account of the tests serves, or uid 65534 if that is root.
struct Site {
  support::ScratchDir dir;
  config::Settings settings;
  std::chrono::seconds timeout{20};

  /// The program is the shell, which runs `commands`.
  explicit Site(const std::string& commands) {
    const auto script = dir.path("script");
    std::ofstream(script) << commands;
    settings.checkpassword = "/bin/sh " + script;
    settings.runtime_directory = dir.path();
    settings.state_directory = dir.path();
    settings.log_unknown_names = true;
    settings.minimum_uid = settings.minimum_gid = 1;
    chmod(dir.path().c_str(), 0777);
    chmod(script.c_str(), 0644);
  }
  bool verdict_is(Kind wanted, const std::string& name = "alice",
                  const std::string& password = "wonderland") const {
    return support::run_unprivileged([&] {
             const auto request = support::login_request(name, password);
             auto log = base::Log::open(dir.path("log"), "t");
             auto ends = ipc::Channel::make_pair();
             const base::Client client{{}, base::Address::parse("192.0.2.7")};
             const VerifierContext context{settings, log, {}, client, "/self"};
             const auto verdict = check_by_program(
                 request, {context, ends.first, std::chrono::steady_clock::now() + timeout});
             return verdict.kind == wanted ? 0 : 1;
           }) == 0;
  }
  std::string log() const {
    std::ifstream file(dir.path("log"));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool has_logged(std::string_view text) const { return log().find(text) != std::string::npos; }
};

bool fits(std::size_t name, std::size_t password, std::size_t timestamp) {
  return program_message(std::string(name, 'n'), std::string(password, 'p'),
                         std::string(timestamp, 't'))
      .has_value();
}

} // namespace

TEST_CASE("a program's message is name, password and timestamp, a NUL behind each") {
  const auto message = program_message("alice", "open sesame", "<1@pop3>");
  REQUIRE(message.has_value());
  CHECK(message->reveal() == std::string_view("alice\0open sesame\0<1@pop3>\0", 27));
}

TEST_CASE("a program's message has at most max_program_message octets") {
  constexpr auto room = max_program_message - 3;
  CHECK(fits(10, room - 21, 10));
  CHECK(fits(10, room - 20, 10));
  CHECK_FALSE(fits(10, room - 19, 10));
  CHECK_FALSE(fits(room + 1, 0, 0));
  CHECK_FALSE(fits(0, 2000, 0));
}

TEST_CASE("no part of a program's message can hold a NUL") {
  CHECK_FALSE(program_message("alice", std::string_view("x\0y", 3), "t").has_value());
  CHECK_FALSE(program_message(std::string_view("a\0", 2), "x", "t").has_value());
}

TEST_CASE("a program gets the reply's command behind its own arguments") {
  const Site site("echo \"$@ $TCPREMOTEIP\"; exit 1");
  CHECK(site.verdict_is(Kind::refused));
  CHECK(site.has_logged(
      R"(line="/self --checkpassword-reply alice %h/Maildir 192.0.2.7 192.0.2.7" user=alice)"));
}

TEST_CASE("a program's exit status is the verdict, and each is logged with its reason") {
  const struct {
    const char* commands;
    Kind kind;
    const char* logged;
  } cases[] = {
      {"exit 1", Kind::refused, "event=login-failed reason=checkpassword-refused user=alice"},
      {"exit 2", Kind::temporary, "event=unavailable reason=checkpassword-misused user=alice"},
      {"exit 111", Kind::temporary, "reason=checkpassword-failed status=111 user=alice"},
      {"kill -9 $$", Kind::temporary, "reason=checkpassword-killed signal=9 user=alice"},
      {"exit 0", Kind::temporary, "reason=checkpassword-no-reply user=alice"},
      {"echo garbage >&4", Kind::temporary, "reason=checkpassword-bad-reply user=alice"},
  };
  for (const auto& one : cases) {
    CAPTURE(one.commands);
    const Site site(one.commands);
    CHECK(site.verdict_is(one.kind));
    CHECK(site.has_logged(one.logged));
  }
}

TEST_CASE("a program has checkpassword-limit seconds, and no longer than the login has") {
  Site site("exec sleep 1000");
  site.settings.checkpassword_limit = 1;
  CHECK(site.verdict_is(Kind::temporary));
  CHECK(site.has_logged("reason=checkpassword-timeout"));
  Site other("exec sleep 1000");
  other.timeout = std::chrono::seconds(1);
  CHECK(other.verdict_is(Kind::temporary));
  CHECK(other.has_logged("reason=checkpassword-timeout"));
}

TEST_CASE("no program runs for a bad name, an empty password or a message that is too long") {
  const Site site("echo ran");
  CHECK(site.verdict_is(Kind::refused, "a/b"));
  CHECK(site.has_logged("event=login-failed reason=bad-name user=a/b"));
  CHECK(site.verdict_is(Kind::refused, "alice", ""));
  CHECK(site.has_logged("event=login-failed reason=wrong-password user=alice"));
  CHECK(site.verdict_is(Kind::refused, "alice", std::string(512, 'x')));
  CHECK(site.has_logged("event=login-failed reason=checkpassword-too-long user=alice"));
  CHECK_FALSE(site.has_logged("event=checkpassword"));
}

TEST_CASE("no program gets a control character, in a name or a password") {
  const Site site("echo ran");
  for (const std::string octets :
       {"\n", "\r", "\t", "\x01", "\x1f", "\x7f", "\xc2\x80", "\xc2\x9f"}) {
    CHECK(site.verdict_is(Kind::refused, "alice", "open" + octets + "sesame"));
    CHECK(site.has_logged("reason=checkpassword-control-character user=alice"));
    CHECK(site.verdict_is(Kind::refused, "alice" + octets));
    CHECK(site.has_logged("event=login-failed reason=bad-name user="));
    CHECK_FALSE(site.has_logged("event=checkpassword"));
    std::ofstream(site.dir.path("log")).close(); // for the next one
  }
}

TEST_CASE("a program gets every other character of a password") {
  const Site site("IFS= read -r all <&3; echo $all");
  for (const std::string octets :
       {" ", "~", "\xc2\xa0", "\xc3\x9f", "\xe2\x82\xac", "\x80", "\xc2"}) {
    CHECK(site.verdict_is(Kind::temporary, "alice", "open" + octets + "sesame"));
    CHECK(site.has_logged("reason=checkpassword-no-reply user=alice"));
    std::ofstream(site.dir.path("log")).close();
  }
}

TEST_CASE("a program that is missing, no file, or writable by others is not run") {
  Site site("echo ran");
  const auto path = site.dir.path("program");
  site.settings.checkpassword = path;
  const auto is_refused = [&](const char* problem) {
    return site.verdict_is(Kind::permanent) && site.has_logged(problem);
  };
  CHECK(is_refused(R"(reason=checkpassword-unsafe problem="there is no such program")"));
  std::ofstream(path) << "#!/bin/sh\necho ran\n";
  for (const mode_t mode : {0720U, 0702U}) {
    chmod(path.c_str(), mode);
    CHECK(is_refused(R"(problem="others can write to it")"));
  }
  chmod(path.c_str(), 0700);
  CHECK(is_refused(" is writable by its group or by everybody\"")); // the site's directory
  site.settings.checkpassword = site.dir.path();
  CHECK(is_refused(R"(problem="it is no file")"));
  CHECK_FALSE(site.has_logged("event=checkpassword"));
}

TEST_CASE("a program waits for a hash slot like any other check") {
  Site site("echo ran; exit 1");
  site.settings.hash_slots = 1;
  site.timeout = std::chrono::seconds(0);
  { std::ofstream(site.dir.path("hash-slots")); }
  chmod(site.dir.path("hash-slots").c_str(), 0666);
  state::HashSlots slots(site.dir.path("hash-slots"), 1);
  const auto held = slots.acquire({std::chrono::steady_clock::now()});
  REQUIRE(held.has_value());
  CHECK(site.verdict_is(Kind::temporary));
  CHECK(site.has_logged("reason=no-hash-slot"));
  CHECK_FALSE(site.has_logged("event=checkpassword"));
}

TEST_CASE("a name that the program has not accepted is logged as a digest") {
  Site site("echo what; exit 1");
  site.settings.log_unknown_names = false;
  CHECK(site.verdict_is(Kind::refused));
  CHECK(site.has_logged("event=login-failed reason=checkpassword-refused user-digest="));
  CHECK(site.has_logged("line=\"what\" user-digest="));
  CHECK_FALSE(site.has_logged("alice"));
}

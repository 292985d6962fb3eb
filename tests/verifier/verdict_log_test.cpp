// SPDX-License-Identifier: ISC
#include "verifier/verdict_log.hpp"

#include "support/login_fixture.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace verifier;

namespace {

struct Scene {
  support::ScratchDir dir;
  base::Log log = base::Log::open(dir.path("log"), "t");
  config::Settings settings;
  VerdictLog verdicts{log, settings, "alice"};

  Scene() { settings.state_directory = dir.path(); }

  std::string hint(std::string_view told) const {
    return std::string(verdicts.refused("nologin", told).hint);
  }
};

} // namespace

TEST_CASE("a hint is told as far as a reply has room for it") {
  const Scene scene;
  for (const std::size_t octets : {std::size_t{0}, pop3::max_hint - 1, pop3::max_hint})
    CHECK(scene.hint(std::string(octets, 'h')) == std::string(octets, 'h'));
  CHECK(scene.hint(std::string(pop3::max_hint + 1, 'h')) == std::string(pop3::max_hint, 'h'));
}

TEST_CASE("unprintable octets of a hint do not reach the client") {
  const Scene scene;
  CHECK(scene.hint(std::string("moved\r\n+OK\0\x7f\xc3\xbc ~!", 17)) == "moved??+OK???? ~!");
}

TEST_CASE("a refusal and its log know the name of the moment") {
  Scene scene;
  scene.verdicts.know_user();
  CHECK(scene.verdicts.refused("network").kind == Verdict::Kind::refused);
  scene.verdicts.set_name("bob");
  const auto verdict =
      scene.verdicts.unavailable(Verdict::Kind::permanent, "uid-not-served", "with words");
  CHECK(verdict.kind == Verdict::Kind::permanent);
  CHECK(verdict.hint.empty());
  const auto log = support::read_file(scene.dir.path("log"));
  CHECK(log.find("event=login-failed reason=network user=alice") != log.npos);
  CHECK(log.find("event=unavailable reason=uid-not-served problem=\"with words\" user=bob") !=
        log.npos);
}

TEST_CASE("a name that may be a password is logged as a digest that takes the site's key to make") {
  const Scene scene;
  const auto first = scene.verdicts.name_field();
  CHECK(first.key == "user-digest");
  CHECK(first.value.size() == 16);
  CHECK(first.value.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(VerdictLog(scene.log, scene.settings, "alice").name_field().value == first.value);
  CHECK(VerdictLog(scene.log, scene.settings, "alicf").name_field().value != first.value);
  const Scene other;
  CHECK(other.verdicts.name_field().value != first.value);
  (void)scene.verdicts.refused("unknown-user");
  (void)scene.verdicts.unavailable(Verdict::Kind::temporary, "no-hash-slot");
  const auto log = support::read_file(scene.dir.path("log"));
  CHECK(log.find("reason=unknown-user user-digest=" + first.value) != log.npos);
  CHECK(log.find("reason=no-hash-slot user-digest=" + first.value) != log.npos);
  CHECK(log.find("alice") == log.npos);
}

TEST_CASE("without the site's key there is no digest") {
  Scene scene;
  scene.settings.state_directory = scene.dir.path("missing");
  CHECK(scene.verdicts.name_field().value == "none");
}

TEST_CASE("a name is logged as it is when it is known, empty or asked for") {
  Scene scene;
  CHECK(VerdictLog(scene.log, scene.settings, "").name_field().key == "user");
  scene.settings.log_unknown_names = true;
  CHECK(scene.verdicts.name_field().value == "alice");
  scene.settings.log_unknown_names = false;
  scene.verdicts.know_user();
  CHECK(scene.verdicts.name_field().key == "user");
  CHECK(scene.verdicts.name_field().value == "alice");
}

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
  VerdictLog verdicts{log, "alice"};

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

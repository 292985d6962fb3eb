// SPDX-License-Identifier: ISC
#include "monitor/guess_guard.hpp"

#include "base/time_of_day.hpp"
#include "passwords/personal_digest.hpp"
#include "state/network_refusal.hpp"
#include "state/private_file.hpp"
#include "support/scratch_maildir.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <ostream>
#include <string>
#include <sys/stat.h>

using namespace monitor;
using namespace std::chrono_literals;
using state::penalty_time;
using Clock = GuessGuard::Clock;
using Kind = GuessGuard::Turn::Kind;
using support::ScratchMaildir;

namespace {

constexpr auto failure = state::quarters_a_failure;
constexpr unsigned many = 100; // quarters, far more than are free

struct GuardScene {
  ScratchMaildir place;
  config::Settings settings;
  base::Log log;
  base::Client client = at("192.0.2.7");
  std::pair<ipc::Channel, ipc::Channel> ends = ipc::Channel::make_pair();
  std::optional<GuessGuard> guard;

  GuardScene() {
    settings.runtime_directory = settings.state_directory = place.path();
    log = base::Log::open(place.path("log"), "t");
    anew();
  }
  static base::Client at(const char* address) {
    return {.peer = base::Address::parse(address), .address = base::Address::parse(address)};
  }
  /// As for another connection of the client.
  void anew() {
    guard.emplace(settings, log);
    guard->set_client(client);
  }
  GuessGuard::Turn begin(std::string_view name, std::string_view password = "x",
                         Clock::duration patience = 100ms) {
    return guard->begin({name, password}, Clock::now() + patience, ends.second);
  }
  /// A whole attempt that fails, by a connection of its own.
  Kind fail(std::string_view name, std::string_view password) {
    anew();
    const auto turn = begin(name, password);
    if (turn.kind == Kind::due)
      guard->fail();
    return turn.kind;
  }
  void log_in(std::string_view name) {
    anew();
    REQUIRE(begin(name).kind == Kind::due);
    guard->succeed(std::string(name));
  }
  state::PenaltyTable table() const { return std::move(*state::PenaltyTable::open(place.path())); }
  unsigned level(const state::PenaltyKey& key) const { return table().level(key, penalty_time()); }
  unsigned network_level() const { return level(state::network_key(*client.address)); }
  void charge(const state::PenaltyKey& key, unsigned quarters) const {
    table().charge(key, quarters, penalty_time());
  }
  void fail_times(const state::PenaltyKey& key, unsigned failures) const {
    for (unsigned i = 0; i < failures; ++i)
      charge(key, failure);
  }
  /// As many as count for ten seconds.
  void let_strangers_fail() const {
    for (unsigned i = 0; i < 60; ++i)
      table().charge(state::strangers_key(), failure, penalty_time() + 10'000);
  }
  passwords::Digest digest_of(std::string_view name) const {
    return passwords::name_digest(state::open_site_key(place.path())->reveal(), name);
  }
  bool has_file(const char* name) const { return access(place.path(name).c_str(), F_OK) == 0; }
};

ipc::ReportRequest report(ipc::Ending ending, ipc::Said said) {
  ipc::ReportRequest made;
  made.ending = ending;
  made.said = said;
  return made;
}

} // namespace

TEST_CASE("a client on this host without a told address is not slowed down, and opens no file") {
  GuardScene scene;
  scene.client = GuardScene::at("127.0.0.1");
  for (int i = 0; i < 50; ++i)
    REQUIRE(scene.fail("alice", std::to_string(i)) == Kind::due);
  CHECK(scene.guard->admit() == ipc::Admission::granted);
  scene.guard->count_unprotected();
  scene.guard->count_crash();
  for (const auto* name : {"penalties", "turnstiles", "usual-networks", "site-key"})
    CHECK_FALSE(scene.has_file(name));
}

TEST_CASE("a network has some guesses, whatever the names are, then it has to wait") {
  for (const bool changes_name : {false, true}) {
    GuardScene scene;
    unsigned guesses = 0;
    while (scene.fail(changes_name ? "user" + std::to_string(guesses) : "alice",
                      std::to_string(guesses)) == Kind::due)
      REQUIRE(++guesses < 10);
    CHECK(guesses >= 3);
    scene.anew();
    const auto turn = scene.begin("alice");
    CHECK(turn.kind == Kind::refused);
    CHECK(turn.seconds >= 1);
    CHECK(turn.seconds <= 4);
    scene.client = GuardScene::at("192.0.3.7");
    CHECK(scene.fail("alice", "y") == Kind::due);
  }
}

TEST_CASE("an attempt counts as failed until it has succeeded") {
  GuardScene scene;
  REQUIRE(scene.begin("alice").kind == Kind::due);
  CHECK(scene.network_level() == failure);
  scene.guard->succeed("alice");
  CHECK(scene.network_level() == 0);
  REQUIRE(scene.begin("bob").kind == Kind::due);
  scene.guard->forgive();
  CHECK(scene.network_level() == 0);
  REQUIRE(scene.begin("bob").kind == Kind::due);
  scene.anew(); // the process has been killed
  CHECK(scene.network_level() == failure);
}

TEST_CASE("a user from a usual network does not wait for the guesses of others from there") {
  GuardScene scene;
  scene.log_in("alice");
  scene.charge(state::network_key(*scene.client.address), many);
  scene.charge(state::fresh_name_key(scene.digest_of("alice")), many);
  scene.charge(state::name_key(scene.digest_of("alice")), many);
  scene.anew();
  CHECK(scene.begin("bob").kind == Kind::refused);
  CHECK(scene.guard->admit() == ipc::Admission::granted); // or alice could not even try
  CHECK(scene.begin("alice").kind == Kind::due);
  const auto level = scene.network_level();
  scene.guard->fail();
  CHECK(scene.network_level() == level);
  scene.client = GuardScene::at("192.0.3.7");
  CHECK(scene.fail("bob", "x") == Kind::due);
}

TEST_CASE("guesses for a user from a usual network are slowed down, too") {
  GuardScene scene;
  scene.log_in("alice");
  unsigned guesses = 0;
  while (scene.fail("alice", std::to_string(guesses)) == Kind::due)
    REQUIRE(++guesses < 10);
  CHECK(guesses >= 3);
}

TEST_CASE("the same wrong password counts once for the network") {
  GuardScene scene;
  for (int i = 0; i < 4; ++i)
    CHECK(scene.fail("alice", "old") == Kind::due);
  CHECK(scene.network_level() == failure);
  CHECK(scene.fail("alice", "older") == Kind::due);
  CHECK(scene.network_level() == 2 * failure);
  CHECK(scene.fail("bob", "old") == Kind::due);
  CHECK(scene.network_level() == 3 * failure);
}

TEST_CASE("SCRAM sends no password, so that each attempt counts") {
  GuardScene scene;
  for (int i = 0; i < 2; ++i) {
    REQUIRE(scene.begin("alice", "").kind == Kind::due);
    scene.guard->let_next_begin();
  }
  CHECK(scene.network_level() == 2 * failure);
  scene.guard->forgive();
  CHECK(scene.network_level() == failure);
}

TEST_CASE("an attempt waits until it is due") {
  GuardScene scene;
  scene.log_in("alice");
  scene.fail_times(state::pair_key(scene.digest_of("alice"), *scene.client.address), 4);
  scene.anew();
  const auto before = Clock::now();
  REQUIRE(scene.begin("alice", "x", 10s).kind == Kind::due);
  CHECK(Clock::now() - before >= 800ms);
  CHECK(Clock::now() - before < 5s);
  CHECK(scene.guard->is_suspect());
}

TEST_CASE("an attempt waits for those before it, not for the delay that it causes itself") {
  GuardScene scene;
  const auto network = state::network_key(*scene.client.address);
  const auto begin = penalty_time() - 60'000; // each wait has passed since
  for (int i = 0; i < 8; ++i)
    scene.table().charge(network, failure, begin);
  CHECK(scene.table().wait(network, penalty_time()) == 0);
  CHECK(scene.fail("alice", "x") == Kind::due);
  CHECK(scene.network_level() == 9 * failure);
  CHECK(scene.fail("alice", "y") == Kind::refused);
}

TEST_CASE("a wait ends when the front is gone, and the attempt counts for nothing") {
  GuardScene scene;
  scene.log_in("alice");
  const auto key = state::pair_key(scene.digest_of("alice"), *scene.client.address);
  scene.fail_times(key, 5);
  const auto level = scene.level(key);
  scene.anew();
  scene.ends.first = ipc::Channel(base::UniqueFd());
  const auto before = Clock::now();
  CHECK(scene.begin("alice", "x", 1min).kind == Kind::given_up);
  CHECK(Clock::now() - before < 3s);
  CHECK(scene.level(key) == level);
}

TEST_CASE("while many strangers fail, the second attempt of a network is due much later") {
  GuardScene scene;
  scene.let_strangers_fail();
  scene.log_in("bob"); // a right one is none of them
  CHECK(scene.network_level() == 0);
  REQUIRE(scene.fail("alice", "x") == Kind::due);
  CHECK(scene.network_level() == failure + state::quarters_among_many);
  scene.anew();
  const auto turn = scene.begin("alice", "y", 1min);
  CHECK(turn.kind == Kind::refused);
  CHECK(turn.seconds > 60);
}

TEST_CASE("a usual network and a repeated password are no strangers") {
  GuardScene scene;
  REQUIRE(scene.fail("bob", "x") == Kind::due);
  CHECK(scene.network_level() == failure);
  scene.log_in("alice");
  scene.let_strangers_fail();
  REQUIRE(scene.fail("alice", "x") == Kind::due);
  REQUIRE(scene.fail("bob", "x") == Kind::due);
  CHECK(scene.network_level() == failure);
}

TEST_CASE("leaving a wait for what others have tried costs a network its freshness") {
  GuardScene scene;
  scene.fail_times(state::fresh_name_key(scene.digest_of("alice")), 24); // some seconds
  const auto level = scene.level(state::fresh_name_key(scene.digest_of("alice")));
  scene.ends.first = ipc::Channel(base::UniqueFd());
  for (int i = 0; i < 2; ++i) {
    CHECK(state::is_fresh(scene.network_level()));
    scene.anew();
    CHECK(scene.begin("alice", "x", 1min).kind == Kind::given_up);
  }
  CHECK_FALSE(state::is_fresh(scene.network_level()));
  CHECK(scene.level(state::fresh_name_key(scene.digest_of("alice"))) == level);
}

TEST_CASE("leaving or being refused for a password that is repeated costs the network nothing") {
  GuardScene scene;
  for (int i = 0; i < 6; ++i) // at least five are free, the next ones wait
    REQUIRE(scene.fail("alice", "old") != Kind::given_up);
  const auto level = scene.network_level();
  CHECK(scene.fail("alice", "old") == Kind::refused); // within 100 ms
  CHECK(scene.network_level() == level);
  scene.ends.first = ipc::Channel(base::UniqueFd());
  scene.anew();
  CHECK(scene.begin("alice", "old", 1min).kind == Kind::given_up);
  CHECK(scene.network_level() == level);
}

TEST_CASE("attempts of one network are made one after the other") {
  GuardScene scene;
  GuessGuard other(scene.settings, scene.log);
  other.set_client(scene.client);
  const auto begin_other = [&] {
    return other.begin({"bob", "x"}, Clock::now() + 100ms, scene.ends.second).kind;
  };
  REQUIRE(scene.begin("alice").kind == Kind::due);
  CHECK(begin_other() == Kind::refused);
  scene.guard->let_next_begin();
  REQUIRE(begin_other() == Kind::due);
  CHECK(scene.begin("alice").kind == Kind::refused);
  other.forgive();
  scene.guard->close();
  CHECK(begin_other() == Kind::due);
}

TEST_CASE("an attempt that is refused for its name counts three quarters for its network") {
  GuardScene scene;
  scene.charge(state::fresh_name_key(scene.digest_of("alice")), many);
  scene.charge(state::fresh_name_key(scene.digest_of("alice")), many);
  REQUIRE(scene.begin("alice", "x", 10ms).kind == Kind::refused);
  CHECK(scene.network_level() == state::quarters_of_refusal);
}

TEST_CASE("an attempt on sight, a connection that is left and a crash count for the network") {
  GuardScene scene;
  scene.guard->count_unprotected();
  CHECK(scene.network_level() == failure);
  using ipc::Ending;
  using ipc::Said;
  for (const auto ending :
       {Ending::connection_lost, Ending::login_limit, Ending::too_many_bad_commands})
    scene.guard->count_end(report(ending, Said::more));
  scene.guard->count_end(report(Ending::tls_unexpected, Said::more));
  CHECK(scene.network_level() == failure + 4);
  scene.guard->count_end(report(Ending::proxy_unexpected, Said::more));
  scene.guard->count_end(report(Ending::quit, Said::more));
  scene.guard->count_end(report(Ending::quit, Said::only_quit));
  scene.guard->count_end(report(Ending::connection_lost, Said::nothing));
  scene.guard->count_end(report(Ending::refused, Said::more));
  CHECK(scene.network_level() == failure + 4);
  CHECK(scene.guard->admit() == ipc::Admission::granted);
  scene.guard->count_crash();
  CHECK(scene.guard->admit() == ipc::Admission::crash);
}

TEST_CASE("a connection from a trusted network that is left counts for nothing, a guess does") {
  GuardScene scene;
  scene.settings.trusted_networks = *base::Networks::parse("192.0.2.0/24");
  scene.guard->count_end(report(ipc::Ending::connection_lost, ipc::Said::more));
  CHECK(scene.network_level() == 0);
  CHECK(scene.fail("alice", "x") == Kind::due);
  CHECK(scene.network_level() == failure);
}

TEST_CASE("a closed guard has no file open or mapped, and opens none") {
  GuardScene scene;
  const auto has_any = [] {
    const auto maps = support::read_file("/proc/self/maps");
    return maps.find("/penalties") != maps.npos;
  };
  REQUIRE(scene.begin("alice").kind == Kind::due);
  CHECK(has_any());
  scene.guard->close();
  CHECK_FALSE(has_any());
  CHECK(scene.begin("alice").kind == Kind::due);
  scene.guard->count_crash();
  scene.guard->fail();
  CHECK_FALSE(has_any());
  CHECK(scene.network_level() == failure);
}

TEST_CASE("without its files a guard refuses no attempt, and logs that once") {
  GuardScene scene;
  scene.settings.runtime_directory = scene.settings.state_directory = scene.place.path("missing");
  scene.anew();
  for (int i = 0; i < 20; ++i) {
    REQUIRE(scene.begin("alice", std::to_string(i)).kind == Kind::due);
    scene.guard->fail();
  }
  CHECK(scene.guard->admit() == ipc::Admission::granted);
  const auto log = scene.place.text("log");
  const auto line = log.find("event=penalties problem=");
  CHECK(line != log.npos);
  CHECK(log.find("event=penalties", line + 1) == log.npos);
}

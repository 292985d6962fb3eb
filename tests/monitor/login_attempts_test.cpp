// SPDX-License-Identifier: ISC
// Complete login attempts, each with a verifier in a process of its own.
#include "monitor/login_attempts.hpp"

#include "front/requester.hpp"
#include "state/penalty_table.hpp"
#include "support/login_fixture.hpp"
#include "support/scram_client.hpp"
#include "support/session_profile.hpp"
#include "users/scram_entry.hpp"

#include <cstring>
#include <doctest/doctest.h>
#include <ostream>
#include <sys/wait.h>

using namespace monitor;
using support::ScramClient;
using Reason = pop3::Denial::Reason;

namespace {

const std::string& hash() {
  static const auto made = support::cheap_hash("wonderland");
  return made;
}

std::string scram_word() {
  static const auto made =
      passwords::make_scram(base::Secret("wonderland"), passwords::least_scram_iterations);
  return "sodapop_scram=" + users::scram_entry(made, hash());
}

struct Scene : support::LoginFixture {
  std::pair<ipc::Channel, ipc::Channel> ends = ipc::Channel::make_pair();
  std::optional<base::Log> to;
  std::optional<MonitorContext> place;
  std::optional<GuessGuard> guard;
  std::optional<LoginAttempts> attempts;

  explicit Scene(std::uint32_t most = 3) {
    settings.attempts = most;
    settings.failure_delay = 0;
    settings.scram = config::Settings::Scram::always;
    write_user(hash(), scram_word());
    to = base::Log::open(dir.path("log"), "t");
    ends.first.set_limit(std::chrono::seconds(20));
    begin(support::full_profile());
  }
  /// On this host, where no attempt waits for its turn, or at `address`.
  void begin(const pop3::SessionProfile& profile, const char* address = "127.0.0.1") {
    const auto source = base::Address::parse(address);
    place.emplace(MonitorContext{{settings, *to, {}, {source, source}}, "5e55", profile});
    guard.emplace(settings, *to);
    guard->set_client(place->client);
    attempts.emplace(*place, ends.second, *guard,
                     std::chrono::steady_clock::now() + std::chrono::seconds(20));
  }
  template <class Answer> Answer answer() { return front::receive<Answer>(ends.first); }

  std::optional<GrantedLogin> log_in(std::string_view password) {
    auto request = support::login_request("alice", password);
    auto login = attempts->take(request);
    CHECK(request.password_length == 0); // wiped
    return login;
  }
  ipc::ScramOfferAnswer start(const ScramClient& one) {
    ipc::ScramStartRequest request;
    const auto put = [](auto& target, std::uint32_t& length, const std::string& text) {
      length = static_cast<std::uint32_t>(text.copy(target.data(), target.size()));
    };
    put(request.name, request.name_length, one.start.name);
    put(request.bare, request.bare_length, one.start.message_bare);
    put(request.nonce, request.nonce_length, one.start.nonce);
    CHECK_FALSE(attempts->take(request));
    return answer<ipc::ScramOfferAnswer>();
  }
  static ipc::ScramCheckRequest check_of(const pop3::ScramFinal& last) {
    ipc::ScramCheckRequest request;
    request.proof = last.proof;
    request.length = static_cast<std::uint32_t>(
        last.without_proof.copy(request.without_proof.data(), request.without_proof.size()));
    return request;
  }
  ipc::ScramSignatureAnswer check(const pop3::ScramFinal& last) {
    auto request = check_of(last);
    CHECK_FALSE(attempts->take(request));
    return answer<ipc::ScramSignatureAnswer>();
  }
  std::optional<GrantedLogin> finish() {
    ipc::ScramFinishRequest request;
    return attempts->take(request);
  }
};

pop3::ScramOffer offer_in(const ipc::ScramOfferAnswer& answer) {
  return {std::string(answer.nonce.data(), answer.nonce.size()),
          std::string(answer.salt.data(), answer.salt_length), answer.iterations};
}

template <class Act> void expect_violation(const Act& act) {
  CHECK_THROWS_AS(act(), ipc::ProtocolViolation);
}

} // namespace

TEST_CASE("a right password gives a login and no answer, a wrong one an answer and no login") {
  Scene scene;
  CHECK_FALSE(scene.log_in("Wonderland"));
  const auto refused = scene.answer<ipc::LoginAnswer>();
  CHECK(refused.granted == 0);
  CHECK(refused.reason == Reason::credentials);
  CHECK(refused.is_final == 0);
  const auto login = scene.log_in("wonderland");
  REQUIRE(login);
  CHECK(login->verdict.name == "alice");
  CHECK(login->method == "PLAIN");
}

TEST_CASE("a missing users file, and no place for the hash slots, are no wrong password") {
  Scene scene;
  const auto refusal = [&] {
    CHECK_FALSE(scene.log_in("wonderland"));
    return scene.answer<ipc::LoginAnswer>().reason;
  };
  const auto directory = std::exchange(scene.settings.runtime_directory, scene.dir.path("missing"));
  CHECK(refusal() == Reason::temporary);
  scene.settings.runtime_directory = directory;
  unlink(scene.settings.users.c_str());
  CHECK(refusal() == Reason::temporary);
  CHECK(scene.start(ScramClient("alice", "wonderland")).reason == Reason::temporary);
  CHECK(scene.has_logged("event=unavailable reason=verifier-failed problem="));
}

TEST_CASE("a user who is changed after the proof of SCRAM is refused at the end") {
  Scene scene;
  ScramClient client("alice", "wonderland");
  REQUIRE(scene.check(client.answer(offer_in(scene.start(client)))).granted == 1);
  scene.write_user("!" + hash(), scram_word());
  CHECK_FALSE(scene.finish());
  CHECK(scene.answer<ipc::LoginAnswer>().reason == Reason::credentials);
  expect_violation([&] { (void)scene.finish(); });
}

TEST_CASE("the three steps of SCRAM give a login") {
  Scene scene;
  ScramClient client("alice", "wonderland");
  const auto offered = scene.start(client);
  CHECK(offered.granted == 1);
  const auto checked = scene.check(client.answer(offer_in(offered)));
  REQUIRE(checked.granted == 1);
  CHECK(client.accepts(checked.signature));
  const auto login = scene.finish();
  REQUIRE(login);
  CHECK(login->verdict.name == "alice");
  CHECK(login->method == "SCRAM-SHA-256");
  CHECK(login->verdict.maildir == "/mail/alice");
}

TEST_CASE("steps of SCRAM out of their order are violations") {
  Scene scene;
  ScramClient client("alice", "wonderland");
  auto nothing = Scene::check_of({"c=biws,r=x", {}});
  expect_violation([&] { scene.attempts->take(nothing); });
  expect_violation([&] { scene.finish(); });
  const auto offered = scene.start(client);
  expect_violation([&] { scene.finish(); }); // before a proof
  const auto last = client.answer(offer_in(offered));
  CHECK(scene.check(last).granted == 1);
  auto again = Scene::check_of(last);
  expect_violation([&] { scene.attempts->take(again); });
  CHECK(scene.finish());
  expect_violation([&] { scene.finish(); });
}

TEST_CASE("after a wrong proof there is no second one, and no login") {
  Scene scene;
  ScramClient client("alice", "Wonderland");
  const auto last = client.answer(offer_in(scene.start(client)));
  const auto refused = scene.check(last);
  CHECK(refused.granted == 0);
  CHECK(refused.reason == Reason::credentials);
  CHECK(refused.signature == pop3::ScramSignature{});
  auto again = Scene::check_of(last);
  expect_violation([&] { scene.attempts->take(again); });
  expect_violation([&] { scene.finish(); });
}

TEST_CASE("a second start forgets the first, and a proof that was right") {
  Scene scene(5);
  ScramClient client("alice", "wonderland");
  const auto first = offer_in(scene.start(client));
  const auto second = offer_in(scene.start(client));
  CHECK(first.nonce != second.nonce);
  CHECK(first.salt == second.salt);
  CHECK(scene.check(client.answer(first)).granted == 0); // a proof for the first offer
  CHECK(scene.check(client.answer(offer_in(scene.start(client)))).granted == 1);
  (void)scene.start(client);
  expect_violation([&] { scene.finish(); });
}

TEST_CASE("another kind of attempt forgets an exchange, too") {
  Scene scene;
  ScramClient client("alice", "wonderland");
  REQUIRE(scene.check(client.answer(offer_in(scene.start(client)))).granted == 1);
  CHECK_FALSE(scene.log_in("Wonderland"));
  (void)scene.answer<ipc::LoginAnswer>();
  expect_violation([&] { scene.finish(); });
  const auto last = client.answer(offer_in(scene.start(client)));
  CHECK_FALSE(scene.log_in("Wonderland"));
  (void)scene.answer<ipc::LoginAnswer>();
  auto late = Scene::check_of(last);
  expect_violation([&] { scene.attempts->take(late); });
}

TEST_CASE("an exchange of SCRAM that is left is logged as a failed login") {
  Scene scene(9);
  ScramClient client("alice", "wonderland");
  const auto count = [&](std::string_view reason) {
    const auto log = scene.log();
    const auto line = "event=login-failed reason=" + std::string(reason) + " user=alice";
    unsigned found = 0;
    for (auto at = log.find(line); at != log.npos; at = log.find(line, at + 1))
      ++found;
    return found;
  };
  const auto offer = offer_in(scene.start(client));
  CHECK(count("no-proof") == 0);
  CHECK(scene.attempts->abandon_exchange());
  CHECK(count("no-proof") == 1);
  CHECK_FALSE(scene.attempts->abandon_exchange());
  (void)scene.start(client);
  (void)scene.start(client);
  CHECK(count("no-proof") == 2);
  REQUIRE(scene.check(client.answer(offer_in(scene.start(client)))).granted == 1);
  CHECK_FALSE(scene.log_in("Wonderland"));
  (void)scene.answer<ipc::LoginAnswer>();
  CHECK(count("not-confirmed") == 1);
  CHECK(count("no-proof") == 3);
  REQUIRE(scene.check(client.answer(offer_in(scene.start(client)))).granted == 1);
  CHECK(scene.finish());
  CHECK_FALSE(scene.attempts->abandon_exchange());
  CHECK(count("not-confirmed") == 1);
  CHECK(count("wrong-password") == 1);
}

TEST_CASE("an offer after one that was left waits as long as the answer to a wrong password") {
  Scene scene(9);
  scene.settings.failure_delay = 1;
  ScramClient client("alice", "wonderland");
  const auto start = std::chrono::steady_clock::now();
  (void)scene.start(client);
  (void)scene.start(client);
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::seconds(1));
}

TEST_CASE("a proof that was seen once is not played back") {
  Scene scene;
  ScramClient client("alice", "wonderland");
  const auto seen = client.answer(offer_in(scene.start(client)));
  REQUIRE(scene.check(seen).granted == 1);
  REQUIRE(scene.finish());
  (void)scene.start(client);
  CHECK(scene.check(seen).granted == 0);
}

TEST_CASE("the last attempt is final, whatever the kinds of the attempts are") {
  Scene scene(2);
  ScramClient client("alice", "Wonderland");
  CHECK(scene.check(client.answer(offer_in(scene.start(client)))).is_final == 0);
  SUBCASE("by a password") {
    CHECK_FALSE(scene.log_in("Wonderland"));
    CHECK(scene.answer<ipc::LoginAnswer>().is_final == 1);
  }
  SUBCASE("by SCRAM, which tells it with the offer") {
    CHECK(scene.start(client).is_final == 1);
    expect_violation([&] { scene.finish(); });
  }
  SUBCASE("by a proof") {
    CHECK(scene.check(client.answer(offer_in(scene.start(client)))).is_final == 1);
  }
}

TEST_CASE("an offer for an unknown name is like any other, and stable") {
  Scene scene;
  const auto known = scene.start(ScramClient("alice", ""));
  const auto first = scene.start(ScramClient("nobody", ""));
  const auto second = scene.start(ScramClient("nobody", ""));
  CHECK(first.granted == 1);
  CHECK(first.salt_length == known.salt_length);
  CHECK(first.iterations == known.iterations);
  CHECK(first.salt == second.salt);
  CHECK(first.nonce != second.nonce);
}

TEST_CASE("an attempt that the connection does not allow is a violation") {
  Scene scene;
  scene.begin(support::full_profile(false));
  auto password = support::login_request("alice", "wonderland");
  expect_violation([&] { scene.attempts->take(password); });
  const auto take_token = [&] {
    auto token = support::login_request("alice", "token", pop3::Mechanism::oauthbearer);
    scene.attempts->take(token);
  };
  expect_violation(take_token);
  scene.begin(support::profile()); // a site that takes nothing but passwords
  expect_violation(take_token);
  auto external = support::login_request("alice", "", pop3::Mechanism::external);
  expect_violation([&] { scene.attempts->take(external); });
  ipc::ScramStartRequest scram;
  expect_violation([&] { scene.attempts->take(scram); });
}

TEST_CASE("a client without a certificate cannot use one") {
  Scene scene;
  auto profile = support::full_profile();
  profile.has_certificate = false;
  scene.begin(profile);
  auto external = support::login_request("alice", "", pop3::Mechanism::external);
  expect_violation([&] { scene.attempts->take(external); });
}

TEST_CASE("a program that checks passwords is asked about passwords alone") {
  Scene scene;
  scene.settings.checkpassword = "/bin/false";
  scene.begin(support::profile());
  ipc::ScramStartRequest scram;
  expect_violation([&] { scene.attempts->take(scram); });
  auto token = support::login_request("alice", "token", pop3::Mechanism::oauthbearer);
  expect_violation([&] { scene.attempts->take(token); });
  auto external = support::login_request("alice", "", pop3::Mechanism::external);
  expect_violation([&] { scene.attempts->take(external); });
}

TEST_CASE("a hint reaches the front, whole") {
  Scene scene;
  scene.write_user(hash(), "nologin=moved " + scram_word());
  CHECK_FALSE(scene.log_in("wonderland"));
  const auto by_password = scene.answer<ipc::LoginAnswer>();
  CHECK(std::string(by_password.hint.data(), by_password.hint_length) == "moved");
  ScramClient client("alice", "wonderland");
  const auto by_scram = scene.check(client.answer(offer_in(scene.start(client))));
  CHECK(by_scram.granted == 0);
  CHECK(std::string(by_scram.hint.data(), by_scram.hint_length) == "moved");
}

TEST_CASE("an outdated hash is renewed by a login") {
  Scene scene;
  scene.settings.rehash = true;
  CHECK(scene.log_in("wonderland"));
  CHECK(scene.has_logged("event=rehash user=alice"));
  CHECK(support::read_file(scene.settings.users).find(hash()) == std::string::npos);
  ScramClient client("alice", "wonderland");
  CHECK(scene.check(client.answer(offer_in(scene.start(client)))).granted == 1);
  CHECK(scene.log_in("wonderland"));
}

TEST_CASE("a denial says whether it was the last") {
  Scene scene(1);
  CHECK(scene.log_in("wonderland"));
  scene.attempts->deny(Reason::too_many);
  const auto denied = scene.answer<ipc::LoginAnswer>();
  CHECK(denied.granted == 0);
  CHECK(denied.reason == Reason::too_many);
  CHECK(denied.is_final == 1);
}

TEST_CASE(
    "an attempt that was refused as the connection is not protected is logged with its name") {
  Scene scene;
  scene.settings.log_unknown_names = false;
  auto profile = support::full_profile();
  profile.is_protected = false;
  scene.begin(profile);
  const auto note = [&](std::string_view name) {
    ipc::UnprotectedRequest request;
    request.name_length =
        static_cast<std::uint32_t>(name.copy(request.name.data(), request.name.size()));
    scene.attempts->note(request);
  };
  note("alice");
  CHECK(scene.has_logged("event=login-failed reason=unprotected problem=\"no TLS, as far as this "
                         "server knows; behind a TLS wrapper set tls = wrapped\" user=alice"));
  scene.settings.tls = config::Settings::Tls::wrapped;
  note("secret");
  CHECK(scene.has_logged("event=login-failed reason=unprotected problem=\"the proxy says that its "
                         "client has no TLS\" user-digest="));
  CHECK_FALSE(scene.has_logged("secret"));
  scene.begin(support::full_profile());
  expect_violation([&] { note("alice"); });
}

TEST_CASE("attempts that are refused without a look can be left out of the log, others cannot") {
  Scene scene;
  scene.begin(support::full_profile(), "192.0.2.7");
  scene.attempts->leave_unchecked_out();
  CHECK_FALSE(scene.log_in("wrong"));
  CHECK(scene.has_logged("event=login-failed reason=wrong-password user=alice"));
  auto table = state::PenaltyTable::open(scene.settings.runtime_directory);
  for (int i = 0; i < 20; ++i)
    table->charge(state::network_key(*base::Address::parse("192.0.2.7")), state::quarters_a_failure,
                  state::penalty_time());
  CHECK_FALSE(scene.log_in("wrong"));
  CHECK_FALSE(scene.has_logged("reason=penalty"));
  scene.begin(support::full_profile(), "192.0.2.7");
  CHECK_FALSE(scene.log_in("wrong"));
  CHECK(scene.has_logged("reason=penalty"));
}

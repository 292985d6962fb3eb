// SPDX-License-Identifier: ISC
#include "front/remote_gatekeeper.hpp"

#include "support/remote_fixture.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace front;
using support::MemoryKeeper;
using support::RemoteFixture;

namespace {

/// Grants every request. The salt has two octets, NUL and `s`.
void consent(MemoryKeeper& keeper, const ipc::Request& request) {
  if (std::holds_alternative<ipc::ScramStartRequest>(request)) {
    ipc::ScramOfferAnswer answer;
    answer.granted = 1;
    answer.nonce.fill('n');
    answer.salt_length = 2;
    answer.salt = {'\0', 's'};
    answer.iterations = 4096;
    return keeper.send(answer);
  }
  if (std::holds_alternative<ipc::ScramCheckRequest>(request)) {
    ipc::ScramSignatureAnswer answer;
    answer.granted = 1;
    answer.signature.fill(7);
    return keeper.send(answer);
  }
  ipc::LoginAnswer answer;
  answer.granted = 1;
  answer.is_read_only = 1;
  keeper.send(answer);
}

template <std::size_t Size>
std::string text(const std::array<char, Size>& octets, std::uint32_t length) {
  return {octets.data(), length};
}

struct ScramScene {
  std::pair<ipc::Channel, ipc::Channel> ends = ipc::Channel::make_pair();
  ipc::Channel channel = std::move(ends.first);
  MemoryKeeper keeper;
  RemoteGatekeeper gatekeeper{Requester(channel)};

  explicit ScramScene(MemoryKeeper::Answering answering = consent)
      : keeper(std::move(ends.second), {}, std::move(answering)) {}
  ~ScramScene() { end(); }
  const std::vector<ipc::Request>& end() {
    channel = ipc::Channel(base::UniqueFd());
    keeper.join();
    return keeper.requests;
  }
};

template <class Answer> auto always(const Answer& answer) {
  return [answer](MemoryKeeper& keeper, const ipc::Request&) { keeper.send(answer); };
}

} // namespace

TEST_CASE("the three steps of SCRAM cross the boundary as they are") {
  ScramScene fixture;
  const auto offer = fixture.gatekeeper.scram_start({"alice", "n=alice,r=abc", "abc"});
  REQUIRE(offer.has_value());
  CHECK(offer->nonce == std::string(24, 'n'));
  CHECK(offer->salt == std::string("\0s", 2));
  CHECK(offer->iterations == 4096);
  pop3::ScramFinal last{"c=biws,r=abcn", {}};
  last.proof.fill(9);
  const auto signature = fixture.gatekeeper.scram_check(last);
  REQUIRE(signature.has_value());
  CHECK(signature->front() == 7);
  const auto maildrop = fixture.gatekeeper.scram_finish();
  REQUIRE(maildrop.has_value());
  CHECK((*maildrop)->is_read_only());
  const auto& requests = fixture.end();
  REQUIRE(requests.size() == 3);
  const auto& start = std::get<ipc::ScramStartRequest>(requests[0]);
  CHECK(text(start.name, start.name_length) == "alice");
  CHECK(text(start.nonce, start.nonce_length) == "abc");
  CHECK(text(start.bare, start.bare_length) == "n=alice,r=abc");
  const auto& check = std::get<ipc::ScramCheckRequest>(requests[1]);
  CHECK(text(check.without_proof, check.length) == "c=biws,r=abcn");
  CHECK(check.proof == last.proof);
  CHECK(std::holds_alternative<ipc::ScramFinishRequest>(requests[2]));
}

TEST_CASE("refusals of the steps arrive with reason and hint") {
  ipc::ScramOfferAnswer no_offer;
  no_offer.reason = pop3::Denial::Reason::permanent;
  no_offer.is_final = 1;
  ScramScene first(always(no_offer));
  const auto offer = first.gatekeeper.scram_start({"a", "n=a,r=b", "b"});
  REQUIRE_FALSE(offer.has_value());
  CHECK(offer.error().reason == pop3::Denial::Reason::permanent);
  CHECK(offer.error().is_final);
  ipc::ScramSignatureAnswer no_signature;
  no_signature.hint_length = 5;
  std::string("moved").copy(no_signature.hint.data(), 5);
  ScramScene second(always(no_signature));
  const auto signature = second.gatekeeper.scram_check({"c=biws,r=b", {}});
  REQUIRE_FALSE(signature.has_value());
  CHECK(signature.error().reason == pop3::Denial::Reason::credentials);
  CHECK(signature.error().hint == "moved");
}

TEST_CASE("after the offer of the last attempt nothing but its proof is sent") {
  ipc::ScramOfferAnswer last;
  last.granted = 1;
  last.is_final = 1;
  ScramScene fixture([last](MemoryKeeper& keeper, const ipc::Request& request) {
    if (std::holds_alternative<ipc::ScramStartRequest>(request))
      keeper.send(last);
    else
      consent(keeper, request);
  });
  REQUIRE(fixture.gatekeeper.scram_start({"a", "n=a,r=b", "b"}).has_value());
  const auto again = fixture.gatekeeper.scram_start({"a", "n=a,r=b", "b"});
  REQUIRE_FALSE(again.has_value());
  CHECK(again.error().reason == pop3::Denial::Reason::used_up);
  CHECK(again.error().is_final);
  const auto login =
      fixture.gatekeeper.login({pop3::Mechanism::plain, "a", base::Secret("password")});
  REQUIRE_FALSE(login.has_value());
  CHECK(login.error().reason == pop3::Denial::Reason::used_up); // the password may be right
  CHECK(login.error().is_final);
  CHECK(fixture.gatekeeper.scram_check({"c=biws,r=b", {}}).has_value());
  CHECK(fixture.gatekeeper.scram_finish().has_value());
  CHECK(fixture.end().size() == 3);
}

TEST_CASE("an answer to another step is a violation") {
  ScramScene fixture(always(ipc::LoginAnswer()));
  CHECK_THROWS_AS((void)fixture.gatekeeper.scram_start({"a", "n=a,r=b", "b"}),
                  ipc::ProtocolViolation);
  ScramScene other(always(ipc::ScramOfferAnswer()));
  CHECK_THROWS_AS((void)other.gatekeeper.scram_check({"c", {}}), ipc::ProtocolViolation);
  ScramScene third(always(ipc::ScramSignatureAnswer()));
  CHECK_THROWS_AS((void)third.gatekeeper.scram_finish(), ipc::ProtocolViolation);
}

TEST_CASE("a value that is too long for a step is sent as empty") {
  for (const std::size_t more : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
    ScramScene fixture;
    const std::string name(pop3::max_user_name - 1 + more, 'n');
    (void)fixture.gatekeeper.scram_start({name, "bare", "nonce"});
    (void)fixture.gatekeeper.scram_start(
        {"n", std::string(pop3::max_scram_message - 1 + more, 'b'), "n"});
    (void)fixture.gatekeeper.scram_start(
        {"n", "b", std::string(pop3::max_scram_nonce - 1 + more, 'n')});
    (void)fixture.gatekeeper.scram_check(
        {std::string(pop3::max_scram_message - 1 + more, 'c'), {}});
    const auto& requests = fixture.end();
    REQUIRE(requests.size() == 4);
    const bool fits = more <= 1;
    for (int i = 0; i < 3; ++i)
      CHECK((std::get<ipc::ScramStartRequest>(requests[static_cast<std::size_t>(i)]).name_length >
             0) == fits);
    CHECK((std::get<ipc::ScramCheckRequest>(requests[3]).length > 0) == fits);
  }
}

TEST_CASE("a token is sent as it is, up to its limit") {
  for (const auto mechanism : {pop3::Mechanism::oauthbearer, pop3::Mechanism::xoauth2})
    for (const std::size_t more : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
      ScramScene fixture;
      const std::string token(pop3::max_token - 1 + more, 't');
      (void)fixture.gatekeeper.login({mechanism, "alice", base::Secret(token)});
      const auto& request = std::get<ipc::LoginRequest>(fixture.end().at(0));
      CHECK(request.mechanism == mechanism);
      CHECK(request.password_length == (more <= 1 ? token.size() : 0));
      CHECK(request.name_length == (more <= 1 ? 5 : 0));
    }
}

TEST_CASE("a login by certificate has no password") {
  ScramScene fixture;
  (void)fixture.gatekeeper.login({pop3::Mechanism::external, "alice", base::Secret("")});
  const auto& request = std::get<ipc::LoginRequest>(fixture.end().at(0));
  CHECK(request.mechanism == pop3::Mechanism::external);
  CHECK(request.password_length == 0);
}

TEST_CASE("an unprotected attempt is told to the monitor three times, and no more") {
  ScramScene fixture([](MemoryKeeper&, const ipc::Request&) {}); // it has no answer
  fixture.gatekeeper.note_unprotected("alice");
  fixture.gatekeeper.note_unprotected(std::string(256, 'n'));
  for (int i = 0; i < 3; ++i)
    fixture.gatekeeper.note_unprotected("");
  const auto requests = fixture.end();
  REQUIRE(requests.size() == 3);
  const auto& first = std::get<ipc::UnprotectedRequest>(requests[0]);
  CHECK(std::string_view(first.name.data(), first.name_length) == "alice");
  CHECK(std::get<ipc::UnprotectedRequest>(requests[1]).name_length == 0);
}

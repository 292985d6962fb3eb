// SPDX-License-Identifier: ISC
#include "state/penalty_table.hpp"

#include "support/scratch.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <ostream>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using state::PenaltyFile;
using state::PenaltyKey;
using state::PenaltyKind;
using state::PenaltyTable;
using state::PenaltyTime;

namespace {

constexpr PenaltyTime now = 3'600'000, second = 1000, minute = 60 * second;
constexpr unsigned failure = state::quarters_a_failure;
const auto client = *base::Address::parse("192.0.2.7");
const auto key = state::network_key(client);

state::PenaltyDigest digest(std::uint8_t octet) {
  state::PenaltyDigest made;
  made.fill(octet);
  return made;
}

PenaltyTable table_in(const Scratch& scratch) {
  auto table = PenaltyTable::open(scratch.path());
  REQUIRE(table.has_value());
  return std::move(*table);
}

PenaltyKey numbered(std::uint32_t number) {
  auto address = client;
  for (unsigned i = 0; i < 4; ++i)
    address.octets[12 + i] = static_cast<std::uint8_t>(number >> 8 * i);
  return state::network_key(address);
}

} // namespace

TEST_CASE("a key without failures waits for nothing") {
  const Scratch scratch;
  const auto table = table_in(scratch);
  CHECK(table.wait(key, now) == 0);
  CHECK(table.level(key, now) == 0);
  CHECK(table.list(now).empty());
}

TEST_CASE("a network has five failures free, then the delay doubles up to its ceiling") {
  const Scratch scratch;
  auto table = table_in(scratch);
  auto at = now;
  for (const state::PenaltyTime delay :
       {0u, 0u, 0u, 0u, 0u, 4u, 8u, 16u, 32u, 64u, 128u, 256u, 512u, 1024u, 1024u, 1024u}) {
    CHECK(table.charge(key, failure, at).wait == 0);
    CHECK(table.wait(key, at) == delay * second);
    at += delay * second;
  }
}

TEST_CASE("a network pays more for a failure from the sixtieth on that strangers make at once") {
  const Scratch scratch;
  auto table = table_in(scratch);
  for (std::uint32_t i = 1; i < 60; ++i)
    table.count_stranger(numbered(i), now);
  CHECK(table.level(numbered(59), now) == 0);
  table.count_stranger(key, now);
  CHECK(table.level(key, now) == state::quarters_among_many);
  CHECK(table.wait(state::strangers_key(), now) == 0);
  table.count_stranger(numbered(60), now + second); // two are forgotten
  CHECK(table.level(numbered(60), now + second) == 0);
  table.count_stranger(numbered(61), now + second);
  CHECK(table.level(numbered(61), now + second) == state::quarters_among_many);
}

TEST_CASE("attempts that are charged at once are due one after the other") {
  const Scratch scratch;
  auto table = table_in(scratch);
  for (const state::PenaltyTime wait : {0u, 0u, 0u, 0u, 0u, 0u, 4u, 12u, 28u, 60u})
    CHECK(table.charge(key, failure, now).wait == wait * second);
}

TEST_CASE("the time until an attempt is due is told to the millisecond, and passes") {
  const Scratch scratch;
  auto table = table_in(scratch);
  for (int i = 0; i < 6; ++i)
    table.charge(key, failure, now);
  CHECK(table.wait(key, now + 1) == 3999);
  CHECK(table.wait(key, now + 3999) == 1);
  CHECK(table.wait(key, now + 4000) == 0);
}

TEST_CASE("a failure is forgotten each ten minutes after an attempt is due") {
  const Scratch scratch;
  auto table = table_in(scratch);
  for (int i = 0; i < 6; ++i)
    table.charge(key, failure, now);
  const auto due = now + 4 * second;
  CHECK(table.level(key, due) == 6 * failure);
  CHECK(table.level(key, due + 10 * minute) == 5 * failure);
  CHECK(table.level(key, due + 40 * minute - 1) == 2 * failure + 1);
  CHECK(table.level(key, due + 40 * minute) == 2 * failure);
}

TEST_CASE("the last two failures of a network are forgotten twelve hours later each") {
  const Scratch scratch;
  auto table = table_in(scratch);
  constexpr auto hour = 60 * minute;
  for (int i = 0; i < 6; ++i)
    table.charge(key, failure, now);
  const auto start = now + 4 * second + 40 * minute;
  CHECK(table.level(key, start + 3 * hour - 1) == 2 * failure);
  CHECK(table.level(key, start + 12 * hour) == failure);
  CHECK(table.level(key, start + 24 * hour - 1) == 1);
  CHECK(table.level(key, start + 24 * hour) == 0);
  CHECK(table.list(start + 24 * hour).empty());
}

TEST_CASE("a charge that is given back leaves everything as it was, also what is forgotten when") {
  const Scratch scratch;
  auto table = table_in(scratch);
  for (int i = 0; i < 6; ++i)
    table.charge(key, failure, now);
  for (unsigned i = 1; i <= 5; ++i) {
    const auto charge = table.charge(key, failure, now + 4 * second + i * minute);
    CHECK(charge.wait == 0);
    table.refund(charge);
  }
  CHECK(table.level(key, now + 4 * second + 10 * minute) == 5 * failure);
}

TEST_CASE("a charge can be given back after later ones, once") {
  const Scratch scratch;
  auto table = table_in(scratch);
  const auto first = table.charge(key, failure, now);
  for (int i = 0; i < 3; ++i)
    table.charge(key, failure, now);
  table.refund(first);
  CHECK(table.level(key, now) == 3 * failure);
  const auto right = table.charge(key, failure, now);
  const auto wrong = table.charge(key, failure, now);
  table.refund(right);
  CHECK(table.level(key, now) == 4 * failure);
  CHECK(wrong.wait <= table.wait(key, now));
}

TEST_CASE("at the highest level, charges that are given back leave level and wait as they were") {
  const Scratch scratch;
  auto table = table_in(scratch);
  for (const auto& capped : {state::name_key(digest(1)), state::pair_key(digest(2), client), key}) {
    for (int i = 0; i < 1000; ++i)
      table.charge(capped, failure, now);
    const auto at = now + table.wait(capped, now);
    const auto level = table.level(capped, at);
    CHECK(level == state::highest_level(state::penalty_rule(capped.kind)));
    for (int i = 0; i < 100; ++i) {
      const auto first = table.charge(capped, failure, at);
      const auto later = table.charge(capped, failure, at);
      table.refund(first);
      table.refund(later);
    }
    CHECK(table.level(capped, at) == level);
    CHECK(table.wait(capped, at) == 0);
  }
}

TEST_CASE("a charge of nothing only tells the wait") {
  const Scratch scratch;
  auto table = table_in(scratch);
  for (int i = 0; i < 6; ++i)
    table.charge(key, failure, now);
  const auto charge = table.charge(key, 0, now);
  CHECK(charge.wait == 4 * second);
  table.refund(charge);
  CHECK(table.level(key, now) == 6 * failure);
}

TEST_CASE("four quarters are a failure, and cause its delay") {
  const Scratch scratch;
  auto table = table_in(scratch);
  for (int i = 0; i < 23; ++i)
    table.charge(key, 1, now);
  CHECK(table.wait(key, now) == 0);
  table.charge(key, 1, now);
  CHECK(table.wait(key, now) == second);
  table.charge(key, 2, now);
  CHECK(table.wait(key, now) == 3 * second);
}

TEST_CASE("kinds, networks and names are counted apart") {
  const Scratch scratch;
  auto table = table_in(scratch);
  const auto v6 = *base::Address::parse("2001:db8:1:2:3::4");
  std::vector keys{key, state::network_key(v6)};
  for (const auto& address : {client, v6})
    for (const auto& of_network : {state::crash_key(address)})
      keys.push_back(of_network);
  for (const auto& address : {client, v6})
    for (const auto& wider : state::wider_keys(address))
      keys.push_back(wider);
  for (const auto& name : {digest(1), digest(2)})
    for (const auto& of_name : {state::name_key(name), state::fresh_name_key(name),
                                state::pair_key(name, client), state::pair_key(name, v6),
                                state::password_key(name, client), state::password_key(name, v6)})
      keys.push_back(of_name);
  CHECK(std::set(keys.begin(), keys.end()).size() == 19);
  for (unsigned i = 0; i < keys.size(); ++i)
    table.charge(keys[i], i % 4 + 1, now);
  for (unsigned i = 0; i < keys.size(); ++i)
    CHECK(table.level(keys[i], now) == i % 4 + 1);
  const auto listed = table.list(now);
  CHECK(listed.size() == keys.size());
  for (const auto& entry : listed) {
    CHECK(std::ranges::find(keys, entry.key) != keys.end());
    CHECK(entry.since == now);
  }
}

TEST_CASE("what is cleared waits for nothing") {
  const Scratch scratch;
  auto table = table_in(scratch);
  for (unsigned i = 0; i < 10; ++i) {
    table.charge(key, failure, now);
    table.charge(numbered(i), failure, now);
  }
  table.clear(key);
  CHECK(table.wait(key, now) == 0);
  CHECK(table.level(numbered(1), now) == failure);
  table.clear_all();
  CHECK(table.list(now).empty());
}

TEST_CASE("tables of one directory are one table") {
  const Scratch scratch;
  auto table = table_in(scratch), other = table_in(scratch);
  table.charge(key, failure, now);
  other.charge(key, failure, now);
  CHECK(table.level(key, now) == 2 * failure);
}

TEST_CASE("charges by several processes at once all count") {
  const Scratch scratch;
  auto table = table_in(scratch);
  constexpr int processes = 4, charges = 20;
  const auto name = state::name_key(digest(1));
  for (int i = 0; i < processes; ++i)
    if (fork() == 0) {
      auto own = PenaltyTable::open(scratch.path());
      for (int n = 0; n < charges; ++n)
        own->charge(name, 1, now);
      _exit(0);
    }
  while (wait(nullptr) > 0) {
  }
  CHECK(table.level(name, now) == processes * charges);
}

TEST_CASE("in a full table a new key finds a place, and a high level keeps its own") {
  const Scratch scratch;
  auto table = table_in(scratch);
  for (int i = 0; i < 8; ++i)
    table.charge(key, failure, now);
  bool all_count = true;
  for (std::uint32_t i = 0; i < 2 * PenaltyFile::entries; ++i) {
    table.charge(numbered(i), failure, now + i);
    all_count = all_count && table.level(numbered(i), now + i) >= failure;
  }
  CHECK(all_count);
  CHECK(table.level(key, now) >= 8 * failure);
  constexpr auto places = PenaltyTable::network_sets * PenaltyTable::ways;
  CHECK(table.list(now).size() <= places);
  CHECK(table.list(now).size() > places - 100);
}

namespace {

/// A guess as the monitor counts it, at a name of its own, from a network of its own in each of the
TEST_CASE("a table that is full of networks keeps the names") {
  const Scratch scratch;
  auto table = table_in(scratch);
  const auto name = state::fresh_name_key(digest(1));
  table.charge(name, failure, now);
  table.charge(state::strangers_key(), failure, now);
  for (std::uint32_t i = 0; i < 2 * PenaltyTable::network_sets * PenaltyTable::ways; ++i)
    table.charge(numbered(i), 8 * failure, now);
  CHECK(table.level(name, now) == failure);
  CHECK(table.level(state::strangers_key(), now) == failure);
}

/// 65,536 /48 of a /32 in turn.
void guess(PenaltyTable& table, std::uint32_t number, PenaltyTime at) {
  auto address = *base::Address::parse("2001:db8::1");
  address.octets[4] = static_cast<std::uint8_t>(number >> 8);
  address.octets[5] = static_cast<std::uint8_t>(number);
  address.octets[6] = static_cast<std::uint8_t>(number >> 16);
  state::PenaltyDigest name{};
  for (unsigned i = 0; i < 4; ++i)
    name[i] = static_cast<std::uint8_t>(number >> 8 * i);
  auto keys = state::wider_keys(address);
  for (const auto& one : {state::network_key(address), state::fresh_name_key(name),
                          state::password_key(name, address)})
    keys.push_back(one);
  for (const auto& one : keys)
    table.charge(one, failure, at);
}

} // namespace

TEST_CASE("one with a /32 of IPv6 who fills the table forgives nothing and locks no user out") {
  const Scratch scratch;
  auto table = table_in(scratch);
  const auto attacked = state::fresh_name_key(digest(1));
  const auto second_try = numbered(1), once = numbered(2), newcomer = numbered(3);
  for (int i = 0; i < 13; ++i)
    table.charge(key, failure, now); // its ceiling
  for (int i = 0; i < 30; ++i)
    table.charge(attacked, failure, now);
  for (int i = 0; i < 2; ++i)
    table.charge(second_try, failure, now);
  table.charge(once, failure, now);
  const auto wait = table.wait(key, now);
  CHECK(wait > 1'000'000);
  bool newcomers_are_due = true;
  constexpr std::uint32_t guesses = 2 * 65'536;
  for (std::uint32_t i = 0; i < guesses; ++i) {
    guess(table, i, now + i / 64);
    if (i % 16 != 0)
      continue;
    const auto charged = table.charge(newcomer, failure, now + i / 64);
    newcomers_are_due =
        newcomers_are_due && charged.wait == 0 && table.level(newcomer, now + i / 64) == failure;
    table.refund(charged);
  }
  CHECK(newcomers_are_due);
  constexpr auto end = now + guesses / 64;
  CHECK(table.list(end).size() > PenaltyFile::entries - 100);
  CHECK(table.level(newcomer, end) == 0);
  CHECK(table.level(key, now) == 13 * failure);
  CHECK(table.wait(key, now) == wait);
  CHECK(table.level(attacked, now) >= 20 * failure);
  CHECK(table.level(second_try, now) == 2 * failure);
  CHECK(table.level(once, now) == 0); // what has failed least is forgotten first
}

TEST_CASE("whatever the entries hold, each key waits no longer than its ceiling and a queue") {
  const Scratch scratch;
  auto table = table_in(scratch);
  std::uint32_t random = 1;
  auto text = scratch.read("penalties");
  for (auto at = PenaltyFile::header_octets; at < text.size(); ++at)
    text[at] = static_cast<char>((random = random * 1664525 + 1013904223) >> 24);
  scratch.write("penalties", text);
  for (std::uint32_t i = 0; i < 2000; ++i)
    for (const auto& tried :
         {numbered(i), state::name_key(std::vector<std::uint8_t>(16, i & 255))}) {
      const auto rule = state::penalty_rule(tried.kind);
      REQUIRE(table.wait(tried, now) <= rule.ceiling + state::longest_penalty_queue);
      REQUIRE(table.level(tried, now) <= state::highest_level(rule));
      REQUIRE(table.charge(tried, failure, now).wait <=
              rule.ceiling + state::longest_penalty_queue);
      REQUIRE(table.level(tried, now) >= failure);
      REQUIRE(table.level(tried, now) <= state::highest_level(rule));
    }
  CHECK(table.list(now).size() <= PenaltyFile::entries);
  table.clear_all();
  CHECK(table.list(now).empty());
}

TEST_CASE("a made-up level ends at the ceiling, and one that is due too late is none") {
  const auto of = [](std::uint64_t level, PenaltyTime due) {
    return state::PenaltyWord(state::PenaltyWord(PenaltyKind::network, 7).bits() | level << 28 |
                              (due / state::penalty_tick & 0xfffffff));
  };
  const auto rule = state::penalty_rule(PenaltyKind::network);
  const auto latest = rule.ceiling + state::longest_penalty_queue;
  CHECK(of(255, now + latest).wait(now) == latest);
  CHECK(of(255, now + latest).level(now) == state::highest_level(rule));
  CHECK(of(255, now + latest + state::penalty_tick).wait(now) == 0);
  CHECK(of(255, now + latest + state::penalty_tick).level(now) == 0);
  CHECK(of(255, now).charged(failure, now).wait(now) == rule.ceiling);
  CHECK(of(255, now).charged(failure, now).level(now) == state::highest_level(rule));
}

TEST_CASE("an old entry holds no client up, but counts once more when the time begins again") {
  constexpr PenaltyTime day = 24 * 60 * minute;
  auto word = state::PenaltyWord(PenaltyKind::network, 7);
  for (int i = 0; i < 20; ++i)
    word = word.charged(failure, now);
  for (const PenaltyTime days : {1u, 30u, 100u, 193u, 195u, 365u, 387u, 3650u})
    CHECK(word.wait(now + days * day) == 0);
  CHECK(word.level(now + 200 * day) == 0);
  const auto wait = word.wait(now);
  const auto again = now + (PenaltyTime{1} << state::PenaltyWord::due_bits) * state::penalty_tick;
  CHECK(word.wait(again - state::longest_penalty_queue - minute) == 0);
  CHECK(word.wait(again) == wait);
  CHECK(word.wait(again + wait) == 0);
}

TEST_CASE("a process that stops or is killed at any moment holds no other up") {
  const Scratch scratch;
  auto table = table_in(scratch);
  for (const int signal : {SIGSTOP, SIGKILL})
    for (int round = 0; round < 10; ++round) {
      const auto child = fork();
      if (child == 0)
        for (auto own = PenaltyTable::open(scratch.path());;)
          own->refund(own->charge(key, failure, now));
      usleep(2000);
      kill(child, signal);
      const auto before = table.level(key, now);
      CHECK(before <= 2 * failure * 10u);
      const auto charge = table.charge(key, failure, now);
      CHECK(table.level(key, now) == before + failure);
      table.refund(charge);
      kill(child, SIGKILL);
      REQUIRE(waitpid(child, nullptr, 0) == child);
    }
}

TEST_CASE("a table is current until its file is removed, replaced or cut") {
  const Scratch scratch;
  const auto path = scratch.path("penalties");
  const auto first = table_in(scratch);
  CHECK(first.is_current(scratch.path()));
  REQUIRE(truncate(path.c_str(), 100) == 0);
  CHECK_FALSE(first.is_current(scratch.path()));
  const auto renewed = table_in(scratch);
  CHECK_FALSE(first.is_current(scratch.path()));
  CHECK(renewed.is_current(scratch.path()));
  REQUIRE(unlink(path.c_str()) == 0);
  CHECK_FALSE(renewed.is_current(scratch.path()));
}

TEST_CASE("a child has no mapping of the table") {
  const Scratch scratch;
  const auto table = table_in(scratch);
  const auto child = fork();
  if (child == 0) {
    signal(SIGSEGV, SIG_DFL);
    _exit(table.level(key, now) == 0 ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGSEGV);
}

TEST_CASE("the clock of penalties goes on by milliseconds") {
  const auto before = state::penalty_time();
  usleep(20'000);
  const auto after = state::penalty_time();
  CHECK(after >= before + 20);
  CHECK(after < before + 10'000);
}

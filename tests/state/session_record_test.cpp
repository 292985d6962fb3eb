// SPDX-License-Identifier: ISC
#include "state/session_record.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <ostream>

using state::format_session;
using state::parse_session;
using state::SessionRecord;

namespace {

const SessionRecord example{
    "alice@example.org", "2001:db8::7", 1795000000, 1795000042, 4711, "0123456789ab", 12};

std::string replaced(const std::string& from, const std::string& to) {
  auto text = format_session(example);
  text.replace(text.find(from), from.size(), to);
  text.resize(state::session_record_octets, '\n');
  return text;
}

} // namespace

TEST_CASE("a record of a session is read as it was written, and has always the same length") {
  const auto text = format_session(example);
  CHECK(text.size() == state::session_record_octets);
  const auto read = parse_session(text);
  REQUIRE(read.has_value());
  CHECK(read->user == example.user);
  CHECK(read->from == example.from);
  CHECK(read->since == example.since);
  CHECK(read->idle_since == example.idle_since);
  CHECK(read->pid == example.pid);
  CHECK(read->session == example.session);
  CHECK(read->retrieved == example.retrieved);
  CHECK_FALSE(read->is_updating);
}

TEST_CASE("a record says that UPDATE has begun") {
  auto updating = example;
  updating.is_updating = true;
  const auto text = format_session(updating);
  CHECK(text.size() == state::session_record_octets);
  const auto read = parse_session(text);
  REQUIRE(read.has_value());
  CHECK(read->is_updating);
}

TEST_CASE("the longest values fit into a record") {
  auto longest = example;
  longest.user = std::string(state::max_recorded_user, 'u');
  longest.from = "2001:db8:1111:2222:3333:4444:5555:6666";
  longest.since = longest.idle_since = std::numeric_limits<std::int64_t>::max();
  longest.pid = std::numeric_limits<pid_t>::max();
  longest.session = std::string(32, 'f');
  longest.retrieved = std::numeric_limits<std::uint64_t>::max();
  longest.is_updating = true;
  CHECK(format_session(longest).ends_with("\n\n"));
  const auto read = parse_session(format_session(longest));
  REQUIRE(read.has_value());
  CHECK(read->user == longest.user);
  longest.user += 'u';
  CHECK(parse_session(format_session(longest))->user.size() == state::max_recorded_user);
}

TEST_CASE("a record that a hostile process has written is refused") {
  CHECK_FALSE(parse_session(""));
  CHECK_FALSE(parse_session(format_session(example).substr(1)));
  CHECK_FALSE(parse_session(format_session(example) + "\n"));
  CHECK_FALSE(parse_session(std::string(state::session_record_octets, '\0')));
  for (const auto& change : {
           std::pair{"alice@example.org", ""},
           {"alice@example.org", "a lice"},
           {"alice@example.org", "a\x1b[2J"},
           {"alice@example.org", "a\xff"},
           {"2001:db8::7", "somewhere"},
           {"2001:db8::7", ""},
           {"since=1795000000", "since=-1"},
           {"since=1795000000", "since=99999999999999999999"},
           {"since=1795000000", "since="},
           {"pid=4711", "pid=1"},
           {"pid=4711", "pid=0"},
           {"pid=4711", "pid=4294967297"},
           {"pid=4711", "pid=4711 "},
           {"session=0123456789ab", "session="},
           {"session=0123456789ab", "session=xyz"},
           {"session=0123456789ab", "session=000000000000000000000000000000000"},
           {"retrieved=12", "retrieved=0x12"},
           {"retrieved=12", "seen=12"},
           {"idle-since=1795000042", "idle-since=1795000042\nmore=1"},
           {"idle-since=1795000042", "idle-since=1795000042\nstate=updates"},
           {"idle-since=1795000042", "idle-since=1795000042\nstate=update\nstate=update"},
       }) {
    CAPTURE(change.second);
    CHECK_FALSE(parse_session(replaced(change.first, change.second)));
  }
  auto endless = std::string("user=") + std::string(state::session_record_octets - 5, 'a');
  CHECK_FALSE(parse_session(endless));
}

// SPDX-License-Identifier: ISC
// The input is the record of a session, in which a hostile process of the user may have written any
// octets. A shorter input is also read with line feeds behind it.
#include "base/address.hpp"
#include "fuzz/target.hpp"
#include "state/session_record.hpp"

namespace {

using fuzz::expect;
using state::SessionRecord;

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

void check_record(const SessionRecord& record) {
  expect(!record.user.empty() && record.user.size() <= state::max_recorded_user, "there is a name");
  expect(is_printable(record.user), "a terminal takes nothing of a name for orders");
  expect(record.from == "local" || base::Address::parse(record.from), "from is a place");
  expect(is_printable(record.from), "and can be printed");
  expect(record.pid > 1, "neither a group nor init can be meant");
  expect(!record.session.empty() && record.session.size() <= 32, "there is an id");
  expect(record.session.find_first_not_of("0123456789abcdef") == std::string::npos, "of digits");
  expect(record.since >= 0 && record.idle_since >= 0, "no time is before all times");
}

void check_again(const SessionRecord& record) {
  const auto text = state::format_session(record);
  expect(text.size() == state::session_record_octets, "a record has one size");
  const auto again = state::parse_session(text);
  expect(again.has_value(), "what was read can be written");
  expect(again->user == record.user && again->from == record.from &&
             again->session == record.session && again->pid == record.pid &&
             again->since == record.since && again->idle_since == record.idle_since &&
             again->retrieved == record.retrieved && again->is_updating == record.is_updating,
         "and says the same");
}

void check(std::string_view text) {
  const auto record = state::parse_session(text);
  if (!record)
    return;
  expect(text.size() == state::session_record_octets, "no other size is one");
  check_record(*record);
  check_again(*record);
}

void try_input(fuzz::Input input) {
  const auto text = input.rest();
  check(text);
  if (text.size() < state::session_record_octets) {
    std::string whole(text);
    whole.resize(state::session_record_octets, '\n');
    check(whole);
  }
}

const fuzz::Target target("session_record", try_input);

} // namespace

// SPDX-License-Identifier: ISC
#include "state/session_record.hpp"

#include "base/address.hpp"
#include "base/split.hpp"

#include <algorithm>

namespace state {

namespace {

constexpr std::size_t max_session_id = 32;
constexpr std::string_view in_update = "update";

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_sensible(const SessionRecord& record) {
  return !record.user.empty() && record.user.size() <= max_recorded_user &&
         is_printable(record.user) &&
         (record.from == "local" || base::Address::parse(record.from)) && record.since >= 0 &&
         record.idle_since >= 0 && record.pid > 1 && !record.session.empty() &&
         record.session.size() <= max_session_id && is_hexadecimal(record.session);
}

} // namespace

std::string sessions_directory(const std::string& runtime_directory) {
  return runtime_directory + "/sessions";
}

std::string format_session(const SessionRecord& record) {
  std::string text;
  text.reserve(session_record_octets);
  text.append("user=").append(record.user, 0, max_recorded_user);
  text.append("\nfrom=").append(record.from);
  text.append("\nsince=").append(std::to_string(record.since));
  text.append("\npid=").append(std::to_string(record.pid));
  text.append("\nsession=").append(record.session);
  text.append("\nretrieved=").append(std::to_string(record.retrieved));
  text.append("\nidle-since=").append(std::to_string(record.idle_since));
  if (record.is_updating)
    text.append("\nstate=").append(in_update);
  text.resize(session_record_octets, '\n');
  return text;
}

std::optional<SessionRecord> parse_session(std::string_view text) {
  if (text.size() != session_record_octets)
    return {};
  const auto user = base::take_line(text, "user=");
  const auto from = base::take_line(text, "from=");
  const auto since = base::take_number_line<std::int64_t>(text, "since=");
  const auto pid = base::take_number_line<pid_t>(text, "pid=");
  const auto session = base::take_line(text, "session=");
  const auto retrieved = base::take_number_line<std::uint64_t>(text, "retrieved=");
  const auto idle_since = base::take_number_line<std::int64_t>(text, "idle-since=");
  const auto state = base::take_line(text, "state="); // only in UPDATE
  if (!user || !from || !since || !pid || !session || !retrieved || !idle_since ||
      state.value_or(in_update) != in_update || text.find_first_not_of('\n') != text.npos)
    return {};
  SessionRecord record{
      std::string(*user),    std::string(*from), *since,           *idle_since, *pid,
      std::string(*session), *retrieved,         state.has_value()};
  return is_sensible(record) ? std::optional(std::move(record)) : std::nullopt;
}

} // namespace state

// SPDX-License-Identifier: ISC
#include "state/session_record.hpp"

#include "base/address.hpp"
#include "base/number.hpp"

#include <algorithm>

namespace state {

namespace {

constexpr std::size_t max_session_id = 32;

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Takes one line after the other. After a malformed one, all values are empty.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  std::string_view value(std::string_view key) {
    const auto end = text_.find('\n');
    if (end == std::string_view::npos || !text_.starts_with(key) || end == key.size())
      return fail();
    const auto value = text_.substr(key.size(), end - key.size());
    text_.remove_prefix(end + 1);
    return value;
  }

  template <class Number> Number number(std::string_view key) {
    const auto number = base::parse_number<Number>(value(key));
    if (!number || *number < 0)
      fail();
    return number.value_or(0);
  }

  bool has_nothing_left() const {
    return good_ && text_.find_first_not_of('\n') == std::string_view::npos;
  }

 private:
  std::string_view fail() {
    good_ = false;
    text_ = {};
    return {};
  }

  std::string_view text_;
  bool good_ = true;
};

bool is_sensible(const SessionRecord& record) {
  return record.user.size() <= max_recorded_user && is_printable(record.user) &&
         (record.from == "local" || base::Address::parse(record.from)) && record.pid > 1 &&
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
  text.resize(session_record_octets, '\n');
  return text;
}

std::optional<SessionRecord> parse_session(std::string_view text) {
  if (text.size() != session_record_octets)
    return {};
  Lines lines(text);
  SessionRecord record;
  record.user = lines.value("user=");
  record.from = lines.value("from=");
  record.since = lines.number<std::int64_t>("since=");
  record.pid = lines.number<pid_t>("pid=");
  record.session = lines.value("session=");
  record.retrieved = lines.number<std::uint64_t>("retrieved=");
  record.idle_since = lines.number<std::int64_t>("idle-since=");
  if (!lines.has_nothing_left() || !is_sensible(record))
    return {};
  return record;
}

} // namespace state

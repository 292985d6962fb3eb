// SPDX-License-Identifier: ISC
// The input is three file names and the text of a lock file, with a slash between them.
#include "base/address.hpp"
#include "fuzz/target.hpp"
#include "maildir/maildrop_lock.hpp"
#include "maildir/message_name.hpp"
#include "pop3/limits.hpp"

#include <climits>
#include <limits>
#include <regex>

namespace {

using fuzz::expect;
using maildir::precedes;

/// The place of the mark, or the end.
std::size_t model_mark(const std::string& name) {
  for (std::size_t i = 0; i + 3 <= name.size(); ++i)
    if (name[i] == ':' && name[i + 1] == '2' && name[i + 2] == ',')
      return i;
  return name.size();
}

/// Whether a name from `start` on is nothing but fields of programs that synchronise folders.
bool are_sync_fields(const std::string& name, std::size_t start) {
  static const std::regex fields("(,U=[0-9]+(,FMD5=[0-9a-fA-F]+)?)*");
  return std::regex_match(name.substr(start), fields);
}

std::string model_base(const std::string& name) {
  const auto base = name.substr(0, model_mark(name));
  for (std::size_t i = 1; i < base.size(); ++i)
    if (base[i] == ',' && are_sync_fields(base, i))
      return base.substr(0, i);
  return base;
}

/// The letters between the mark and the first comma behind it.
std::string model_flags(const std::string& name) {
  std::string flags;
  for (auto i = model_mark(name) + 3; i < name.size() && name[i] != ','; ++i)
    flags += name[i];
  return flags;
}

/// S counts among the flags only.
bool is_seen(const std::string& name) {
  return model_flags(name).find('S') != std::string::npos;
}

std::uint64_t model_number(std::string_view name) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t number = 0;
  for (const char c : name) {
    if (c < '0' || c > '9')
      break;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (number > (most - digit) / 10)
      return most;
    number = number * 10 + digit;
  }
  return number;
}

/// Whether the letter fits in, with the mark where there is none.
bool has_room(const std::string& name) {
  return name.size() + (model_mark(name) == name.size() ? 4 : 1) <= NAME_MAX;
}

void check_seen_name(const std::string& name) {
  const auto seen = maildir::seen_name(name);
  const bool stays = is_seen(name) || !has_room(name);
  expect((seen == name) == stays,
         "a seen name and one without room stay as they are, and no other");
  if (stays)
    return;
  expect(is_seen(seen), "a seen name is seen");
  expect(maildir::seen_name(seen) == seen, "seen_name twice is seen_name once");
  expect(maildir::base_name(seen) == maildir::base_name(name), "the base stays");
  expect(seen.size() <= name.size() + 4, "a seen name is at most four octets longer");
  auto flags = model_flags(seen);
  flags.erase(flags.find('S'), 1);
  expect(flags == model_flags(name), "the other flags stay in their order");
}

void check_unique_id(const std::string& name) {
  const std::string id(maildir::unique_id(name).view());
  expect(!id.empty() && id.size() <= pop3::max_unique_id, "a unique-id has 1 to 70 octets");
  for (const char c : id)
    expect(c >= 0x21 && c <= 0x7e, "a unique-id is printable, without blanks");
  expect(id == maildir::unique_id(maildir::seen_name(name)).view(),
         "flags do not change the unique-id");
}

void check_name(const std::string& name) {
  expect(maildir::base_name(name) == model_base(name), "the base is that of the model");
  expect(maildir::leading_number(name) == model_number(name), "the number is that of the model");
  check_seen_name(name);
  check_unique_id(name);
}

bool equivalent(std::string_view a, std::string_view b) {
  return !precedes(a, b) && !precedes(b, a);
}

void check_order(std::string_view a, std::string_view b, std::string_view c) {
  expect(!precedes(a, a), "nothing precedes itself");
  expect(!(precedes(a, b) && precedes(b, a)), "of two, one precedes at most");
  expect(!(precedes(a, b) && precedes(b, c)) || precedes(a, c), "the order is transitive");
  expect(!(equivalent(a, b) && equivalent(b, c)) || equivalent(a, c), "so is equivalence");
  expect(equivalent(a, b) == (maildir::base_name(a) == maildir::base_name(b)),
         "only names with the same base are equivalent");
}

void check_holder(std::string_view line) {
  const auto holder = maildir::parse_holder(line);
  expect(holder.since >= 0, "nobody holds a maildrop since before 1970");
  expect(holder.from.size() < base::address_text_octets, "an address fits into its message");
  for (const char c : holder.from)
    expect(c > ' ' && c < 0x7f, "an address is printable");
  const auto again = maildir::parse_holder(maildir::format_holder(holder));
  expect(again.since == holder.since && again.from == holder.from, "what is written can be read");
}

void try_input(fuzz::Input input) {
  const std::string a(input.take_until('/')), b(input.take_until('/')), c(input.take_until('/'));
  for (const auto& name : {a, b, c})
    check_name(name);
  check_order(a, b, c);
  check_order(b, c, a);
  check_order(c, b, a);
  check_holder(input.rest());
  check_holder(a);
}

const fuzz::Target target("message_name", try_input);

} // namespace

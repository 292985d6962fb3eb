// SPDX-License-Identifier: ISC
#include "base/account.hpp"

#include "base/text_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace base {

namespace {

/// Octets of /etc/passwd: a million lines.
constexpr std::size_t max_passwd = std::size_t{64} << 20;

/// The first field of `line`, which is left with what is behind it.
std::string_view take_field(std::string_view& line) {
  const auto field = line.substr(0, line.find(':'));
  line.remove_prefix(std::min(field.size() + 1, line.size()));
  return field;
}

/// False when the field is no number.
bool take_number(std::string_view& line, std::uint32_t& number) {
  const auto field = take_field(line);
  const auto [rest, error] = std::from_chars(field.begin(), field.end(), number);
  return error == std::errc() && rest == field.end();
}

/// A line of passwd(5).
std::optional<Account> parse_account(std::string_view line) {
  Account account{};
  account.name = take_field(line);
  take_field(line); // the password
  if (!take_number(line, account.identity.uid) || !take_number(line, account.identity.gid))
    return {};
  take_field(line); // the real name
  account.home = take_field(line);
  return account;
}

template <class Wanted> std::optional<Account> find_account_if(const Wanted& is_wanted) {
  const auto file = base::read_text("/etc/passwd", max_passwd);
  for (std::string_view text = file; !text.empty();) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (auto account = parse_account(line); account && is_wanted(*account))
      return account;
  }
  return {};
}

} // namespace

std::optional<Account> find_account(const std::string& name) {
  return find_account_if([&](const Account& account) { return account.name == name; });
}

std::optional<Account> find_account(uid_t uid) {
  return find_account_if([&](const Account& account) { return account.identity.uid == uid; });
}

} // namespace base

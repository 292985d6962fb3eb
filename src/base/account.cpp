// SPDX-License-Identifier: ISC
#include "base/account.hpp"

#include "base/number.hpp"
#include "base/split.hpp"
#include "base/text_file.hpp"

#include <cstdint>
#include <string_view>

namespace base {

namespace {

/// The most octets of /etc/passwd, enough for a million lines.
constexpr std::size_t max_passwd = std::size_t{64} << 20;

/// Takes the next field as a number. False when it is none.
bool take_number(std::string_view& line, std::uint32_t& number) {
  const auto parsed = parse_number<std::uint32_t>(take_field(line, ":"));
  number = parsed.value_or(0);
  return parsed.has_value();
}

/// Parses a line of passwd(5). Nothing when the uid or the gid is no number.
std::optional<Account> parse_account(std::string_view line) {
  Account account{};
  account.name = take_field(line, ":");
  take_field(line, ":"); // the password
  if (!take_number(line, account.identity.uid) || !take_number(line, account.identity.gid))
    return {};
  take_field(line, ":"); // the real name
  account.home = take_field(line, ":");
  return account;
}

template <class Wanted> std::optional<Account> find_account_if(const Wanted& is_wanted) {
  const auto file = read_text("/etc/passwd", max_passwd);
  for (std::string_view text = file; !text.empty();) {
    if (auto account = parse_account(take_field(text, "\n")); account && is_wanted(*account))
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

// SPDX-License-Identifier: ISC
#include "admin/rights_text.hpp"

#include "admin/failure.hpp"
#include "base/utc.hpp"

#include <iomanip>
#include <iostream>
#include <system_error>

namespace admin {

namespace {

constexpr int key_width = 20;

std::string yes_or_no(bool is) {
  return is ? "yes" : "no";
}

std::string expiry(const users::Rights& rights, std::int64_t now) {
  if (!rights.expires)
    return "never";
  return base::last_day(*rights.expires) + (now < *rights.expires ? "" : " (expired)");
}

std::string nologin(const users::User& user) {
  if (!user.nologin)
    return "no";
  return user.nologin->empty() ? "yes" : "yes: " + *user.nologin;
}

void append(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : ", ") + item;
}

} // namespace

base::Networks to_networks(const std::vector<std::string>& lists) {
  std::string all;
  for (const auto& list : lists)
    all += (all.empty() ? "" : ",") + list;
  const auto networks = base::Networks::parse(all);
  if (!networks)
    throw Failure("not addresses or networks such as 192.0.2.0/24 with commas between them, at "
                  "most " +
                  std::to_string(base::Networks::most) + ": " + all);
  return *networks;
}

std::int64_t to_end(const std::string& date) {
  const auto end = base::end_of_day(date);
  if (!end)
    throw Failure("not a day of the form 2027-01-31: " + date);
  return *end;
}

std::optional<base::Address> to_client(const std::string& address) {
  auto client = base::Address::parse(address);
  if (!client && address != "local")
    throw Failure("neither an address nor `local`: " + address);
  return client;
}

std::string describe(const users::Rights& rights, std::int64_t now) {
  std::string text;
  if (rights.read_only)
    append(text, "read-only");
  if (rights.expires)
    append(text,
           (now < *rights.expires ? "until " : "expired on ") + base::last_day(*rights.expires));
  if (rights.networks)
    append(text, "from " + rights.networks->text());
  return text.empty() ? "-" : text;
}

void print_field(std::ostream& out, std::string_view key, std::string_view value) {
  out << std::left << std::setw(key_width) << key << (value.empty() ? "-" : value) << '\n';
}

void print_rights(std::ostream& out, const users::User& user, std::int64_t now) {
  const auto& rights = user.rights;
  print_field(out, "pop3", yes_or_no(user.pop3));
  print_field(out, "read-only", yes_or_no(rights.read_only));
  print_field(out, "expires", expiry(rights, now));
  print_field(out, "from", rights.networks ? rights.networks->text() : "anywhere");
  print_field(out, "nologin", nologin(user));
  print_field(out, "app-passwords-only", yes_or_no(user.app_passwords_only));
}

UsageTexts::UsageTexts(const std::string& state_directory) {
  try {
    uses_ = state::UsageFile::open_to_read(state_directory);
  } catch (const std::system_error& error) {
    std::cerr << "sodapop: when app passwords were used is not known: " << error.what() << '\n';
    is_known_ = false;
  }
}

std::string UsageTexts::text(std::string_view name, const users::AppPassword& password) const {
  if (!is_known_)
    return "unknown";
  const auto when = uses_ ? uses_->when({name, password.label, password.salt}) : std::nullopt;
  return when ? base::utc(*when) : "never";
}

} // namespace admin

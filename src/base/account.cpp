// SPDX-License-Identifier: ISC
#include "base/account.hpp"

#include "base/split.hpp"
#include "base/text_file.hpp"

#include <array>

namespace base {

namespace {

/// The most octets of the file, enough for a million lines.
constexpr std::size_t max_passwd = std::size_t{64} << 20;

struct Field {
  enum { name, password, uid, gid, gecos, home, shell, count };
};
using Fields = std::array<std::string_view, Field::count>;

std::optional<Account> account_of(const Fields& fields) {
  const auto uid = parse_number<uid_t>(fields[Field::uid]);
  const auto gid = parse_number<gid_t>(fields[Field::gid]);
  if (!uid || !gid)
    return {};
  return Account{{*uid, *gid},
                 std::string(fields[Field::name]),
                 std::string(fields[Field::home]),
                 std::string(fields[Field::shell])};
}

template <class Wanted>
std::optional<Account> find_account_if(const std::string& path, const Wanted& is_wanted) {
  const auto file = read_text(path, max_passwd);
  for (std::string_view text = file; !text.empty();) {
    auto line = take_field(text, '\n');
    Fields fields;
    for (auto& field : fields)
      field = take_field(line, ':');
    if (auto account = is_wanted(fields) ? account_of(fields) : std::nullopt)
      return account;
  }
  return {};
}

} // namespace

std::optional<Account> find_account(const std::string& name, const std::string& file) {
  return find_account_if(file, [&](const Fields& fields) { return fields[Field::name] == name; });
}

std::optional<Account> find_account(uid_t uid) {
  return find_account_if("/etc/passwd", [&](const Fields& fields) {
    return parse_number<uid_t>(fields[Field::uid]) == uid;
  });
}

} // namespace base

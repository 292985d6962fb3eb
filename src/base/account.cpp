// SPDX-License-Identifier: ISC
#include "base/account.hpp"

#include "base/split.hpp"
#include "base/text_file.hpp"

#include <array>

namespace base {

namespace {

/// The most octets of the file, enough for a million lines.
constexpr std::size_t max_passwd = std::size_t{64} << 20;

template <class Wanted>
std::optional<Account> find_account_if(const std::string& path, const Wanted& is_wanted) {
  const auto file = read_text(path, max_passwd);
  for (std::string_view text = file; !text.empty();) {
    auto line = take_field(text, '\n');
    std::array<std::string_view, 7> fields;
    for (auto& field : fields)
      field = take_field(line, ':');
    const auto [name, password, uid_text, gid_text, gecos, home, shell] = fields;
    if (!is_wanted(name, uid_text))
      continue;
    const auto uid = parse_number<uid_t>(uid_text);
    const auto gid = parse_number<gid_t>(gid_text);
    if (uid && gid)
      return Account{{*uid, *gid}, std::string(name), std::string(home), std::string(shell)};
  }
  return {};
}

} // namespace

std::optional<Account> find_account(const std::string& name, const std::string& file) {
  return find_account_if(file, [&](auto its_name, auto) { return its_name == name; });
}

std::optional<Account> find_account(uid_t uid) {
  return find_account_if("/etc/passwd",
                         [&](auto, auto its_uid) { return parse_number<uid_t>(its_uid) == uid; });
}

} // namespace base

// SPDX-License-Identifier: ISC
#include "admin/check/servers.hpp"

#include "admin/check/key_values.hpp"
#include "admin/check/service_lines.hpp"
#include "base/split.hpp"

#include <algorithm>
#include <charconv>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

namespace admin {

namespace {

std::string name_of(uid_t uid) {
  const auto* entry = ::getpwuid(uid);
  return entry != nullptr ? entry->pw_name : std::to_string(uid);
}

/// The gid of a group that a unit names by name or number. Nothing if there is none of that name.
std::optional<gid_t> find_group(const CheckContext& context, const std::string& named) {
  gid_t gid = 0;
  const auto number = [&gid](const std::string& text) {
    const auto* end = text.data() + text.size();
    return !text.empty() && std::from_chars(text.data(), end, gid).ptr == end;
  };
  if (number(named))
    return gid;
  for (const auto& line : lines_of(context.etc + "/group")) {
    std::string_view rest = line;
    const auto name = base::take_field(rest, ":");
    base::take_field(rest, ":");
    if (name == named && number(std::string(base::take_field(rest, ":"))))
      return gid;
  }
  return {};
}

/// The groups that a super-server gives to a process of that account. Those of an image are not
/// known.
std::vector<gid_t> groups_of(const CheckContext& context, const base::Account& account) {
  int number = 0;
  const auto [uid, gid] = account.identity;
  if (context.etc == "/etc")
    ::getgrouplist(account.name.c_str(), gid, nullptr, &number);
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(number, 0)));
  if (number <= 0 || ::getgrouplist(account.name.c_str(), gid, groups.data(), &number) < 0)
    return {gid};
  return groups;
}

bool is_same(const Server& one, const Server& other) {
  return one.identity.uid == other.identity.uid && one.identity.gid == other.identity.gid &&
         one.groups == other.groups && one.given.file.path == other.given.file.path &&
         one.given.options == other.given.options;
}

} // namespace

std::optional<base::Account> account_of(const CheckContext& context, const std::string& named) {
  if (named.empty() || named == "root" || named == "0")
    return base::Account{{0, 0}, "root", {}, {}};
  if (auto account = account_in_etc(context, named))
    return account;
  uid_t uid = 0;
  const auto* end = named.data() + named.size();
  if (std::from_chars(named.data(), end, uid).ptr != end)
    return {};
  const auto* entry = ::getpwuid(uid);
  return base::Account{{uid, entry != nullptr ? entry->pw_gid : uid}, named, {}, {}};
}

std::vector<Server> servers_of(const std::vector<Launcher>& launchers, const CheckContext& context,
                               const config::ConfigurationFile& file,
                               const config::Settings& settings) {
  std::vector<Server> servers;
  for (const auto& launcher : launchers) {
    auto account = account_of(context, launcher.account);
    if (!account || (::geteuid() != 0 && account->identity.uid != ::geteuid()))
      continue; // check_launchers() tells it
    for (const auto& group : service_words(launcher, "Group"))
      account->identity.gid = find_group(context, group).value_or(account->identity.gid);
    Server server{account->identity, groups_of(context, *account), account->name,
                  settings_of(launcher, file, settings), &launcher};
    for (const auto& group : service_words(launcher, "SupplementaryGroups"))
      if (const auto gid = find_group(context, group))
        server.groups.push_back(*gid);
    if (std::ranges::none_of(servers, [&](const auto& one) { return is_same(one, server); }))
      servers.push_back(std::move(server));
  }
  if (servers.empty())
    servers.push_back({{::geteuid(), ::getegid()},
                       {},
                       name_of(::geteuid()),
                       {file, settings, {}, {}, {}},
                       nullptr});
  return servers;
}

} // namespace admin

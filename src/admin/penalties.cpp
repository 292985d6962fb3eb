// SPDX-License-Identifier: ISC
// The command that lists and clears the failures for which logins have to wait.
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/printable.hpp"
#include "admin/user_access.hpp"
#include "base/hex.hpp"
#include "base/time_of_day.hpp"
#include "base/utc.hpp"
#include "passwords/personal_digest.hpp"
#include "state/penalty_table.hpp"
#include "state/private_file.hpp"
#include "users/login_name.hpp"

#include <algorithm>
#include <array>
#include <iomanip>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

namespace admin {

namespace {

using state::PenaltyEntry;
using state::PenaltyKind;

/// As in the field user-digest of the log.
std::string text_of_digest(const state::PenaltyDigest& digest) {
  constexpr std::size_t logged_octets = 8;
  return base::hex(std::span(digest).first(logged_octets));
}

/// The digests of names under the site's key. Without that key no name has one.
class NameDigests {
 public:
  explicit NameDigests(const config::Settings& settings)
      : key_(state::read_site_key(settings.state_directory)) {}

  std::optional<state::PenaltyDigest> of(const std::string& name) const {
    return key_ ? std::optional(state::penalty_digest(passwords::name_digest(key_->reveal(), name)))
                : std::nullopt;
  }

 private:
  std::optional<base::Secret> key_;
};

/// The names of users that entries are about.
class KnownNames {
 public:
  KnownNames(const config::Settings& settings, const std::vector<PenaltyEntry>& entries) {
    for (const auto& entry : entries)
      if (has_name(entry))
        names_.emplace(entry.key.digest, "");
    if (!names_.empty() && settings.checkpassword.empty())
      find_users(settings);
  }

  static bool has_name(const PenaltyEntry& entry) {
    return std::ranges::any_of(entry.key.digest, [](auto octet) { return octet != 0; });
  }
  /// Empty for a name that is no user's.
  std::string name_of(const PenaltyEntry& entry) const {
    const auto found = names_.find(entry.key.digest);
    return found == names_.end() ? "" : found->second;
  }

 private:
  /// Without the users file only digests can be shown.
  void find_users(const config::Settings& settings) {
    const NameDigests digests(settings);
    const auto note = [&](const users::User& user, auto, auto) {
      const auto digest = digests.of(user.name);
      if (const auto found = digest ? names_.find(*digest) : names_.end(); found != names_.end())
        found->second = user.name;
      return true;
    };
    try {
      open_users(settings).for_each(note, {});
    } catch (const std::runtime_error&) {
    }
  }

  std::map<state::PenaltyDigest, std::string> names_;
};

std::string network_text(const state::PenaltyKey& key) {
  const auto prefix = prefix_of(key);
  return prefix ? key.network.text() + "/" + std::to_string(*prefix) : "";
}

/// Seconds since 1970.
std::int64_t since(const PenaltyEntry& entry) {
  const auto now = state::penalty_time();
  return base::seconds_since_1970() -
         static_cast<std::int64_t>((now - std::min(now, entry.since)) / 1000);
}

double failures(const PenaltyEntry& entry) {
  return static_cast<double>(entry.quarters) / state::quarters_a_failure;
}

void print_penalty(const std::array<std::string, 6>& row) {
  const auto& [kind, network, name, failures, wait, since] = row;
  std::cout << std::left << std::setw(10) << kind << ' ' << std::setw(22) << network << ' '
            << std::setw(20) << name << ' ' << std::right << std::setw(8) << failures << ' '
            << std::setw(5) << wait << ' ' << since << '\n';
}

std::string number_text(double number) {
  auto text = std::to_string(number);
  return text.substr(0, text.find('.') + 3);
}

void print_penalties(const std::vector<PenaltyEntry>& entries, const KnownNames& names) {
  if (!entries.empty())
    print_penalty({"KIND", "NETWORK", "NAME", "FAILURES", "WAIT", "SINCE"});
  for (const auto& entry : entries) {
    const auto network = network_text(entry.key), name = names.name_of(entry);
    const auto digest = KnownNames::has_name(entry) ? "#" + text_of_digest(entry.key.digest) : "-";
    print_penalty({std::string(name_of(entry.key.kind)), network.empty() ? "-" : network,
                   name.empty() ? digest : name, number_text(failures(entry)),
                   std::to_string(state::whole_seconds(entry.wait)) + "s",
                   base::utc(since(entry))});
  }
}

nlohmann::ordered_json json_of(const PenaltyEntry& entry, const KnownNames& names) {
  nlohmann::ordered_json object{{"kind", name_of(entry.key.kind)}};
  if (const auto network = network_text(entry.key); !network.empty())
    object["network"] = network;
  if (const auto name = names.name_of(entry); !name.empty())
    object["name"] = name;
  if (KnownNames::has_name(entry))
    object["user-digest"] = text_of_digest(entry.key.digest);
  object["failures"] = failures(entry);
  object["wait"] = state::whole_seconds(entry.wait);
  object["since"] = base::utc(since(entry));
  return object;
}

std::vector<PenaltyEntry> entries_of(const std::optional<state::PenaltyTable>& table) {
  return table ? table->list(state::penalty_time()) : std::vector<PenaltyEntry>();
}

/// All entries but those of passwords, whose digests tell an administrator nothing; the longest
/// wait first.
std::vector<PenaltyEntry> shown_entries(std::vector<PenaltyEntry> entries) {
  std::erase_if(entries, [](const auto& one) { return one.key.kind == PenaltyKind::password; });
  std::ranges::sort(entries, {}, [](const auto& one) {
    return std::tuple(-static_cast<std::int64_t>(one.wait), -static_cast<int>(one.quarters),
                      one.key.kind, one.key.network.octets, one.key.digest);
  });
  return entries;
}

/// True for the entries of a client's network, of the wider ones around it, and of the pairs of its
/// network with users.
bool is_about(const PenaltyEntry& entry, const base::Address& client) {
  const auto wider = state::wider_keys(client);
  return entry.key.network == state::network_of_client(client) ||
         entry.key == state::gave_way_key(client) ||
         std::ranges::find(wider, entry.key) != wider.end();
}

/// True for the entries of a name, where `text` is the name that a client gives, or its digest as
/// the log and the list have it.
bool is_about(const PenaltyEntry& entry, const std::string& text,
              const std::optional<state::PenaltyDigest>& digest) {
  const auto of_log = text.substr(text.starts_with('#') ? 1 : 0);
  return KnownNames::has_name(entry) &&
         (entry.key.digest == digest || text_of_digest(entry.key.digest) == of_log);
}

/// Without a table there is nothing to clear.
int clear(const config::Settings& settings, std::optional<state::PenaltyTable> table,
          const std::string& text) {
  const auto address = base::Address::parse(text.substr(0, text.find('/')));
  const auto digest = NameDigests(settings).of(users::login_name(text, settings));
  std::size_t cleared = 0;
  for (const auto& entry : entries_of(table))
    if (address ? is_about(entry, *address) : is_about(entry, text, digest)) {
      table->clear(entry.key);
      ++cleared;
    }
  if (cleared == 0)
    throw Failure("no failures of " + text);
  std::cout << cleared << (cleared == 1 ? " entry" : " entries") << " cleared\n";
  return 0;
}

/// Nothing when no login has failed since the boot, as far as the file tells.
std::optional<state::PenaltyTable> open_table(const config::Settings& settings) {
  if (const auto problem = state::PenaltyFile::problem(settings.runtime_directory))
    throw Failure(settings.runtime_directory + state::PenaltyFile::name + ": " + *problem);
  return state::PenaltyTable::open_existing(settings.runtime_directory);
}

int list_penalties(const config::Settings& settings, const std::vector<PenaltyEntry>& entries,
                   bool is_json) {
  const KnownNames names(settings, entries);
  if (!is_json) {
    print_penalties(entries, names);
    return 0;
  }
  auto array = nlohmann::ordered_json::array();
  for (const auto& entry : entries)
    array.push_back(json_of(entry, names));
  std::cout << array.dump(2, ' ', true) << '\n';
  return 0;
}

int penalties_of(const config::Settings& settings, const Values& given) {
  auto table = open_table(settings);
  if (given.has("--clear"))
    return clear(settings, std::move(table), given.text("--clear"));
  if (!given.flag("--clear-all"))
    return list_penalties(settings, shown_entries(entries_of(table)), given.flag("--json"));
  if (table)
    table->clear_all();
  return 0;
}

} // namespace

Commands penalties() {
  return {{"penalties", "List the networks and names that have failed to log in",
           "A row for each network, name, or pair of both, with the seconds that the next attempt\n"
           "has to wait. A name that is no user's is shown by the digest that the log has.",
           Options{
               {"--clear ENTRY", "Forget the failures of an address, a name or a digest"},
               {"--clear-all", "Forget all failures", Rules{.without = "--clear"}},
               {"--json", "Print an array of objects", Rules{.without = "--clear"}},
           },
           penalties_of}};
}

} // namespace admin

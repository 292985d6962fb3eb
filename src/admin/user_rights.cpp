// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/rights_text.hpp"
#include "admin/user_access.hpp"

#include <algorithm>
#include <iostream>

namespace admin {

namespace {

/// Octets of a reason, so that it fits into a reply beside its other words.
constexpr std::size_t max_reason = 160;

/// A change of a word in the extra field. Without a value the word is removed.
struct Change {
  std::string key;
  std::optional<std::string> value;
};

/// Replaces blanks, which would end the word.
std::string to_reason(std::string text) {
  const bool is_printable = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (!is_printable || text.size() > max_reason)
    throw UsageError("a reason is at most " + std::to_string(max_reason) +
                     " printable characters of ASCII");
  std::ranges::replace(text, ' ', '_');
  return text;
}

std::vector<Change> changes_of(const Values& given) {
  std::vector<Change> changes;
  // The default value needs no word.
  const auto add_switch = [&](const std::string& key, const std::string& option,
                              const std::string& default_value) {
    if (const auto value = given.text(option); !value.empty())
      changes.push_back({key, value == default_value ? std::nullopt : std::optional(value)});
  };
  add_switch("sodapop_pop3", "--pop3", "yes");
  add_switch("sodapop_read_only", "--read-only", "no");
  add_switch("sodapop_expires", "--expires", "never");
  add_switch("sodapop_app_passwords_only", "--app-passwords-only", "no");
  add_switch("sodapop_shared", "--shared", "no");
  const auto& from = given.list("--from");
  if (!from.empty() || given.flag("--from-anywhere"))
    changes.push_back({"allow_real_nets", {}}); // a line has one list
  if (!from.empty())
    changes.push_back({"allow_nets", to_networks(from).text()});
  if (given.flag("--from-anywhere"))
    changes.push_back({"allow_nets", {}});
  if (given.has("--nologin"))
    changes.push_back({"nologin", to_reason(given.text_or_empty("--nologin"))});
  if (given.flag("--login"))
    changes.insert(changes.end(), {{"nologin", {}}, {"fail", {}}});
  if (given.has("--nologin") || given.flag("--login"))
    changes.push_back({"reason", {}});
  return changes;
}

int rights(const config::Settings& settings, const Values& given) {
  const auto name = given.text("NAME"), expires = given.text("--expires");
  if (!expires.empty() && expires != "never")
    to_end(expires);
  const auto changes = changes_of(given);
  auto user = find_user(settings, name);
  if (!changes.empty()) {
    change_user(settings, name, [&](auto& editor) {
      return std::ranges::all_of(changes, [&](const Change& change) {
        return editor.set_extra(name, change.key, change.value);
      });
    });
    user = find_user(settings, name);
  }
  Fields fields(given.flag("--json") ? Fields::Form::object : Fields::Form::lines);
  print_rights(user, fields);
  fields.finish();
  if (user.app_passwords_only && user.app_passwords.empty())
    std::cerr << "sodapop: " << user.name << " has no app password, and so cannot log in\n";
  return 0;
}

} // namespace

Commands user_rights() {
  const Rules word{.takes = Takes::word};
  return {{"user rights", "Change or print what a user may do",
           "Prints the rights that result. Blanks in a reason become underscores.",
           Options{
               {"NAME", "The user"},
               {"--pop3 yes|no", "Whether POP3 may be used at all", word},
               {"--read-only yes|no", "Whether nothing is removed or marked as seen", word},
               {"--app-passwords-only yes|no", "Whether the main password is refused", word},
               {"--shared yes|no", "Whether other users may have the same Maildir", word},
               {"--expires YYYY-MM-DD|never", "The last day of logins, in UTC"},
               {"--from NETWORK", "Where logins may come from; may be repeated",
                Rules{.takes = Takes::texts}},
               {"--from-anywhere", "Let logins come from anywhere", Rules{.without = "--from"}},
               {"--nologin REASON", "Refuse logins; with the right password the reason is told"},
               {"--login", "Let the user in again", Rules{.without = "--nologin"}},
               {"--json", "Print an object"},
           },
           rights}};
}

} // namespace admin

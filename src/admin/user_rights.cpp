// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/rights_text.hpp"
#include "admin/user_access.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

namespace admin {

namespace {

/// Octets of a reason, so that it fits into a reply beside its other words.
constexpr std::size_t max_reason = 160;

struct Request {
  std::string name, pop3, read_only, expires, app_passwords_only;
  std::vector<std::string> from;
  std::optional<std::string> nologin;
  bool from_anywhere = false, login = false;
};

/// A change of a word in the extra field. Without a value the word is removed.
struct Change {
  std::string key;
  std::optional<std::string> value;
};

/// Replaces blanks, which would end the word.
std::string to_reason(std::string text) {
  const bool is_printable = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
  if (!is_printable || text.size() > max_reason)
    throw Failure("a reason is at most " + std::to_string(max_reason) +
                  " printable characters of ASCII");
  std::ranges::replace(text, ' ', '_');
  return text;
}

/// Removes the word for the default value, which needs none.
void add_switch(std::vector<Change>& changes, const std::string& key, const std::string& given,
                const std::string& default_value) {
  if (!given.empty())
    changes.push_back({key, given == default_value ? std::nullopt : std::optional(given)});
}

std::vector<Change> changes_of(const Request& request) {
  std::vector<Change> changes;
  add_switch(changes, "sodapop_pop3", request.pop3, "yes");
  add_switch(changes, "sodapop_read_only", request.read_only, "no");
  add_switch(changes, "sodapop_expires", request.expires, "never");
  add_switch(changes, "sodapop_app_passwords_only", request.app_passwords_only, "no");
  if (!request.from.empty())
    changes.push_back({"allow_nets", to_networks(request.from).text()});
  if (request.from_anywhere)
    changes.push_back({"allow_nets", {}});
  if (request.nologin)
    changes.push_back({"nologin", to_reason(*request.nologin)});
  if (request.login)
    changes.push_back({"nologin", {}});
  if (request.nologin || request.login)
    changes.push_back({"reason", {}});
  return changes;
}

int rights(const config::Settings& settings, const Request& request) {
  if (!request.expires.empty() && request.expires != "never")
    to_end(request.expires);
  const auto changes = changes_of(request);
  auto user = find_user(settings, request.name);
  if (!changes.empty()) {
    change_user(settings, request.name, [&](auto& editor) {
      return std::ranges::all_of(changes, [&](const Change& change) {
        return editor.set_extra(request.name, change.key, change.value);
      });
    });
    user = find_user(settings, request.name);
  }
  print_rights(user);
  if (user.app_passwords_only && user.app_passwords.empty())
    std::cerr << "sodapop: " << user.name << " has no app password, and so cannot log in\n";
  return 0;
}

} // namespace

Command user_rights() {
  const auto request = std::make_shared<Request>();
  return {"user rights", "Change or print what a user may do",
          "Prints the rights that result. Blanks in a reason become underscores.",
          Options{
              {"NAME", &request->name, "The user"},
              {"--pop3 yes|no", Choice{&request->pop3}, "Whether POP3 may be used at all"},
              {"--read-only yes|no", Choice{&request->read_only},
               "Whether nothing is removed or marked as seen"},
              {"--app-passwords-only yes|no", Choice{&request->app_passwords_only},
               "Whether the main password is refused"},
              {"--expires YYYY-MM-DD|never", &request->expires, "The last day of logins, in UTC"},
              {"--from NETWORK", &request->from, "Where logins may come from; may be repeated"},
              {"--from-anywhere", &request->from_anywhere, "Let logins come from anywhere",
               Rules{.without = "--from"}},
              {"--nologin REASON", &request->nologin,
               "Refuse logins; with the right password the reason is told"},
              {"--login", &request->login, "Let the user in again", Rules{.without = "--nologin"}},
          },
          [request](const config::Settings& settings) { return rights(settings, *request); }};
}

} // namespace admin

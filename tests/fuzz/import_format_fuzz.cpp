// SPDX-License-Identifier: ISC
// The input is an octet that chooses the format and the defaults, then a line of another program's
// users file.
#include "admin/failure.hpp"
#include "admin/import_format.hpp"
#include "fuzz/target.hpp"
#include "users/user.hpp"

#include <array>
#include <string>

namespace {

using fuzz::expect;

constexpr std::array formats = {"dovecot", "htpasswd", "shadow", "plain"};

admin::ImportRules rules_of(std::uint8_t choice) {
  admin::ImportRules rules;
  rules.format = formats[choice % formats.size()];
  rules.is_dry_run = true; // a hash takes longer than all the rest
  if ((choice & 4) != 0) {
    rules.uid = 5000;
    rules.gid = 5000;
  }
  if ((choice & 8) != 0)
    rules.home = "/home/%d/%n";
  return rules;
}

void check_line(const admin::ImportedLine& imported, std::string_view text) {
  const auto& line = imported.line;
  expect(line.find_first_of("\r\n") == line.npos && line.find('\0') == line.npos,
         "a line stays one line");
  const auto user = users::parse_user(line);
  expect(user.has_value(), "a line of the users file is good");
  expect(user->name == imported.name, "and of whom it says it is");
  expect(users::is_valid_name(user->name), "who has a name that can log in");
  expect(text.substr(0, user->name.size()) == user->name, "which is the one that was given");
  expect(user->uid != 0u && user->gid != 0u, "nobody is root");
}

void try_input(fuzz::Input input) {
  static const config::Settings settings;
  const auto choice = input.byte();
  const auto text = input.take_until('\n');
  try {
    check_line(admin::import_line(settings, rules_of(choice), text), text);
  } catch (const admin::Failure& failure) {
    const std::string_view words(failure.what());
    expect(!words.empty() &&
               std::ranges::all_of(words, [](char c) { return c >= ' ' && c <= '~'; }),
           "a refusal can be printed");
  }
}

const fuzz::Target target("import_format", try_input);

} // namespace

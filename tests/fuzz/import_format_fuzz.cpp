// SPDX-License-Identifier: ISC
// The input is an octet that chooses the format and the defaults, then a line of another program's
// users file.
#include "admin/command_line_fixture.hpp"
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/import_format.hpp"
#include "fuzz/target.hpp"
#include "users/user.hpp"

#include <array>
#include <map>
#include <string>

namespace {

using fuzz::expect;

constexpr std::array formats = {"dovecot", "htpasswd", "shadow", "plain"};

/// What the command line of an import says, with a choice of its options.
const admin::Values& given_by(std::uint8_t choice) {
  static std::map<std::string, admin::Values> known; // parsing takes longer than all the rest
  // Not a real run, as a hash takes long too.
  auto words = std::string("- --dry-run --format ") + formats[choice % formats.size()];
  if ((choice & 4) != 0)
    words += " --uid 5000 --gid 5000";
  if ((choice & 8) != 0)
    words += " --home /home/%d/%n";
  const auto [given, is_new] = known.try_emplace(words);
  if (is_new)
    given->second = support::values(admin::users_import().front().options, words);
  return given->second;
}

void check_line(const std::string& line, std::string_view text) {
  expect(line.find_first_of("\r\n") == line.npos && line.find('\0') == line.npos,
         "a line stays one line");
  const auto user = users::parse_user(line);
  expect(user.has_value(), "a line of the users file is good");
  expect(users::is_valid_name(user->name), "of a user who has a name that can log in");
  expect(user->name == text.substr(0, text.find(':')), "which is the one that was given");
  expect(user->uid != 0u && user->gid != 0u, "nobody is root");
}

void try_input(fuzz::Input input) {
  static const config::Settings settings;
  const auto choice = input.byte();
  const auto text = input.take_until('\n');
  try {
    check_line(admin::import_line(settings, given_by(choice), text), text);
  } catch (const admin::Failure& failure) {
    const std::string_view words(failure.what());
    expect(!words.empty() &&
               std::ranges::all_of(words, [](char c) { return c >= ' ' && c <= '~'; }),
           "a refusal can be printed");
  }
}

const fuzz::Target target("import_format", try_input);

} // namespace

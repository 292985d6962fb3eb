// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"
#include "admin/check/key_values.hpp"
#include "base/file_replacement.hpp"
#include "state/penalty_file.hpp"
#include "state/private_file.hpp"
#include "users/compiled_users.hpp"

#include <algorithm>
#include <boost/filesystem/path.hpp>
#include <cctype>
#include <system_error>

namespace admin {

namespace {

void check_key(const std::string& path, Findings& findings) {
  constexpr auto remedy =
      "give it to the account that the server is started as, with mode 0600, or remove it: the "
      "server makes another one";
  try {
    if (const auto problem = state::problem_of_key_file(path))
      findings.error("key-refused", path, *problem, remedy);
  } catch (const std::system_error& error) {
    findings.error("key-refused", path, error.code().message(), remedy);
  }
}

/// A file with damage is made anew, and is no mistake.
void check_penalties(const std::string& runtime_directory, Findings& findings) {
  const auto path = runtime_directory + state::PenaltyFile::name;
  try {
    if (const auto problem = state::PenaltyFile::problem(runtime_directory))
      findings.error("penalties-unusable", path, *problem,
                     "remove it: the server makes it anew; without it guesses are not slowed down");
  } catch (const std::system_error& error) {
    findings.error("penalties-unusable", path, error.code().message(),
                   "give the directory to the account that the server is started as");
  }
}

/// True for a name that base::FileReplacement may have given to a new file for `path`.
bool is_for_replacement(std::string_view name, const std::string& path) {
  return name.size() == path.size() + 1 + base::left_over_digits && name.starts_with(path + ".") &&
         std::ranges::all_of(name.substr(path.size() + 1),
                             [](unsigned char c) { return std::isxdigit(c) != 0; });
}

void check_left_overs(const std::string& path, Findings& findings) {
  const auto directory = boost::filesystem::path(path).parent_path().string();
  for (const auto& name : files_of(directory, ""))
    if (is_for_replacement(name, path))
      findings.warning("left-over", name,
                       "it looks like a copy that an interrupted change of " + path + " has left",
                       "rm " + name + ", unless you made it yourself");
}

} // namespace

void check_kept_files(const CheckContext& context, Findings& findings) {
  const auto& settings = context.settings;
  for (const auto& key :
       {settings.state_directory + "/site-key", settings.runtime_directory + "/auth-key"}) {
    check_key(key, findings);
    check_left_overs(key, findings);
  }
  check_penalties(settings.runtime_directory, findings);
  check_left_overs(settings.runtime_directory + state::PenaltyFile::name, findings);
  for (const auto& users : {settings.users, settings.users + std::string(users::compiled_suffix)})
    check_left_overs(users, findings);
}

} // namespace admin

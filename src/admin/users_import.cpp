// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/import_format.hpp"
#include "admin/import_report.hpp"
#include "admin/storage_options.hpp"
#include "admin/user_access.hpp"
#include "base/secret.hpp"
#include "base/system_error.hpp"
#include "users/users_editor.hpp"

#include <fstream>
#include <iostream>
#include <unistd.h>
#include <unordered_map>
#include <unordered_set>

namespace admin {

namespace {

using users::UsersEditor;
using Names = std::unordered_set<std::string>;

/// The lines to write.
struct Import {
  std::vector<std::string> names; ///< In the order of the input.
  std::unordered_map<std::string, std::string> lines;
};

Names names_in(UsersEditor& editor) {
  Names names;
  editor.rewrite([&](std::string_view name, std::string_view) {
    names.emplace(name);
    return std::optional<std::string>();
  });
  return names;
}

bool is_missing(const std::string& path) {
  return ::access(path.c_str(), F_OK) != 0 && errno == ENOENT;
}

Names names_so_far(const config::Settings& settings) {
  if (is_missing(settings.users))
    return {};
  UsersEditor editor(settings.users, UsersEditor::WhenMissing::fail);
  return names_in(editor);
}

void take_line(const config::Settings& settings, const Values& given, const Names& names,
               const std::string& text, Import& import) {
  if (text.size() > users::max_line)
    throw Failure(description(users::line_problem::too_long));
  const auto name = text.substr(0, text.find(':'));
  if (import.lines.contains(name))
    throw Failure("a line before this one is for the same user");
  if (!given.flag("--replace") && names.contains(name))
    throw Failure("the user is already in the users file");
  import.lines.emplace(name, import_line(settings, given, text));
  import.names.push_back(name);
}

Import read_lines(const config::Settings& settings, const Values& given, std::istream& in,
                  ImportReport& report) {
  const auto names = names_so_far(settings);
  Import import;
  // A line may have a password in it.
  for (std::string line; std::getline(in, line); base::wipe(line.data(), line.size())) {
    report.next_line(import.names.size());
    if (line.ends_with('\r'))
      line.pop_back();
    if (users::is_comment(line))
      continue;
    try {
      if (in.eof())
        throw Failure(description(users::line_problem::no_line_end));
      take_line(settings, given, names, line, import);
    } catch (const Failure& failure) {
      report.left_out(failure.what());
    }
  }
  if (in.bad())
    throw Failure("cannot read " + given.text("FILE"));
  return import;
}

/// Puts each line in the place of the first line of that name. Further lines of the name are
/// removed, as they must not come into force later. Returns how many lines took the place of
/// others.
std::size_t replace_lines(UsersEditor& editor, const Import& import) {
  Names replaced;
  editor.rewrite([&](std::string_view name, std::string_view) -> std::optional<std::string> {
    const auto found = import.lines.find(std::string(name));
    if (found == import.lines.end())
      return {};
    return replaced.insert(found->first).second ? found->second : std::string();
  });
  return replaced.size();
}

/// Changes the users file unless it is a dry run. Returns how many lines take the place of others.
std::size_t write(const config::Settings& settings, const Values& given, const Import& import) {
  const bool is_dry_run = given.flag("--dry-run");
  if (import.names.empty() || (is_dry_run && is_missing(settings.users)))
    return 0;
  UsersEditor editor(settings.users, is_dry_run ? UsersEditor::WhenMissing::fail
                                                : UsersEditor::WhenMissing::create);
  const auto there = names_in(editor);
  if (!given.flag("--replace"))
    for (const auto& name : import.names)
      if (there.contains(name))
        throw Failure(name + " was added to " + settings.users + " meanwhile: nothing is imported");
  const auto replaced = replace_lines(editor, import);
  for (const auto& name : import.names)
    if (!there.contains(name))
      editor.append(import.lines.at(name));
  if (!is_dry_run)
    editor.commit();
  return replaced;
}

int run(const config::Settings& settings, const Values& given) {
  if (given.text("--format") == "shadow" &&
      (given.number("--uid") || !given.text("--home").empty()))
    throw Failure("shadow lines take uid, gid and home from the system's accounts");
  storage_of(given, ceiling(settings)); // throws before a line is read
  const auto path = given.text("FILE");
  std::ifstream file;
  if (path != "-")
    file.open(path, std::ios::binary);
  if (!file)
    base::throw_errno(path);
  ImportReport report(path);
  const auto import = read_lines(settings, given, path == "-" ? std::cin : file, report);
  const auto replaced = write(settings, given, import);
  report.clear();
  std::cout << (given.flag("--dry-run") ? "would import " : "imported ") << import.names.size()
            << " users to " << settings.users;
  if (replaced > 0)
    std::cout << ", " << replaced << " of them in the place of old lines";
  std::cout << '\n';
  report.print_counts();
  return 0;
}

} // namespace

Commands users_import() {
  return {
      {"users import", "Add the users of another file",
       "dovecot: a passwd-file. htpasswd: user:hash. shadow: lines of /etc/shadow, of users that\n"
       "the system knows. plain: user:password; the passwords are hashed. Lines that are left\n"
       "out are reported on standard error, with number and reason. All users are added at once,\n"
       "or none.",
       Options{
           {"FILE", "What to read, - for standard input"},
           {"--format dovecot|htpasswd|shadow|plain", "The format of the lines (dovecot)",
            Rules{.takes = Takes::word}},
           {"--uid UID", "The uid of lines that have no uid and gid",
            Rules{.takes = Takes::number}},
           {"--gid GID", "The gid of lines that have no uid and gid",
            Rules{.takes = Takes::number, .with = "--uid"}},
           {"--home TEMPLATE", "The home of lines that have none; %u, %n, %d are replaced"},
           {"--replace", "Replace users that exist, else they stay"},
           {"--dry-run", "Say what would be imported, change nothing"},
       } + storage_options(),
       run}};
}

} // namespace admin

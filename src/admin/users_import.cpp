// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/import_format.hpp"
#include "admin/import_merge.hpp"
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

struct Imported {
  std::string line;
  std::uint64_t number; ///< Of the line in the input.
};

/// The lines to write.
struct Import {
  std::vector<std::string> names; ///< In the order of the input.
  std::unordered_map<std::string, Imported> lines;
};

Names names_in(UsersEditor& editor) {
  Names names;
  editor.rewrite([&](std::string_view name, auto, auto) {
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
               const std::string& text, std::uint64_t number, Import& import) {
  if (text.size() > users::max_line)
    throw Failure(description(users::line_problem::too_long));
  const auto name = text.substr(0, text.find(':'));
  if (import.lines.contains(name))
    throw Failure("a line before this one is for the same user");
  if (!given.flag("--replace") && names.contains(name))
    throw Failure("the user is already in the users file");
  import.lines.emplace(name, Imported{import_line(settings, given, text), number});
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
      take_line(settings, given, names, line, report.number(), import);
    } catch (const Failure& failure) {
      report.left_out(report.number(), failure.what());
    }
  }
  if (in.bad())
    throw Failure("cannot read " + given.text("FILE"));
  return import;
}

/// Throws Failure where the restrictions of the old line cannot be read, or forbid every login.
void require_known_restrictions(std::string_view old, bool has_end) {
  const auto user = has_end ? users::parse_user(old)
                            : base::Refused<base::Problem>{users::line_problem::no_line_end};
  if (!user)
    throw Failure("the user's line in the users file is malformed: " +
                  std::string(description(user.error())));
  if (users::is_locked(user->hash))
    throw Failure("the user is locked in the users file");
}

/// The line that takes the place of `old`. Throws Failure when `old` has to stay.
std::string line_in_place_of(std::string_view old, bool has_end, const Imported& imported,
                             const Values& given, ImportReport& report) {
  const bool is_dropping = given.flag("--drop");
  if (!is_dropping)
    require_known_restrictions(old, has_end);
  if (!has_restrictions(given))
    return with_new_hash(old, imported.line);
  const auto merged = merge(old, imported.line);
  if (is_dropping)
    report.dropped(imported.number, merged.missing);
  else if (const auto problem = users::problem_in(merged.line))
    throw Failure(description(*problem));
  else
    report.kept(merged.missing);
  return is_dropping ? imported.line : merged.line;
}

/// How many lines were written, and how many of them took the place of others.
struct Written {
  std::size_t lines = 0, replaced = 0;
};

/// Puts each line in the place of the first line of that name. Further lines of the name are
/// removed, as they must not come into force later. Where the first line has to stay, all stay.
Written replace_lines(UsersEditor& editor, const Import& import, const Values& given,
                      ImportReport& report) {
  Names replaced, kept;
  editor.rewrite([&](std::string_view name, std::string_view line,
                     bool has_end) -> std::optional<std::string> {
    const auto found = import.lines.find(std::string(name));
    if (found == import.lines.end() || kept.contains(found->first))
      return {};
    if (replaced.contains(found->first))
      return "";
    try {
      auto other = line_in_place_of(line, has_end, found->second, given, report);
      replaced.insert(found->first);
      return other;
    } catch (const Failure& failure) {
      report.left_out(found->second.number, failure.what());
      kept.insert(found->first);
      return {};
    }
  });
  return {import.names.size() - kept.size(), replaced.size()};
}

/// Changes the users file unless it is a dry run.
Written write(const config::Settings& settings, const Values& given, const Import& import,
              ImportReport& report) {
  const bool is_dry_run = given.flag("--dry-run");
  if (import.names.empty() || (is_dry_run && is_missing(settings.users)))
    return {import.names.size(), 0};
  UsersEditor editor(settings.users, is_dry_run ? UsersEditor::WhenMissing::fail
                                                : UsersEditor::WhenMissing::create);
  const auto there = names_in(editor);
  if (!given.flag("--replace"))
    for (const auto& name : import.names)
      if (there.contains(name))
        throw Failure(name + " was added to " + settings.users + " meanwhile: nothing is imported");
  const auto written = replace_lines(editor, import, given, report);
  for (const auto& name : import.names)
    if (!there.contains(name))
      editor.append(import.lines.at(name).line);
  if (!is_dry_run && written.lines > 0)
    editor.commit();
  return written;
}

int run(const config::Settings& settings, const Values& given) {
  if (given.text("--format") == "shadow" &&
      (given.number("--uid") || !given.text("--home").empty()))
    throw Failure("shadow lines take uid, gid and home from the system's accounts");
  if (given.flag("--drop") && !(given.flag("--replace") && has_restrictions(given)))
    throw Failure(
        "--drop is for --replace with lines of dovecot: other lines change the hash only");
  storage_of(given, settings); // throws before a line is read
  const auto path = given.text("FILE");
  std::ifstream file;
  if (path != "-")
    file.open(path, std::ios::binary);
  if (!file)
    base::throw_errno(path);
  ImportReport report(path);
  const auto import = read_lines(settings, given, path == "-" ? std::cin : file, report);
  const auto written = write(settings, given, import, report);
  report.clear();
  std::cout << (given.flag("--dry-run") ? "would import " : "imported ") << written.lines
            << " users to " << settings.users;
  if (written.replaced > 0)
    std::cout << ", " << written.replaced << " of them in the place of old lines";
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
       "or none. Of users that exist, lines of dovecot keep what only the old lines have; other\n"
       "lines change the hash only.",
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
           {"--drop", "With --replace, drop what only the old lines have"},
           {"--dry-run", "Say what would be imported, change nothing"},
       } + storage_options(),
       run}};
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/import_format.hpp"
#include "admin/import_merge.hpp"
#include "admin/import_reader.hpp"
#include "admin/import_report.hpp"
#include "admin/storage_options.hpp"
#include "admin/user_access.hpp"
#include "base/system_error.hpp"
#include "users/doubled_keys.hpp"
#include "users/location.hpp"
#include "users/users_editor.hpp"

#include <fstream>
#include <iostream>
#include <unistd.h>

namespace admin {

namespace {

using users::UsersEditor;
using Names = ImportReader::Names;

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
    report.dropped(imported.number, std::string(old.substr(0, old.find(':'))), merged.missing);
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
      report.left_out(found->second.number, found->first, failure.what());
      kept.insert(found->first);
      return {};
    }
  });
  return {import.names.size() - kept.size(), replaced.size()};
}

/// Throws Failure where --strict is given and a line is left out.
void require_all(const Values& given, const ImportReport& report) {
  if (given.flag("--strict") && report.number_left_out() > 0)
    throw Failure("nothing is imported: with --strict no line may be left out, and " +
                  std::to_string(report.number_left_out()) +
                  (report.number_left_out() == 1 ? " is" : " are"));
}

/// Changes the users file unless it is a dry run.
Written write(const config::Settings& settings, const Values& given, const Import& import,
              ImportReport& report) {
  const bool is_dry_run = given.flag("--dry-run");
  require_all(given, report);
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
  require_all(given, report);
  for (const auto& name : import.names)
    if (!there.contains(name))
      editor.append(import.lines.at(name).line);
  if (!is_dry_run && written.lines > 0)
    editor.commit();
  return written;
}

void require_known_options(const config::Settings& settings, const Values& given) {
  if (given.text("--format") == "shadow" &&
      (given.number("--uid") || !given.text("--home").empty()))
    throw UsageError("shadow lines take uid, gid and home from the system's accounts");
  if (given.flag("--drop") && !(given.flag("--replace") && has_restrictions(given)))
    throw UsageError(
        "--drop is for --replace with lines of dovecot: other lines change the hash only");
  storage_of(given, settings); // throws before a line is read
}

/// Says on standard error when several users have one Maildir, as by a --home without variables.
void tell_of_shared_maildirs(const config::Settings& settings) {
  users::DoubledKeys maildirs;
  const auto add = [&](const users::User& user, auto, auto) {
    const auto path = locate(settings, user);
    if (path && !user.shared)
      maildirs.add(users::plain_path(*path));
    return true;
  };
  open_users(settings).for_each(add, {});
  maildirs.find();
  if (!maildirs.empty())
    std::cerr << "sodapop: several users have one Maildir, and read and delete each other's mail: "
                 "sodapop check tells which\n";
}

int import_users(const config::Settings& settings, const Values& given) {
  require_known_options(settings, given);
  const auto path = given.text("FILE");
  std::ifstream file;
  if (path != "-")
    file.open(path, std::ios::binary);
  if (!file)
    base::throw_errno(path);
  ImportReport report(path);
  ImportReader reader(settings, given, path == "-" ? std::cin : file,
                      given.flag("--replace") ? Names() : names_so_far(settings), report);
  Written all;
  while (const auto part = reader.next()) {
    const auto written = write(settings, given, *part, report);
    all.lines += written.lines;
    all.replaced += written.replaced;
  }
  report.clear();
  std::cout << (given.flag("--dry-run") ? "would import " : "imported ") << all.lines
            << " users to " << settings.users;
  if (all.replaced > 0)
    std::cout << ", " << all.replaced << " of them in the place of old lines";
  std::cout << '\n';
  report.print_counts();
  if (all.lines > 0 && !given.flag("--dry-run")) {
    tell_if_outdated(settings);
    tell_of_shared_maildirs(settings);
  }
  return 0;
}

} // namespace

Commands users_import() {
  return {
      {"users import", "Add the users of another file",
       "dovecot: a passwd-file. htpasswd: user:hash. shadow: lines of /etc/shadow, of users that\n"
       "the system knows. plain: user:password; the passwords are hashed, and the users added in\n"
       "parts of 1000 lines, so that an interrupted import can be called again. Else all users\n"
       "are added at once, or none. Lines that are left out are reported on standard error with\n"
       "number, name and reason. Of users that exist, lines of dovecot keep what only the old\n"
       "lines have; other lines change the hash only.",
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
           {"--strict", "Import nothing, and fail, if a line would be left out"},
           {"--dry-run", "Say what would be imported, change nothing"},
       } + storage_options(),
       import_users}};
}

} // namespace admin

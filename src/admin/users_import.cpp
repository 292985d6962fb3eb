// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/failure.hpp"
#include "admin/import_format.hpp"
#include "admin/import_report.hpp"
#include "admin/user_access.hpp"
#include "base/secret.hpp"
#include "base/system_error.hpp"
#include "users/users_editor.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <memory>
#include <unistd.h>
#include <unordered_map>
#include <unordered_set>

namespace admin {

namespace {

using users::UsersEditor;
using Names = std::unordered_set<std::string>;

struct Format {
  std::string_view name;
  ImportFormat format;
};

constexpr std::array<Format, 4> formats{{{"dovecot", ImportFormat::dovecot},
                                         {"htpasswd", ImportFormat::htpasswd},
                                         {"shadow", ImportFormat::shadow},
                                         {"plain", ImportFormat::plain}}};

struct Request {
  std::string file;
  std::string format{formats.front().name};
  ImportDefaults defaults;
  bool replace = false;
};

/// The lines to write, in the order of the input.
struct Import {
  std::vector<ImportedLine> lines;
  std::unordered_map<std::string, std::size_t> at; ///< Index into `lines` by name.
};

/// The format with that name, which the command line has checked.
ImportFormat format_of(const Request& request) {
  return std::ranges::find(formats, request.format, &Format::name)->format;
}

void require_usable(const Request& request) {
  const auto& defaults = request.defaults;
  if (format_of(request) == ImportFormat::shadow && (defaults.uid || !defaults.home.empty()))
    throw Failure("shadow lines take uid, gid and home from the system's accounts");
}

Names names_in(UsersEditor& editor) {
  Names names;
  editor.rewrite([&](std::string_view name, std::string_view) {
    names.emplace(name);
    return std::optional<std::string>();
  });
  return names;
}

Names names_so_far(const config::Settings& settings) {
  if (::access(settings.users.c_str(), F_OK) != 0 && errno == ENOENT)
    return {};
  UsersEditor editor(settings.users, UsersEditor::WhenMissing::fail);
  return names_in(editor);
}

/// One line of the input. It may contain a password, and so is wiped from memory.
class InputLine {
 public:
  ~InputLine() { base::wipe(text_.data(), text_.size()); }
  bool read(std::istream& in) {
    base::wipe(text_.data(), text_.size());
    if (!std::getline(in, text_))
      return false;
    if (text_.ends_with('\r'))
      text_.pop_back();
    return true;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void take_line(const config::Settings& settings, const Request& request, const Names& names,
               const std::string& text, Import& import) {
  if (text.size() > users::max_line)
    throw Failure(std::string(description(users::LineProblem::too_long)));
  const auto name = text.substr(0, text.find(':'));
  if (import.at.contains(name))
    throw Failure("a line before this one is for the same user");
  if (!request.replace && names.contains(name))
    throw Failure("the user is already in the users file");
  auto line = import_line(format_of(request), settings, request.defaults, text);
  import.at.emplace(line.name, import.lines.size());
  import.lines.push_back(std::move(line));
}

Import read_lines(const config::Settings& settings, const Request& request, std::istream& in,
                  ImportReport& report) {
  const auto names = names_so_far(settings);
  Import import;
  InputLine line;
  while (line.read(in)) {
    report.next_line(import.lines.size());
    if (users::is_comment(line.text()))
      continue;
    try {
      take_line(settings, request, names, line.text(), import);
    } catch (const Failure& failure) {
      report.left_out(failure.what());
    }
  }
  if (in.bad())
    throw Failure("cannot read " + request.file);
  return import;
}

/// Puts each line in the place of the first line of that name. Further lines of the name are
/// removed, as they must not come into force later.
std::size_t replace_lines(UsersEditor& editor, const Import& import) {
  Names replaced;
  editor.rewrite([&](std::string_view name, std::string_view) -> std::optional<std::string> {
    const auto found = import.at.find(std::string(name));
    if (found == import.at.end())
      return {};
    return replaced.emplace(name).second ? import.lines[found->second].line : std::string();
  });
  return replaced.size();
}

/// Returns how many lines took the place of others.
std::size_t write(const config::Settings& settings, const Request& request, const Import& import) {
  UsersEditor editor(settings.users, UsersEditor::WhenMissing::create);
  const auto names = names_in(editor);
  if (!request.replace)
    for (const auto& line : import.lines)
      if (names.contains(line.name))
        throw Failure(line.name + " was added to " + settings.users +
                      " meanwhile: nothing is imported");
  const auto replaced = replace_lines(editor, import);
  for (const auto& line : import.lines)
    if (!names.contains(line.name))
      editor.append(line.line);
  editor.commit();
  return replaced;
}

std::size_t would_replace(const config::Settings& settings, const Import& import) {
  std::size_t count = 0;
  for (const auto& name : names_so_far(settings))
    count += import.at.contains(name) ? 1 : 0;
  return count;
}

int run(const config::Settings& settings, const Request& request) {
  require_usable(request);
  (void)request.defaults.cost.cost_within(ceiling(settings));
  std::ifstream file;
  if (request.file != "-") {
    file.open(request.file, std::ios::binary);
    if (!file)
      base::throw_errno(request.file);
  }
  ImportReport report(request.file);
  const bool is_dry_run = request.defaults.is_dry_run;
  const auto import = read_lines(settings, request, request.file == "-" ? std::cin : file, report);
  const auto replaced = is_dry_run             ? would_replace(settings, import)
                        : import.lines.empty() ? 0
                                               : write(settings, request, import);
  report.clear();
  std::cout << (is_dry_run ? "would import " : "imported ") << import.lines.size() << " users to "
            << settings.users;
  if (replaced > 0)
    std::cout << ", " << replaced << " of them in the place of old lines";
  std::cout << '\n';
  report.print_counts(std::cout);
  return 0;
}

} // namespace

Command users_import() {
  const auto request = std::make_shared<Request>();
  auto& defaults = request->defaults;
  return {
      "users import", "Add the users of another file",
      "dovecot: a passwd-file. htpasswd: user:hash. shadow: lines of /etc/shadow, of users that\n"
      "the system knows. plain: user:password; the passwords are hashed. Lines that are left\n"
      "out are reported on standard error, with number and reason. All users are added at once,\n"
      "or none.",
      Options{
          {"FILE", &request->file, "What to read, - for standard input"},
          {"--format dovecot|htpasswd|shadow|plain", Choice{&request->format},
           "The format of the lines (dovecot)"},
          {"--uid UID", &defaults.uid, "The uid of lines that have no uid and gid"},
          {"--gid GID", &defaults.gid, "The gid of lines that have no uid and gid",
           Rules{.with = "--uid"}},
          {"--home TEMPLATE", &defaults.home,
           "The home of lines that have none; %u, %n, %d are replaced"},
          {"--replace", &request->replace, "Replace users that exist, else they stay"},
          {"--dry-run", &defaults.is_dry_run, "Say what would be imported, change nothing"},
      } + defaults.scram.options() +
          defaults.cost.options(),
      [request](const config::Settings& settings) { return run(settings, *request); }};
}

} // namespace admin

// SPDX-License-Identifier: ISC
// The commands of sodapop as tables of their arguments and options, and the parser of its command
// line.
#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace admin {

/// A mistake in the command line; its message is one line without a full stop.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Takes a decimal number from `least` to `most`.
struct Number {
  std::uint32_t* value;
  std::uint32_t least, most;
};

/// Takes one of the words in the name of the option's value, which has | between them.
struct Choice {
  std::string* value;
};

/// Takes a text; gives the error message when it is wrong.
using Assign = std::function<std::optional<std::string>(const std::string& text)>;

/// Takes the value of an option, and must live until the command line is parsed. An option with a
/// vector may be repeated, any other may be given once. A bool belongs to an option without a
/// value.
using Target =
    std::variant<bool*, std::string*, std::optional<std::string>*, std::optional<std::uint32_t>*,
                 std::vector<std::string>*, Number, Choice, Assign>;

struct Rules {
  std::string group = "Options"; ///< The heading in the help; empty: the help does not show it.
  // Options above this one in the table:
  std::string with = {};       ///< Both options must be given, or none of them.
  std::string without = {};    ///< Only one of the options may be given.
  std::string instead_of = {}; ///< One of the options must be given, and nothing else.
};

struct Option {
  /// `NAME` for an argument, `[NAME]` for one that may be missing, else `--option VALUE`,
  /// `--switch` or `--switch,!--no-switch`.
  std::string form;
  Target target;
  std::string help;
  Rules rules = {};

  bool is_argument() const { return !form.starts_with('-'); }
};

using Options = std::vector<Option>;
/// The options of both tables.
Options operator+(Options first, const Options& second);

struct Command {
  std::string name; ///< Empty for the program itself, else a word or two, such as `user add`.
  std::string description;
  std::string footer; ///< The end of the help, without a line end; may be empty.
  Options options;
  /// Runs the command and returns the exit status: 0, or 1 for the answer "no"; `check` returns its
  /// worst Severity. Throws Failure and std::system_error. Empty for a group of commands.
  std::function<int(const config::Settings& settings)> run;
};

/// Parses the command line. The first of `commands` is the program, whose options may stand behind
/// those of the command; a group comes before its commands. Returns the command that was given,
/// after its values have been taken. Null when the help or the version was asked for: it is then
/// printed. Throws UsageError.
const Command* parse(const std::vector<Command>& commands, int argc, const char* const* argv);

} // namespace admin

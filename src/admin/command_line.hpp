// SPDX-License-Identifier: ISC
// The commands of sodapop as tables of their arguments and options, the parser of its command line
// and the help.
#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace admin {

/// A mistake in the command line; its message is one line without a full stop.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What an option takes that has a value.
enum class Takes {
  text,
  texts,  ///< It may be repeated.
  word,   ///< One of the words in the name of the value, which has | between them.
  number, ///< A decimal number.
};

struct Rules {
  Takes takes = Takes::text;
  std::uint32_t least = 0, most = UINT32_MAX; ///< Of a number.
  std::string group = "Options"; ///< The heading in the help; empty: the help does not show it.
  // Options above this one in the table:
  std::string with = {};       ///< Both options must be given, or none of them.
  std::string without = {};    ///< Only one of the options may be given.
  std::string instead_of = {}; ///< One of the options must be given, and nothing else.
  /// Is called with the text, and returns the error message when it is wrong.
  std::function<std::optional<std::string>(const std::string& text)> assign = {};
};

struct Option {
  /// `NAME` for an argument, `[NAME]` for one that may be missing, else `--option VALUE`, or for a
  /// flag `--switch`.
  std::string form;
  std::string help;
  Rules rules = {};

  bool is_argument() const { return !form.starts_with('-'); }
};

using Options = std::vector<Option>;
/// The rows of both tables.
template <class Row>
std::vector<Row> operator+(std::vector<Row> first, const std::vector<Row>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// What the command line says. Each function takes the first name of an argument or option of the
/// command, such as `NAME` or `--uid`, that takes such a value; any other name is a bug.
struct Values {
  bool flag(const std::string& name) const { return flags.at(name); }
  bool has(const std::string& name) const { return texts.at(name).has_value(); }
  /// Empty when it is not given. Throws UsageError for an empty value, as a script gives it whose
  /// variable is not set.
  std::string text(const std::string& name) const {
    if (texts.at(name) == "")
      throw UsageError(name + " has an empty value");
    return text_or_empty(name);
  }
  /// The same, where an empty value means something.
  std::string text_or_empty(const std::string& name) const { return texts.at(name).value_or(""); }
  const std::vector<std::string>& list(const std::string& name) const { return lists.at(name); }
  std::optional<std::uint32_t> number(const std::string& name) const { return numbers.at(name); }

  std::map<std::string, bool> flags;
  std::map<std::string, std::optional<std::string>> texts; ///< And words.
  std::map<std::string, std::vector<std::string>> lists;
  std::map<std::string, std::optional<std::uint32_t>> numbers;
};

struct Command {
  std::string name; ///< Empty for the program itself, else a word or two, such as `user add`.
  std::string description;
  std::string footer; ///< The end of the help, without a line end; may be empty.
  Options options;
  /// Runs the command and returns the exit status: 0, or 1 for the answer "no"; `check` returns its
  /// worst Severity. Throws Failure and std::system_error. Empty for a group of commands.
  std::function<int(const config::Settings& settings, const Values& given)> run;
};

using Commands = std::vector<Command>;

struct Invocation {
  const Command* command;
  Values values;
};

/// Parses the command line. The first of `commands` is the program, whose options may stand behind
/// those of the command; a group comes before its commands. Nothing when the help or the version
/// was asked for: it is then printed. Throws UsageError.
std::optional<Invocation> parse(const Commands& commands, int argc, const char* const* argv);

} // namespace admin

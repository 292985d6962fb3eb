// SPDX-License-Identifier: ISC
// The findings of `sodapop check`, printed at once, one line each, so that a million of them take
// no memory.
#pragma once

#include "admin/progress.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace admin {

/// The value of the worst one is the exit status.
enum class Severity { none = 0, warning = 1, error = 2 };

/// What mends a mistake: a sentence, or a command line of POSIX sh that can be pasted as it is.
struct Remedy {
  Remedy(std::string sentence) : text(std::move(sentence)) {}
  Remedy(std::string_view sentence) : text(sentence) {}
  Remedy(const char* sentence) : text(sentence) {}

  std::string text;
  bool is_command = false; ///< Set by the functions below, which write each word for a shell.
};

/// The command line of these words.
Remedy run(const std::vector<std::string>& words);
/// Command lines, each of which runs if those before it have succeeded.
Remedy run_all(std::initializer_list<Remedy> commands);

class Findings {
 public:
  enum class Form {
    text,
    json,
    records ///< For add_record() of another process, each field with a NUL at its end.
  };
  /// `error` or `warning`, id, place, what, remedy, and `1` for a command. Or `more`, id, number
  /// and the last place of findings that were not printed; or `looked-at` and the text. The last
  /// fields may be empty.
  using Record = std::array<std::string, 6>;
  /// Findings with the same id that are printed unless all are wanted: further ones are counted.
  static constexpr std::size_t most_of_a_kind = 100;

  Findings(Form form, bool all) : form_(form), all_(all) {}

  /// Runs a part of the check. An exception is a finding, and the next part can follow.
  void attempt(std::string_view part, const std::function<void()>& check);

  /// Adds a mistake at `where`: a path, with `:LINE` where that is known, or a setting. `id` is
  /// stable, for scripts (sodapop(8) lists them).
  void add(Severity severity, std::string_view id, std::string_view where, std::string_view what,
           const Remedy& remedy);
  /// Adds a mistake that makes one login or all logins fail, or gives an account too much access.
  void error(std::string_view id, std::string_view where, std::string_view what,
             const Remedy& remedy) {
    add(Severity::error, id, where, what, remedy);
  }
  /// Adds a mistake with which logins work, but not always or not as well.
  void warning(std::string_view id, std::string_view where, std::string_view what,
               const Remedy& remedy) {
    add(Severity::warning, id, where, what, remedy);
  }
  /// Tells on standard error what is no mistake, but worth knowing: it does not change the status.
  void note(std::string_view text);
  /// Leaves out what was found before at the same place, from now on until the next call.
  void begin_server();
  void add_record(const Record& record);
  Severity worst() const { return worst_; }
  bool has_all() const { return all_; }
  /// Shows on a terminal that so many users were looked at.
  void users_done(std::uint64_t number) { progress_.at(number); }
  /// Adds to the line that finish() prints when nothing was found, such as `3 users`.
  void looked_at(const std::string& text);
  /// Does without that line.
  void be_quiet() { is_quiet_ = true; }
  /// Ends the output. Returns the worst severity of all findings.
  Severity finish();

 private:
  bool is_known(std::string_view id, std::string_view where);
  void print(std::string_view kind, std::string_view id, std::string_view where,
             std::string_view what, const Remedy& remedy);
  void tell_the_rest() const;

  struct Count {
    std::size_t number = 0;
    std::string last_place; ///< Of those that are not printed.
  };

  Form form_;
  bool all_;
  bool is_first_ = true;
  bool is_quiet_ = false;
  Severity worst_ = Severity::none;
  std::map<std::string, Count, std::less<>> counts_;
  bool has_servers_ = false; ///< Whether places are kept, each behind the id and a blank.
  std::set<std::string> places_, earlier_places_;
  std::vector<std::string> looked_at_;
  Progress progress_{"users checked"};
};

/// Adds findings at one place. Refers to `all`.
class FindingsAt {
 public:
  FindingsAt(std::string where, Findings& all) : where_(std::move(where)), all_(all) {}

  void error(std::string_view id, std::string_view what, const Remedy& remedy) const {
    all_.error(id, where_, what, remedy);
  }
  void warning(std::string_view id, std::string_view what, const Remedy& remedy) const {
    all_.warning(id, where_, what, remedy);
  }

 private:
  std::string where_;
  Findings& all_;
};

} // namespace admin

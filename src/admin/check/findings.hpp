// SPDX-License-Identifier: ISC
// The findings of `sodapop check`, printed at once, one line each, so that a million of them take
// no memory.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace admin {

/// The value of the worst one is the exit status.
enum class Severity { none = 0, warning = 1, error = 2 };

class Findings {
 public:
  enum class Form { text, json };
  /// Findings with the same id that are printed unless all are wanted: further ones add nothing.
  static constexpr std::size_t most_of_a_kind = 100;

  Findings(Form form, bool all) : form_(form), all_(all) {}

  /// Adds a mistake at `where`: a path, with `:LINE` where that is known, or a setting. `id` is
  /// stable, for scripts (sodapop(8) lists them), and must outlive this object.
  void add(Severity severity, std::string_view id, std::string_view where, std::string_view what,
           std::string_view remedy);
  /// Adds a mistake that makes one login or all logins fail, or gives an account too much access.
  void error(std::string_view id, std::string_view where, std::string_view what,
             std::string_view remedy) {
    add(Severity::error, id, where, what, remedy);
  }
  /// Adds a mistake with which logins work, but not always or not as well.
  void warning(std::string_view id, std::string_view where, std::string_view what,
               std::string_view remedy) {
    add(Severity::warning, id, where, what, remedy);
  }
  /// Ends the output. Returns the worst severity of all findings.
  Severity finish();

 private:
  Form form_;
  bool all_;
  bool is_first_ = true;
  Severity worst_ = Severity::none;
  std::map<std::string_view, std::size_t> counts_;
};

/// Adds findings at one place. Refers to `all`.
class FindingsAt {
 public:
  FindingsAt(std::string where, Findings& all) : where_(std::move(where)), all_(all) {}

  void error(std::string_view id, std::string_view what, std::string_view remedy) const {
    all_.error(id, where_, what, remedy);
  }
  void warning(std::string_view id, std::string_view what, std::string_view remedy) const {
    all_.warning(id, where_, what, remedy);
  }

 private:
  std::string where_;
  Findings& all_;
};

} // namespace admin

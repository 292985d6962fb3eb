// SPDX-License-Identifier: ISC
// Reads units of systemd as systemd.syntax(7) and systemd.unit(5) describe them: a unit's file, and
// the drop-ins that change it.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace admin {

/// One assignment.
struct UnitEntry {
  std::string section;
  std::string key;
  std::string value; ///< Without blanks around it; continued lines are joined.
  std::string where; ///< `FILE:LINE`, the line where it begins.
};

struct Unit {
  std::string name;
  std::vector<std::string> files; ///< The unit's file, then its drop-ins; empty for no such unit.
  std::vector<UnitEntry> entries; ///< Of all files, in the order in which they take effect.

  /// The assignments of that key that hold: those after the last empty one.
  std::vector<UnitEntry> list(std::string_view section, std::string_view key) const;
  /// The value that holds where a key has one value; empty if there is none.
  std::string value(std::string_view section, std::string_view key) const;
  bool is_true(std::string_view section, std::string_view key) const;
  /// `FILE:LINE` of the value that holds; without one, the unit's file.
  std::string where(std::string_view section, std::string_view key) const;
};

/// Whether a value is one of the words for true: 1, yes, y, true, t or on, in any case.
bool is_true_word(std::string_view value);

/// The unit of that name for the host with this directory `etc`: from `etc`/systemd/system or the
/// directories beside `etc` where packages (usr/local/lib, usr/lib, lib) and programs (run) put
/// units. A unit that is linked to /dev/null has no entries.
Unit read_unit(const std::string& etc, const std::string& name);

/// The names with that ending of the units that are in `etc`/systemd/system or enabled there.
std::set<std::string> unit_names(const std::string& etc, std::string_view ending);

/// Whether a link in `etc`/systemd/system enables that unit.
bool is_enabled(const std::string& etc, const std::string& name);

} // namespace admin

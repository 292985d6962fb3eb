// SPDX-License-Identifier: ISC
// Facts about users, printed as lines for a reader or as JSON for a program.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace admin {

/// Prints at once, so that a million users take no memory. What belongs to one user stands between
/// the constructor or end_object() and the next end_object().
class Fields {
 public:
  enum class Form {
    lines,  ///< `key value`, with `-` for an empty value and `yes` or `no` for a flag.
    object, ///< One JSON object.
    array,  ///< A JSON array of objects. Keys are in lower case; an empty value is null.
  };
  explicit Fields(Form form) : form_(form) {}

  bool is_json() const { return form_ != Form::lines; }
  void text(std::string_view key, std::string_view value);
  void number(std::string_view key, std::optional<std::uint64_t> value);
  /// In lines, `remark` stands behind `yes` or `no`.
  void flag(std::string_view key, bool is, std::string_view remark = "");
  /// In lines, a line for each; in JSON an array.
  void texts(std::string_view key, const std::vector<std::string>& values);
  void end_object();
  /// Ends the output; nothing is added after it.
  void finish();

 private:
  void put(std::string_view key, std::string_view json);

  Form form_;
  bool has_object_ = false, is_open_ = false;
};

} // namespace admin

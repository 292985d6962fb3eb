// SPDX-License-Identifier: ISC
#include "admin/fields.hpp"

#include "admin/printable.hpp"
#include "admin/rights_text.hpp"
#include "base/ascii.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

namespace admin {

namespace {

using Json = nlohmann::json;

/// In ASCII; octets that are no UTF-8 become U+FFFD.
std::string dump(const Json& value) {
  return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Json text_or_null(std::string_view text) {
  return text.empty() ? Json() : Json(text);
}

std::string key_of(std::string_view key) {
  std::string lower(key);
  std::ranges::transform(lower, lower.begin(), base::to_lower);
  return lower;
}

} // namespace

void Fields::put(std::string_view key, std::string_view json) {
  if (!is_open_) {
    const bool is_first = !std::exchange(has_object_, true);
    std::cout << (form_ == Form::object ? "{" : is_first ? "[\n  {" : ",\n  {");
  }
  std::cout << (std::exchange(is_open_, true) ? ", " : "") << dump(key_of(key)) << ": " << json;
}

void Fields::text(std::string_view key, std::string_view value) {
  is_json() ? put(key, dump(text_or_null(value))) : print_field(key, std::string(value));
}

void Fields::number(std::string_view key, std::optional<std::uint64_t> value) {
  const auto text = value ? std::to_string(*value) : "";
  is_json() ? put(key, value ? text : "null") : print_field(key, text);
}

void Fields::flag(std::string_view key, bool is, std::string_view remark) {
  is_json() ? put(key, is ? "true" : "false")
            : print_field(key, std::string(is ? "yes" : "no").append(remark));
}

void Fields::texts(std::string_view key, const std::vector<std::string>& values) {
  if (is_json())
    return put(key, dump(Json(values)));
  for (const auto& value : values)
    print_field(key, value);
}

void Fields::end_object() {
  if (std::exchange(is_open_, false))
    std::cout << "}";
}

void Fields::finish() {
  end_object();
  if (form_ == Form::array)
    std::cout << (has_object_ ? "\n]\n" : "[]\n");
  else if (form_ == Form::object)
    std::cout << (has_object_ ? "\n" : "{}\n");
}

} // namespace admin

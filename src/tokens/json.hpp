// SPDX-License-Identifier: ISC
// Reads untrusted JSON with nlohmann's library, without streams, files and exceptions. No other
// file of tokens/ includes that library.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#define JSON_HAS_FILESYSTEM 0
#define JSON_HAS_EXPERIMENTAL_FILESYSTEM 0
#define JSON_HAS_RANGES 0
#define JSON_NO_IO
#define JSON_USE_IMPLICIT_CONVERSIONS 0
#include <nlohmann/json.hpp>

namespace tokens {

using Json = nlohmann::json;

/// Most arrays and objects within one another, the outermost counted: key sets have four, claims of
/// the common servers five. An attacker cannot make us read deeper ones.
inline constexpr int max_json_depth = 16;

/// Parses all of `text` as one object. Nothing when it is no JSON (RFC 8259) in UTF-8, no object,
/// deeper than max_json_depth, or has a name twice in one object: one reader uses the first value,
/// another the last (RFC 7519 section 4).
std::optional<Json> parse_object(std::string_view text);

/// The value of that name; null when there is none.
const Json* member(const Json& object, std::string_view name);

/// The value of that name when it is a string; else null.
const std::string* string_member(const Json& object, std::string_view name);

/// True unless there is a value of that name that is no string.
bool is_text_or_absent(const Json& object, std::string_view name);

/// True when `value` is the string `text`, or an array with it.
bool is_or_has(const Json& value, std::string_view text);

} // namespace tokens

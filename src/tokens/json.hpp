// SPDX-License-Identifier: ISC
// JSON from outside, read by nlohmann's library without streams, files and exceptions. Nothing else
// includes that library here.
#pragma once

#include <cstddef>
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

/// Arrays and objects within one another, the outermost counted: keys have four, claims of the
/// common servers five, and nobody makes us build towers of them.
inline constexpr int max_json_depth = 16;

/// The object that is all of `text`. Nothing when it is no JSON (RFC 8259) in UTF-8, no object, of
/// more than max_json_depth, or has a name twice in one object, of which one reader sees the first
/// and another the last (RFC 7519 section 4).
std::optional<Json> parse_object(std::string_view text);

/// The value of that name; null when there is none.
const Json* member(const Json& object, std::string_view name);

/// The same where the value has to be a string.
const std::string* string_member(const Json& object, std::string_view name);

/// Whether `value` is that string, or an array with it.
bool is_or_has(const Json& value, std::string_view text);

} // namespace tokens

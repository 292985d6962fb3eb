// SPDX-License-Identifier: ISC
#include "tokens/json.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <vector>

namespace tokens {

namespace {

/// Checks each step of the parser. A refused value is not kept in memory.
class Watch {
 public:
  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    using Event = Json::parse_event_t;
    const bool opens = event == Event::object_start || event == Event::array_start;
    if (opens && depth >= max_json_depth)
      is_good_ = false;
    else if (event == Event::object_start)
      names_.emplace_back();
    else if (event == Event::key)
      is_good_ = is_good_ && names_.back().insert(parsed.get_ref<const std::string&>()).second;
    else if (event == Event::object_end && !names_.empty())
      names_.pop_back();
    return is_good_;
  }

  bool is_good() const { return is_good_; }

 private:
  std::vector<std::set<std::string>> names_; ///< Names in each of the objects that are open.
  bool is_good_ = true;
};

} // namespace

std::optional<Json> parse_object(std::string_view text) {
  if (text.find('\0') != text.npos) // the parser treats NUL as the end of the text
    return {};
  Watch watch;
  auto value = Json::parse(text.begin(), text.end(), std::ref(watch), false);
  if (!watch.is_good() || !value.is_object())
    return {};
  return value;
}

const Json* member(const Json& object, std::string_view name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

const std::string* string_member(const Json& object, std::string_view name) {
  const auto* value = member(object, name);
  return value == nullptr ? nullptr : value->get_ptr<const std::string*>();
}

bool is_text_or_absent(const Json& object, std::string_view name) {
  return member(object, name) == nullptr || string_member(object, name) != nullptr;
}

bool is_or_has(const Json& value, std::string_view text) {
  if (value.is_array())
    return std::any_of(value.begin(), value.end(), [text](const Json& element) {
      return element.is_string() && is_or_has(element, text);
    });
  const auto* own = value.get_ptr<const std::string*>();
  return own != nullptr && *own == text;
}

} // namespace tokens

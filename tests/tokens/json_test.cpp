// SPDX-License-Identifier: ISC
#include "tokens/json.hpp"

#include <doctest/doctest.h>

using tokens::parse_object;

namespace {

/// An object of `depth` levels of arrays or objects.
std::string nested(int depth, const std::string& open, const std::string& close) {
  std::string text = "{\"a\":";
  for (int i = 1; i < depth; ++i)
    text += open;
  text += "1";
  for (int i = 1; i < depth; ++i)
    text += close;
  return text + "}";
}

} // namespace

TEST_CASE("the members of an object are found by their names") {
  const auto object = parse_object(R"({"a":"x","b":1,"":null,"\u0063":["d"]})");
  REQUIRE(object.has_value());
  CHECK(*tokens::string_member(*object, "a") == "x");
  CHECK(tokens::string_member(*object, "b") == nullptr);
  CHECK(tokens::member(*object, "b")->get<int>() == 1);
  CHECK(tokens::member(*object, "") != nullptr);
  CHECK(tokens::member(*object, "c")->is_array());
  CHECK(tokens::member(*object, "A") == nullptr);
}

TEST_CASE("a string is itself, and in an array of others") {
  const auto object = parse_object(R"({"a":"x","b":["y","x"],"c":[["x"]],"d":{"x":"x"},"e":[]})");
  REQUIRE(object.has_value());
  const auto is_or_has_x = [&](const char* name) {
    return tokens::is_or_has(*tokens::member(*object, name), "x");
  };
  CHECK(is_or_has_x("a"));
  CHECK(is_or_has_x("b"));
  CHECK_FALSE(is_or_has_x("c"));
  CHECK_FALSE(is_or_has_x("d"));
  CHECK_FALSE(is_or_has_x("e"));
}

TEST_CASE("text that is no object of JSON is refused") {
  for (const auto* text : {"",
                           " ",
                           "1",
                           "\"a\"",
                           "null",
                           "[]",
                           "[{}]",
                           "{",
                           "}",
                           "{}{}",
                           "{} x",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\":1,}",
                           "{\"a\" 1}",
                           "{\"a\":01}",
                           "{\"a\":+1}",
                           "{\"a\":NaN}",
                           "{\"a\":1e999}",
                           "{\"a\":tru}",
                           "// c\n{}",
                           "{\"a\":\"\\x\"}",
                           "{\"a\":\"\n\"}",
                           "{\"a\":\"\xff\"}",
                           "{\"a\":\"\xc0\xaf\"}",
                           "{\"a\":\"\\ud800\"}",
                           "{\"a\":\"\xed\xa0\x80\"}"})
    CHECK_FALSE_MESSAGE(parse_object(text), text);
}

TEST_CASE("a NUL is not the end of an object, nor anything else in it") {
  CHECK_FALSE(parse_object(std::string_view("{}\0", 3)));
  CHECK_FALSE(parse_object(std::string_view("{}\0x", 4)));
  CHECK_FALSE(parse_object(std::string_view("{\"a\":\"\0\"}", 9)));
  CHECK(parse_object("{\"a\":\"\\u0000\"}").has_value());
}

TEST_CASE("every piece of an object is nothing by itself") {
  const std::string text = R"({"keys":[{"a":"b"},-1.5e3,true,null],"c":"\u00e9"})";
  CHECK(parse_object(text).has_value());
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK_FALSE_MESSAGE(parse_object(text.substr(0, size)), size);
}

TEST_CASE("a name twice in one object is refused, at every depth and however it is written") {
  for (const auto* text :
       {R"({"a":1,"a":1})", R"({"a":1,"\u0061":2})", R"({"x":{"a":1,"b":2,"a":3}})",
        R"({"x":[{},{"a":1,"a":2}]})", R"({"a":{},"b":1,"a":2})"})
    CHECK_FALSE_MESSAGE(parse_object(text), text);
  CHECK(parse_object(R"({"a":{"a":1},"b":[{"a":1},{"a":2}],"c":{"b":1}})").has_value());
}

TEST_CASE("objects and arrays may be in one another up to the limit") {
  constexpr int limit = tokens::max_json_depth;
  for (const int depth : {1, limit - 1, limit}) {
    CHECK(parse_object(nested(depth, "[", "]")).has_value());
    CHECK(parse_object(nested(depth, "{\"a\":", "}")).has_value());
  }
  for (const int depth : {limit + 1, limit + 2, 10'000}) {
    CHECK_FALSE(parse_object(nested(depth, "[", "]")));
    CHECK_FALSE(parse_object(nested(depth, "{\"a\":", "}")));
  }
  CHECK_FALSE(parse_object(std::string(60'000, '[')));
}

// SPDX-License-Identifier: ISC
#include "admin/fields.hpp"

#include "support/stream_capture.hpp"

#include <doctest/doctest.h>
#include <iostream>

using admin::Fields;
using support::StreamCapture;

namespace {

void add_user(Fields& fields, std::string_view name, std::optional<std::uint64_t> uid) {
  fields.text("Name", name);
  fields.number("uid", uid);
  fields.flag("nologin", true, ": moved");
  fields.texts("app-password", {"phone", "tablet"});
  fields.end_object();
}

} // namespace

TEST_CASE("lines have the keys in a column, and a dash for what is not there") {
  StreamCapture output(std::cout);
  Fields fields(Fields::Form::lines);
  add_user(fields, "alice", 7);
  fields.text("home", "");
  fields.number("gid", {});
  fields.flag("shared", false);
  fields.finish();
  CHECK(output.text() == "Name                alice\n"
                         "uid                 7\n"
                         "nologin             yes: moved\n"
                         "app-password        phone\n"
                         "app-password        tablet\n"
                         "home                -\n"
                         "gid                 -\n"
                         "shared              no\n");
}

TEST_CASE("an object has its keys in lower case, and null for what is not there") {
  StreamCapture output(std::cout);
  Fields fields(Fields::Form::object);
  add_user(fields, "", {});
  fields.finish();
  CHECK(output.text() == "{\"name\": null, \"uid\": null, \"nologin\": true, "
                         "\"app-password\": [\"phone\",\"tablet\"]}\n");
}

TEST_CASE("an array has an object for each user, and may be empty") {
  StreamCapture output(std::cout);
  Fields fields(Fields::Form::array);
  fields.finish();
  Fields two(Fields::Form::array);
  for (const auto* name : {"a", "b"}) {
    two.text("name", name);
    two.end_object();
  }
  two.finish();
  CHECK(output.text() == "[]\n[\n  {\"name\": \"a\"},\n  {\"name\": \"b\"}\n]\n");
}

TEST_CASE("text in JSON is ASCII, whatever octets it has") {
  StreamCapture output(std::cout);
  Fields fields(Fields::Form::object);
  fields.text("home", "\xc3\xa9\"\\\x1b\xff");
  fields.finish();
  CHECK(output.text() == "{\"home\": \"\\u00e9\\\"\\\\\\u001b\\ufffd\"}\n");
}

// SPDX-License-Identifier: ISC
#include "admin/check/key_values.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace admin;

TEST_CASE("sections have their entries, and those before the first a section without name") {
  const Scratch scratch;
  const auto sections = sections_of(scratch.write("file", "a = 1\n"
                                                          "[Socket]\n"
                                                          "  ListenStream=110 \n"
                                                          "# b = 2\n"
                                                          "; c = 3\n"
                                                          "no entry\n"
                                                          "service pop3 {\n"
                                                          "server = /x y\n"
                                                          "}\n"));
  REQUIRE(sections.size() == 3);
  CHECK(sections[0].name.empty());
  CHECK(sections[0].value("a") == "1");
  CHECK(sections[1].name == "Socket");
  CHECK(sections[1].entries.size() == 1);
  CHECK(sections[1].value("ListenStream") == "110");
  CHECK(sections[2].name == "pop3");
  CHECK(sections[2].value("server") == "/x y");
}

TEST_CASE("the last value counts, and an empty one forgets those before it") {
  const Section section{"s",
                        {{"a", "1"}, {"a", "2"}, {"b", "3"}, {"b", ""}, {"b", "4"}, {"c", ""}}};
  CHECK(section.value("a") == "2");
  CHECK(section.values("a") == std::vector<std::string>{"1", "2"});
  CHECK(section.values("b") == std::vector<std::string>{"4"});
  CHECK(section.values("c").empty());
  CHECK(section.value("d").empty());
}

TEST_CASE("a file of max_key_values octets is read, a longer one is not") {
  const Scratch scratch;
  const std::string entry = "a=1\n";
  const std::string full = entry + std::string(max_key_values - entry.size(), '\n');
  CHECK(sections_of(scratch.write("full", full)).front().value("a") == "1");
  CHECK(sections_of(scratch.write("long", full + "\n")).front().value("a").empty());
  CHECK(lines_of(scratch.path("missing")).empty());
}

TEST_CASE("files are found by the end of their names, in order") {
  const Scratch scratch;
  for (const auto* name : {"b.conf", "a.conf", "c.conf.bak"})
    scratch.write(name, "");
  CHECK(files_of(scratch.path(), ".conf") ==
        std::vector<std::string>{scratch.path("a.conf"), scratch.path("b.conf")});
  CHECK(files_of(scratch.path("missing"), ".conf").empty());
}

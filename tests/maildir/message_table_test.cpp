// SPDX-License-Identifier: ISC
#include "maildir/message_table.hpp"

#include "pop3/limits.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <string>

using maildir::AddFile;
using maildir::Folder;
using maildir::MessageTable;
using Names = std::vector<std::string>;

namespace {

MessageTable table_of(const Names& names) {
  MessageTable table;
  std::uint64_t inode = 1;
  for (const auto& name : names)
    table.add(name, Folder::new_messages, inode++);
  table.sort();
  return table;
}

Names names_in(const MessageTable& table) {
  Names names;
  for (std::size_t i = 0; i < table.size(); ++i)
    names.emplace_back(table.name(table[i]));
  return names;
}

struct Listed {
  const char* name;
  Folder folder;
  std::uint64_t inode;
};
using Listing = std::vector<Listed>;

/// `table` after the given listings, all of which it has to ask for.
MessageTable relocated(const MessageTable& table, const std::vector<Listing>& listings) {
  std::size_t asked = 0;
  auto moved = table.relocated([&](const AddFile& add) {
    for (const auto& file : listings.at(asked++))
      add(file.name, file.folder, file.inode);
  });
  CHECK(asked == listings.size());
  return moved;
}

} // namespace

TEST_CASE("a sorted table is in the order of numbers and names, with one message a base name") {
  const auto table = table_of({"20.b", "3.x", "20.a:2,", "3.x:2,S", "100.a", "noname", "3.x:2,RS"});
  CHECK(names_in(table) == Names{"noname", "3.x:2,RS", "20.a:2,", "20.b", "100.a"});
  CHECK(table.find("20.a") == 2);
  CHECK(table.find("20.a:2,FS") == 2);
  CHECK(table.find("20.c") == table.size());
  CHECK(table.find("") == table.size());
}

TEST_CASE("names of any length are kept as they are, and end with NUL") {
  Names names;
  for (int i = 0; i < 3000; ++i)
    names.push_back(std::to_string(100'000 + i) + std::string(static_cast<unsigned>(i) % 250, 'n'));
  const auto table = table_of(names);
  CHECK(names_in(table) == names);
  for (std::size_t i = 0; i < table.size(); ++i)
    REQUIRE(table.name(table[i]).data()[names[i].size()] == '\0');
}

TEST_CASE("each position of a table of any size has its base name") {
  for (int messages = 1; messages <= 20; ++messages) {
    Names names;
    for (int i = 0; i < messages; ++i)
      names.push_back(std::to_string(20 - i) + ".a:2,S");
    const auto table = table_of(names);
    for (std::size_t i = 0; i < table.size(); ++i)
      CHECK(table.base(i) == std::to_string(21 - messages + static_cast<int>(i)) + ".a");
  }
}

TEST_CASE("messages are as many as max_messages, and not one more") {
  MessageTable table;
  for (std::size_t i = 0; i < pop3::max_messages; ++i)
    table.add("a", Folder::new_messages, 1);
  CHECK(table.size() == pop3::max_messages);
  CHECK_THROWS_AS(table.add("a", Folder::new_messages, 1), std::system_error);
}

TEST_CASE("a message that is met elsewhere keeps its number and its size") {
  auto table = table_of({"1.a", "2.b", "3.c"});
  table[0].octets = 17;
  const Listing listing = {{"1.a:2,S", Folder::cur_messages, 1},
                           {"9.arrived", Folder::new_messages, 9},
                           {"3.c", Folder::new_messages, 3}};
  const auto moved = relocated(table, {listing, listing}); // again, as 2.b is missing
  CHECK(names_in(moved) == Names{"1.a:2,S", "2.b", "3.c"});
  CHECK(moved[0].octets == 17);
  CHECK(moved[0].folder == Folder::cur_messages);
  CHECK_FALSE(moved[0].is_gone);
  CHECK(moved[1].is_gone);
}

TEST_CASE("a message that one list misses is found by the next") {
  const auto table = table_of({"1.a", "2.b"});
  const Listing first = {{"1.a:2,", Folder::cur_messages, 1}}; // 2.b was renamed meanwhile
  const Listing second = {{"2.b:2,S", Folder::cur_messages, 2},
                          {"2.b:2,S", Folder::cur_messages, 2},
                          {"1.a:2,S", Folder::cur_messages, 1}};
  CHECK(names_in(relocated(table, {first, second})) == Names{"1.a:2,S", "2.b:2,S"});
}

TEST_CASE("a message that only the first of two lists has is not gone") {
  const auto table = table_of({"1.a", "2.b"});
  const auto moved = relocated(
      table, {{{"1.a:2,S", Folder::cur_messages, 1}}, {{"2.b", Folder::new_messages, 2}}});
  CHECK(names_in(moved) == Names{"1.a:2,S", "2.b"});
  CHECK_FALSE(moved[0].is_gone);
  CHECK_FALSE(moved[1].is_gone);
}

TEST_CASE("a size is never passed on to another file of the same name") {
  auto table = table_of({"1.a", "2.b"});
  table[0].octets = 17;
  const auto moved = relocated(
      table, {{{"1.a:2,S", Folder::cur_messages, 77}, {"2.b:2,S", Folder::cur_messages, 78}}});
  CHECK(moved[0].inode == 1); // so that its size in the index is not used
  CHECK(moved[1].inode == 78);
}

TEST_CASE("a message that was gone before is not looked for") {
  auto table = table_of({"1.a", "2.b"});
  table[0].is_gone = true;
  const auto moved = relocated(table, {{{"2.b", Folder::new_messages, 2}}});
  CHECK(names_in(moved) == Names{"1.a", "2.b"});
  CHECK(moved[0].is_gone);
}

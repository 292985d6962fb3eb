// SPDX-License-Identifier: ISC
#include "maildir/message_table.hpp"

#include "pop3/limits.hpp"

#include <doctest/doctest.h>
#include <ostream>
#include <string>

using maildir::AddFile;
using maildir::Folder;
using maildir::max_file_name;
using maildir::max_listings;
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

/// What the last listing says of itself. All before it may have missed files.
enum class Last : std::uint8_t { has_all, may_lack_some };

/// What `read` makes of the given listings, all of which it has to ask for.
template <class Read>
MessageTable read_all(const std::vector<Listing>& listings, Last last, const Read& read) {
  std::size_t asked = 0;
  auto table = read([&](const AddFile& add) {
    for (const auto& file : listings.at(asked++))
      add(file.name, file.folder, file.inode);
    return asked == listings.size() && last == Last::has_all;
  });
  CHECK(asked == listings.size());
  return table;
}

MessageTable relocated(const MessageTable& table, const std::vector<Listing>& listings,
                       Last last = Last::has_all, bool are_older = false) {
  return read_all(listings, last, [&](const auto& list) {
    return table.relocated(list, [&](std::string_view, Folder) { return are_older; });
  });
}

MessageTable relocated(const MessageTable& table, const std::vector<Listing>& listings,
                       bool are_older) {
  return relocated(table, listings, Last::has_all, are_older);
}

MessageTable listed(const std::vector<Listing>& listings, Last last = Last::has_all) {
  return read_all(listings, last, MessageTable::listed);
}

std::vector<Listing> times(int listings, const Listing& listing) {
  return std::vector<Listing>(static_cast<std::size_t>(listings), listing);
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

TEST_CASE("names longer than NAME_MAX are messages of their own, up to max_file_name") {
  const std::string start(255, '1');
  const Names names = {start, start + "2", start + "3:2,S",
                       start + std::string(max_file_name - 255, '4')};
  const auto table = table_of(names);
  CHECK(names_in(table) == names);
  CHECK(table.base(2) == start + "3");
  CHECK(table.base(3) == names[3]);
  CHECK_THROWS_AS(table_of({std::string(max_file_name + 1, '1')}), std::system_error);
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
  const auto moved = relocated(table, {listing});
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

TEST_CASE("a listing that may lack files is enough when it has all messages") {
  const auto table = table_of({"1.a", "2.b"});
  const Listing all = {{"1.a", Folder::new_messages, 1}, {"2.b", Folder::new_messages, 2}};
  const auto moved = relocated(table, {all}, Last::may_lack_some);
  CHECK_FALSE(moved[0].is_gone);
}

TEST_CASE("a message that max_listings listings miss is gone") {
  const auto table = table_of({"1.a", "2.b"});
  const Listing one = {{"1.a", Folder::new_messages, 1}};
  const Listing both = {{"1.a", Folder::new_messages, 1}, {"2.b", Folder::new_messages, 2}};
  auto listings = times(max_listings, one);
  const auto missed = relocated(table, listings, Last::may_lack_some);
  CHECK(missed[1].is_gone);
  listings.back() = both;
  const auto found = relocated(table, listings, Last::may_lack_some);
  CHECK_FALSE(found[1].is_gone);
}

TEST_CASE("one listing without a change is enough") {
  CHECK(names_in(listed({{{"2.b", Folder::new_messages, 2},
                          {"1.a:2,S", Folder::cur_messages, 1}}})) == Names{"1.a:2,S", "2.b"});
}

TEST_CASE("after changes the listing without a change counts alone") {
  const Listing before = {{"1.a", Folder::new_messages, 1},
                          {"2.b", Folder::new_messages, 2},
                          {"3.removed", Folder::new_messages, 3}};
  const Listing after = {{"1.a:2,S", Folder::cur_messages, 1},
                         {"2.renamed", Folder::cur_messages, 2},
                         {"4.arrived", Folder::new_messages, 4}};
  CHECK(names_in(listed({before, after})) == Names{"1.a:2,S", "2.renamed", "4.arrived"});
}

TEST_CASE("of max_listings listings with changes every message counts, once") {
  const Listing first = {{"1.a", Folder::new_messages, 1},
                         {"2.b", Folder::new_messages, 2},
                         {"3.c", Folder::new_messages, 3}};
  const Listing second = {{"2.b:2,S", Folder::cur_messages, 2}};
  const Listing later = {{"3.renamed", Folder::cur_messages, 3},
                         {"2.b:2,S", Folder::cur_messages, 2}};
  auto listings = times(max_listings, later);
  listings[0] = first;
  listings[1] = second;
  const auto table = listed(listings, Last::may_lack_some);
  CHECK(names_in(table) == Names{"1.a", "2.b:2,S", "3.renamed"});
  CHECK(table[1].folder == Folder::cur_messages);
  for (std::size_t i = 0; i < table.size(); ++i) {
    CHECK(table[i].inode == i + 1);
    CHECK(table[i].octets == maildir::Message::unknown);
  }
}

TEST_CASE("two names of one file are two messages, also when a listing misses one of them") {
  const Listing both = {{"1.a", Folder::new_messages, 1}, {"2.copy", Folder::new_messages, 1}};
  auto listings = times(max_listings, {{"1.a:2,S", Folder::cur_messages, 1}});
  listings[0] = both;
  CHECK(names_in(listed(listings, Last::may_lack_some)) == Names{"1.a:2,S", "2.copy"});
}

TEST_CASE("where all files have one inode number no message is missed by listings with changes") {
  const Listing all = {{"1.a", Folder::new_messages, 7},
                       {"2.b", Folder::new_messages, 7},
                       {"3.c", Folder::new_messages, 7}};
  auto listings = times(max_listings,
                        {{"1.a", Folder::new_messages, 7}, {"4.arrived", Folder::new_messages, 7}});
  listings[0] = all;
  CHECK(names_in(listed(listings, Last::may_lack_some)) == Names{"1.a", "2.b", "3.c", "4.arrived"});
}

TEST_CASE("another file of the same name is not the file that was listed") {
  auto table = table_of({"1.a", "2.b"});
  table[0].octets = 17;
  const Listing listing = {{"1.a:2,S", Folder::cur_messages, 77},
                           {"2.b:2,S", Folder::cur_messages, 78}};
  const auto moved = relocated(table, {listing, listing}); // again: their own files are missing
  for (const std::size_t i : {0u, 1u}) {
    CHECK(moved[i].is_rewritten); // so that its size in the index is not used
    CHECK(moved[i].inode == table[i].inode);
    CHECK_FALSE(moved[i].is_gone);
  }
  CHECK(moved[0].octets == 17);
  const auto back =
      relocated(moved, {{{"1.a", Folder::new_messages, 1}, {"2.b:2,S", Folder::cur_messages, 78}}});
  CHECK_FALSE(back[0].is_rewritten);
  CHECK(back[1].is_rewritten);
}

TEST_CASE("of two files with a message's base name the one that was listed wins") {
  const auto table = table_of({"1.a"});
  const Listed own = {"1.a:2,S", Folder::cur_messages, 1};
  const Listed other = {"1.a", Folder::new_messages, 77};
  for (const auto& listing : {Listing{own, other}, Listing{other, own}}) {
    const auto moved = relocated(table, {listing});
    CHECK(names_in(moved) == Names{"1.a:2,S"});
    CHECK(moved[0].folder == Folder::cur_messages);
    CHECK_FALSE(moved[0].is_rewritten);
  }
}

TEST_CASE("a file is followed to another base name, and its message keeps its own") {
  const auto table = table_of({"1.a", "2.b", "3.c"});
  const Listed renamed = {"9.new-name,U=1:2,S", Folder::cur_messages, 2};
  const Listed other = {"2.b", Folder::new_messages, 78};
  const Listed one = {"1.a", Folder::new_messages, 1}, three = {"3.c", Folder::new_messages, 3};
  for (const auto& listing : {Listing{one, renamed, three}, Listing{renamed, other, one, three},
                              Listing{one, other, three, renamed}}) {
    const auto moved = relocated(table, {listing}, true);
    CHECK(names_in(moved) == Names{"1.a", "9.new-name,U=1:2,S", "3.c"});
    CHECK(moved.base(1) == "2.b");
    CHECK(moved.find("2.b:2,F") == 1);
    CHECK_FALSE(moved[1].is_rewritten);
    const Listed again = {"8.newer-name", Folder::new_messages, 2};
    const auto twice = relocated(moved, {{one, again, three}}, true);
    CHECK(names_in(twice) == Names{"1.a", "8.newer-name", "3.c"});
    CHECK(twice.base(1) == "2.b");
    const auto gone = relocated(twice, {{one, three}, {one, three}}, true);
    CHECK(gone[1].is_gone);
    CHECK(names_in(gone) == Names{"1.a", "8.newer-name", "3.c"});
    CHECK(gone.base(1) == "2.b");
  }
}

TEST_CASE("a newer file is not followed: its inode's number is used again") {
  const auto table = table_of({"1.a"});
  const Listing listing = {{"9.arrived", Folder::new_messages, 1}};
  const auto newer = relocated(table, {listing, listing}, false);
  CHECK(newer[0].is_gone);
  const auto older = relocated(table, {listing}, true);
  CHECK_FALSE(older[0].is_gone);
}

TEST_CASE("two messages that are links to one file are not followed") {
  MessageTable table;
  table.add("1.a", Folder::new_messages, 7);
  table.add("2.b", Folder::new_messages, 7);
  table.sort();
  const Listing listing = {{"2.b", Folder::new_messages, 7}, {"9.c", Folder::new_messages, 7}};
  const auto moved = relocated(table, {listing, listing}, true);
  CHECK(moved[0].is_gone);
  CHECK(names_in(moved) == Names{"1.a", "2.b"});
}

TEST_CASE("names of 255 octets are followed and kept with base names of 255") {
  Names names;
  for (int i = 0; i < 100; ++i)
    names.push_back(std::to_string(1000 + i) + std::string(251, 'n'));
  auto table = table_of(names);
  for (int round = 0; round < 3; ++round) {
    std::vector<std::string> renamed;
    for (int i = 0; i < 100; ++i)
      renamed.push_back(std::to_string(round) + std::to_string(1000 + i) + std::string(250, 'r'));
    Listing listing;
    for (std::size_t i = 0; i < renamed.size(); ++i)
      listing.push_back({renamed[i].c_str(), Folder::cur_messages, i + 1});
    table = relocated(table, {listing}, true);
    CHECK(names_in(table) == renamed);
    for (std::size_t i = 0; i < names.size(); ++i)
      CHECK(table.base(i) == names[i]);
  }
}

TEST_CASE("a message that was gone before does not have the files listed twice, but can be found") {
  auto table = table_of({"1.a", "2.b"});
  table[0].is_gone = true;
  const auto without = relocated(table, {{{"2.b", Folder::new_messages, 2}}});
  CHECK(names_in(without) == Names{"1.a", "2.b"});
  CHECK(without[0].is_gone);
  const auto with = relocated(
      without, {{{"1.a:2,S", Folder::cur_messages, 1}, {"2.b", Folder::new_messages, 2}}});
  CHECK_FALSE(with[0].is_gone);
  CHECK(names_in(with) == Names{"1.a:2,S", "2.b"});
}

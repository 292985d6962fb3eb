// SPDX-License-Identifier: ISC
#include "users/compiled_writer.hpp"

#include "base/system_error.hpp"

#include <cdb.h>

namespace users {

namespace {

constexpr std::uint64_t octets_of_contents = 2048;
constexpr std::uint64_t octets_of_lengths = 8;
constexpr std::uint64_t octets_of_slots = 16; // two slots, so that a table is half empty

std::uint64_t octets_of_record(std::size_t key, std::size_t value) {
  return octets_of_lengths + key + value + octets_of_slots;
}

/// TinyCDB frees its memory only in cdb_make_finish().
void finish_and_forget(::cdb_make* database) {
  (void)cdb_make_finish(database);
  delete database;
}

unsigned length(std::string_view text) {
  return static_cast<unsigned>(text.size());
}

} // namespace

CompiledWriter::CompiledWriter(int fd, std::uint64_t most)
    : database_(new ::cdb_make(), finish_and_forget), most_(most),
      octets_(octets_of_contents + octets_of_record(header_key.size(), max_header)) {
  base::check(cdb_make_start(database_.get(), fd), "begin the compiled users");
}

bool CompiledWriter::put(std::string_view key, std::string_view value) {
  return base::check(cdb_make_put(database_.get(), key.data(), length(key), value.data(),
                                  length(value), CDB_PUT_INSERT),
                     "write the compiled users") == 0;
}

CompiledWriter::Outcome CompiledWriter::add(const User& user, std::string_view line) {
  if (!put(user.name, line))
    return Outcome::duplicate;
  octets_ += octets_of_record(user.name.size(), line.size());
  if (octets_ > most_)
    return Outcome::full;
  costs_.consider(user);
  return Outcome::added;
}

void CompiledWriter::finish(CompiledHeader header) {
  header.decoys = costs_.decoys;
  header.scram_iterations = costs_.scram_iterations;
  put(header_key, to_text(header));
  auto* const database = database_.release();
  const std::unique_ptr<::cdb_make> owner(database);
  base::check(cdb_make_finish(database), "write the compiled users");
}

} // namespace users

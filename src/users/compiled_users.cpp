// SPDX-License-Identifier: ISC
#include "users/compiled_users.hpp"

#include "base/system_error.hpp"

#include <cdb.h>
#include <stdexcept>
#include <sys/mman.h>

namespace users {

namespace {

constexpr unsigned tables = octets_of_contents / 8;
constexpr std::uint64_t octets_of_slot = 8;

void close(::cdb* database) {
  cdb_free(database);
  delete database;
}

/// TinyCDB reads only the places that a key leads to. This checks that the tables follow one
/// another from the end of the records to the end of the file: then the file has the length with
/// which it was made.
bool is_whole(const ::cdb& database, std::uint64_t size) {
  const auto* entry = database.cdb_mem;
  std::uint64_t expected = cdb_unpack(entry);
  if (expected < octets_of_contents)
    return false;
  for (unsigned i = 0; i < tables; ++i, entry += 8) {
    if (cdb_unpack(entry) != expected)
      return false;
    expected += cdb_unpack(entry + 4) * octets_of_slot;
  }
  return expected == size;
}

/// Nothing when no record has that key. Where the database is damaged, the text may be empty.
std::optional<std::string_view> look_up(::cdb& database, std::string_view key) {
  const int outcome = cdb_find(&database, key.data(), static_cast<unsigned>(key.size()));
  if (outcome == 0)
    return {};
  const void* data = outcome > 0 ? cdb_getdata(&database) : nullptr;
  return std::string_view(static_cast<const char*>(data),
                          data != nullptr ? cdb_datalen(&database) : 0);
}

} // namespace

CompiledUsers::CompiledUsers(base::TrustedFile file, Database database, CompiledHeader header)
    : file_(std::move(file)), database_(std::move(database)), header_(std::move(header)) {}

base::Result<CompiledUsers, base::Problem> CompiledUsers::open(base::TrustedFile file,
                                                               const struct stat& text) {
  const auto size = static_cast<std::uint64_t>(file.facts.st_size);
  if (size < octets_of_contents)
    return base::Refused{compiled_problem::damaged};
  auto raw = std::make_unique<::cdb>();
  base::check(cdb_init(raw.get(), file.fd.get()), "map the compiled users");
  Database database(raw.release(), close);
  // A look-up needs only a few pages and not those around them. A verifier must not have the file.
  for (const int advice : {MADV_RANDOM, MADV_DONTFORK})
    ::madvise(const_cast<unsigned char*>(database->cdb_mem), database->cdb_fsize, advice);
  const auto text_of_header =
      is_whole(*database, size) ? look_up(*database, header_key) : std::nullopt;
  auto header = parse_header(text_of_header.value_or(""));
  if (!header)
    return base::Refused{header.error()};
  if (!header->is_of(text))
    return base::Refused{compiled_problem::outdated};
  return CompiledUsers(std::move(file), std::move(database), std::move(*header));
}

std::optional<User> CompiledUsers::find(std::string_view name) const {
  const auto line = is_valid_name(name) ? look_up(*database_, name) : std::nullopt;
  if (!line)
    return {};
  // The text of a damaged record must not let a login succeed.
  if (auto user = parse_user(*line); user && user->name == name)
    return std::move(*user);
  throw std::runtime_error("the compiled users are damaged: run sodapop users compile");
}

} // namespace users

// SPDX-License-Identifier: ISC
// The input is a name on a line, then the compiled form of an empty users file from 1970.
#include "base/system_error.hpp"
#include "fuzz/target.hpp"
#include "users/compiled_users.hpp"

#include <stdexcept>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

namespace {

using fuzz::expect;
using users::CompiledUsers;

base::TrustedFile file_with(std::string_view octets) {
  base::UniqueFd fd(base::check(memfd_create("users.cdb", MFD_CLOEXEC), "memfd_create"));
  base::check(fchmod(fd.get(), 0600), "fchmod");
  expect(write(fd.get(), octets.data(), octets.size()) == static_cast<ssize_t>(octets.size()),
         "the file could be written");
  auto file = base::trust(std::move(fd));
  expect(file.has_value(), "the file's owner and mode are good");
  return std::move(*file);
}

void check_find(const CompiledUsers& users, const std::string& name) {
  try {
    const auto user = users.find(name);
    expect(!user || user->name == name, "a name leads to its own line");
    expect(!user || users::is_valid_name(name), "what is no name is nobody's");
  } catch (const std::runtime_error&) {
    // A damaged file lets no user in.
  }
}

void try_input(fuzz::Input input) {
  const std::string name(input.take_until('\n'));
  const auto octets = input.rest();
  struct stat text {};
  const auto users = CompiledUsers::open(file_with(octets), text);
  if (!users)
    return;
  expect(octets.find(users::header_key) != octets.npos, "what is accepted has a header");
  for (const auto& one : {name, std::string("a"), std::string("b@x"), std::string(":header")})
    check_find(*users, one);
  text.st_size = 1;
  const auto other = CompiledUsers::open(file_with(octets), text);
  expect(!other && other.error() == users::compiled_problem::outdated,
         "of another text it is outdated");
}

const fuzz::Target target("compiled_users", try_input);

} // namespace

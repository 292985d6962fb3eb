// SPDX-License-Identifier: ISC
// A users file and its compiled form, in a directory of their own.
#pragma once

#include "support/scratch.hpp"
#include "users/compile_users.hpp"
#include "users/compiled_users.hpp"

#include <doctest/doctest.h>
#include <string>
#include <utility>

struct CompiledFixture {
  explicit CompiledFixture(std::string_view text, mode_t mode = 0600)
      : users(scratch.write("users", text, mode)), compiled(users + ".cdb") {}

  users::UsersFile text() const {
    auto file = users::UsersFile::open(users);
    REQUIRE(file.has_value());
    return std::move(*file);
  }
  users::CompileCounts compile() const {
    const auto counts = users::compile_users(text(), users, {});
    REQUIRE(counts.has_value());
    return *counts;
  }
  base::Result<users::CompiledUsers, base::Problem> open() const {
    auto file = base::open_trusted(compiled);
    REQUIRE(file.has_value());
    return users::CompiledUsers::open(std::move(*file), text().file().facts);
  }

  Scratch scratch;
  std::string users;
  std::string compiled;
};

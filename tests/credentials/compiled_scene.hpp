// SPDX-License-Identifier: ISC
// A users file and what is compiled of it, in a directory of their own.
#pragma once

#include "credentials/compile_users.hpp"
#include "credentials/compiled_users.hpp"
#include "scratch.hpp"

#include <doctest/doctest.h>
#include <string>
#include <utility>

struct CompiledScene {
  explicit CompiledScene(std::string_view text, mode_t mode = 0600)
      : users(scratch.write("users", text, mode)), compiled(users + ".cdb") {}

  credentials::UsersFile text() const {
    auto file = credentials::UsersFile::open(users);
    REQUIRE(file.has_value());
    return std::move(*file);
  }
  credentials::CompileCounts compile() const {
    const auto counts = credentials::compile_users(text(), users, {});
    REQUIRE(counts.has_value());
    return *counts;
  }
  base::Result<credentials::CompiledUsers, credentials::CompiledProblem> open() const {
    return credentials::CompiledUsers::open(compiled, text().facts());
  }

  Scratch scratch;
  std::string users;
  std::string compiled;
};

// SPDX-License-Identifier: ISC
#include "admin/password_prompt.hpp"

#include "admin/failure.hpp"
#include "base/unique_fd.hpp"
#include "command_line_fixture.hpp"
#include "pop3/limits.hpp"

#include <doctest/doctest.h>
#include <string_view>
#include <unistd.h>

using admin::ask_new_password;
using admin::ask_password;
using admin::Failure;

namespace {

const auto from_stdin = support::values({admin::password_option()}, "--password-stdin");

/// Standard input that holds `text` and then ends.
class Input {
 public:
  explicit Input(std::string_view text) : saved_(::dup(STDIN_FILENO)) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  ~Input() { ::dup2(saved_.get(), STDIN_FILENO); }

  static std::string ask() { return std::string(ask_password(from_stdin, "").reveal()); }

 private:
  base::UniqueFd saved_;
};

} // namespace

TEST_CASE("a password is one line, with or without its end") {
  for (const auto* text : {"pass word", "pass word\n", "pass word\r\n", "pass word\nmore\n"}) {
    const Input input(text);
    CHECK(Input::ask() == "pass word");
  }
}

TEST_CASE("blanks belong to the password, and a CR within it too") {
  const Input input(" a \t\r b \n");
  CHECK(Input::ask() == " a \t\r b ");
}

TEST_CASE("text behind the line is left for the next reader") {
  const Input input("one\ntwo\n");
  CHECK(Input::ask() == "one");
  CHECK(ask_new_password(from_stdin, "a").reveal() == "two");
}

TEST_CASE("passwords of the limit are taken, longer ones refused") {
  for (const std::string end : {"", "\n", "\r\n"}) {
    for (const auto length : {pop3::max_password - 1, pop3::max_password}) {
      const Input input(std::string(length, 'x') + end);
      CHECK(Input::ask().size() == length);
    }
    for (const auto length : {pop3::max_password + 1, pop3::max_password + 2, std::size_t{9000}}) {
      const Input input(std::string(length, 'x') + end);
      CHECK_THROWS_AS(Input::ask(), Failure);
    }
  }
}

TEST_CASE("empty passwords and such with a NUL are refused") {
  for (const auto text : {std::string_view(""), std::string_view("\n"), std::string_view("\r\n"),
                          std::string_view("a\0b\n", 4), std::string_view("\0\n", 2)}) {
    const Input input(text);
    CHECK_THROWS_AS(Input::ask(), Failure);
  }
}

// SPDX-License-Identifier: ISC
#include "admin/shell_word.hpp"

#include <array>
#include <cstdio>
#include <doctest/doctest.h>
#include <memory>

using admin::shell_word;

namespace {

/// What a shell makes of that word.
std::string read_by_shell(const std::string& word) {
  const auto command = "printf %s " + word;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  for (int c = fgetc(pipe.get()); c != EOF; c = fgetc(pipe.get()))
    text += static_cast<char>(c);
  return text;
}

} // namespace

TEST_CASE("a word of letters, digits and a few signs stays as it is") {
  for (const char* word : {"chmod", "/etc/sodapop/users", "go-w", "alice+list@example.org",
                           "--mail=maildir:%h/x", "0600"})
    CHECK(shell_word(word) == word);
}

TEST_CASE("other words are quoted") {
  CHECK(shell_word("") == "''");
  CHECK(shell_word("a b") == "'a b'");
  CHECK(shell_word("it's") == R"('it'"'"'s')");
  CHECK(shell_word("~") == "'~'");
  CHECK(shell_word("m\xc3\xbcller 5%") == R"x("$(printf 'm\303\274ller\0405%%')")x");
}

TEST_CASE("a shell reads the word that was meant, and the terminal sees printable ASCII alone") {
  for (const std::string word :
       {"", "a b", "it's", "$HOME", "`id`", "\\", "\"", "a;b&c|d>e<f", "*", "#x", "!x", "~root",
        "m\xc3\xbcller", "\x1b[2J", "a\nb", "100%\xff", "'\xff'", "\\101\xff"}) {
    CAPTURE(word);
    CHECK(read_by_shell(shell_word(word)) == word);
    for (const char c : shell_word(word))
      CHECK((c >= ' ' && c <= '~'));
  }
}

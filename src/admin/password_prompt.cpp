// SPDX-License-Identifier: ISC
#include "admin/password_prompt.hpp"

#include "admin/failure.hpp"
#include "base/system_error.hpp"
#include "pop3/limits.hpp"

#include <array>
#include <bsd/readpassphrase.h>
#include <unistd.h>

namespace admin {

namespace {

/// Has room for a password that is one octet too long, and for the CR or the NUL at its end.
using Line = std::array<char, pop3::max_password + 2>;

base::Secret ask_terminal(const std::string& prompt) {
  Line line;
  const base::Wiper wiper(line);
  line.fill(' '); // so that the last NUL is the end, also after a NUL that was typed
  if (::readpassphrase(prompt.c_str(), line.data(), line.size(), RPP_REQUIRE_TTY) == nullptr) {
    if (errno == ENOTTY)
      throw Failure("no terminal to ask for the password: use --password-stdin");
    base::throw_errno("read the password");
  }
  const std::string_view text(line.data(), line.size());
  return base::Secret(text.substr(0, text.rfind('\0')));
}

/// Reads octet by octet, so that the next line is left for the next program.
base::Secret read_standard_input() {
  Line line;
  const base::Wiper wiper(line);
  std::size_t size = 0;
  for (char c = 0; base::check(::read(STDIN_FILENO, &c, 1), "read the password") > 0 && c != '\n';)
    if (size < line.size())
      line[size++] = c;
  const bool has_cr = size > 0 && line[size - 1] == '\r';
  return base::Secret({line.data(), has_cr ? size - 1 : size});
}

void require_usable(const base::Secret& password) {
  if (password.empty())
    throw Failure("an empty password never logs in");
  if (password.size() > pop3::max_password)
    throw Failure("the password is longer than " + std::to_string(pop3::max_password) + " octets");
  if (password.reveal().find('\0') != std::string_view::npos)
    throw Failure("the password has a NUL in it");
}

} // namespace

Option password_option() {
  return {"--password-stdin", "Read the password from the first line of standard input"};
}

base::Secret ask_password(const Values& given, const std::string& prompt) {
  auto password = given.flag("--password-stdin") ? read_standard_input() : ask_terminal(prompt);
  require_usable(password);
  return password;
}

base::Secret ask_new_password(const Values& given, const std::string& name) {
  auto password = ask_password(given, "New password for " + name + ": ");
  if (!given.flag("--password-stdin") &&
      ask_terminal("The same again: ").reveal() != password.reveal())
    throw Failure("the two passwords differ");
  return password;
}

} // namespace admin

// SPDX-License-Identifier: ISC
// The input is read in two ways: as a distinguished name, and as attributes, one on each line, that
// are joined to a name in the one-line form of OpenSSL.
#include "fuzz/target.hpp"
#include "login/certificate_name.hpp"

#include <array>
#include <string>

namespace {

using fuzz::expect;
using login::attribute_in;

constexpr std::array<std::string_view, 4> keys = {"CN", "O", "emailAddress", "C"};

/// Checks the value that is found in a name of any octets.
void check_found(std::string_view text, std::string_view key) {
  const auto found = attribute_in(text, key);
  if (!found)
    return;
  expect(text.size() <= login::max_distinguished_name, "a name has a limit");
  expect(!found->empty(), "nobody has no name");
  expect(found->find_first_of("\"\\,+") == found->npos, "a value ends where it ends");
  expect(found->front() != ' ' && found->back() != ' ', "blanks around it are not its own");
  expect(text.find(*found) != text.npos && text.find(key) != text.npos, "it is what was said");
  if (text.starts_with('/'))
    expect(found->find('/') == found->npos, "nor does it go beyond a slash");
}

/// A value as OpenSSL prints it with XN_FLAG_ONELINE: in quotes if a separator, or a blank at an
/// end, would be ambiguous, and with a backslash before characters that are special in quotes.
struct Printed {
  std::string text;
  bool is_plain = true;
};

Printed print_value(std::string_view value) {
  Printed printed;
  bool has_quotes = value.starts_with(' ') || value.ends_with(' ') || value.starts_with('#');
  for (const char c : value) {
    has_quotes = has_quotes || std::string_view(",+<>;").find(c) != std::string_view::npos;
    if (c == '"' || c == '\\') {
      printed.text += '\\';
      printed.is_plain = false;
    }
    printed.text += c;
  }
  if (has_quotes) {
    printed.text = '"' + printed.text + '"';
    printed.is_plain = false;
  }
  return printed;
}

/// The first octet of each line chooses key and separator.
void check_printed(fuzz::Input attributes, std::string_view key) {
  std::string text, wanted;
  unsigned found = 0;
  while (!attributes.empty()) {
    const auto choice = attributes.byte();
    const auto value = attributes.take_until('\n');
    const auto printed = print_value(value);
    const auto& name = keys[choice % keys.size()];
    if (!text.empty())
      text += (choice & 4) != 0 ? " + " : ", ";
    text.append(name).append((choice & 8) != 0 ? " = " : "=").append(printed.text);
    if (name == key) {
      ++found;
      wanted = printed.is_plain ? printed.text : std::string();
    }
  }
  const auto result = attribute_in(text, key);
  if (text.size() > login::max_distinguished_name || found != 1 || wanted.empty())
    expect(!result, "no attribute, several, or one that nobody is called by: no name");
  else
    expect(result == wanted, "of a name that is printed as it should be, the value is found");
}

void try_input(fuzz::Input input) {
  for (const auto key : {keys[0], keys[2]}) {
    check_found(input.rest(), key);
    check_printed(input, key);
  }
}

const fuzz::Target target("certificate_name", try_input);

} // namespace

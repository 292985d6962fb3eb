// SPDX-License-Identifier: ISC
// The input is a typed password on a line, then an extra field of the users file.
#include "fuzz/target.hpp"
#include "users/app_password.hpp"

#include <set>
#include <string>

namespace {

using base::Secret;
using fuzz::expect;
using users::AppPassword;
using users::ExtraFields;
using users::User;

/// Writes `password` as a word of the users file and reads it back.
void check_word(const AppPassword& password) {
  const auto word = users::to_word(password);
  const auto again = users::parse_extra_fields(word);
  expect(again && again->app_passwords.size() == 1, "what was read can be written and read again");
  expect(users::to_word(again->app_passwords.front()) == word, "and says the same");
  expect(word.find_first_of(" \t") == word.npos, "and is one word");
}

void check_rights(const users::Rights& rights) {
  if (rights.networks)
    expect(!rights.networks->empty(), "no list of networks is empty");
  if (rights.expires) {
    expect(*rights.expires % 86400 == 0, "a day ends at midnight");
    const users::Rights alone{.read_only = false, .networks = {}, .expires = rights.expires};
    expect(users::problem(alone, {}, *rights.expires) == users::rights_problem::expired,
           "a day that is over is over");
    expect(!users::problem(alone, {}, *rights.expires - 1), "and not before");
  }
}

void check_fields(const ExtraFields& fields) {
  expect(fields.app_passwords.size() <= users::max_app_passwords, "there is a limit");
  std::set<std::string> labels;
  for (const auto& password : fields.app_passwords) {
    expect(users::is_valid_label(password.label), "a label is a label");
    expect(labels.insert(password.label).second, "no label is there twice");
    check_rights(password.rights);
    check_word(password);
  }
  check_rights(fields.rights);
}

void check_typed(const User& user, const Secret& typed) {
  const auto letters = users::normalised_app_password(typed);
  const auto* found = users::find_app_password(user, typed);
  expect(letters || found == nullptr, "what is no app password fits none");
  if (!letters)
    return;
  expect(letters->size() == users::app_password_letters, "it has so many letters");
  for (const char c : letters->reveal())
    expect(users::app_password_alphabet.find(c) != std::string_view::npos, "of the alphabet");
  const auto again = users::normalised_app_password(*letters);
  expect(again && again->reveal() == letters->reveal(), "letters stay what they are");
  User owner;
  owner.app_passwords.push_back(users::make_app_password("x", typed, {}));
  expect(users::find_app_password(owner, *letters) != nullptr, "it is found when stored");
}

void try_input(fuzz::Input input) {
  const Secret typed(input.take_until('\n'));
  auto fields = users::parse_extra_fields(input.rest());
  User user;
  if (fields) {
    check_fields(*fields);
    static_cast<ExtraFields&>(user) = *fields;
  }
  check_typed(user, typed);
}

const fuzz::Target target("extra_fields", try_input);

} // namespace

// SPDX-License-Identifier: ISC
#include "users/app_password.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <ostream>
#include <set>

using base::Secret;
using users::app_password_alphabet;
using users::AppPassword;
using users::find_app_password;
using users::generate_app_password;
using users::make_app_password;
using users::normalised_app_password;
using users::User;

namespace {

const std::string typed = "abcd-efgh-ijkm-npqr-stuv-wxyz-2345";
const std::string letters = "abcdefghijkmnpqrstuvwxyz2345";

std::string normalised(std::string_view text) {
  const auto found = normalised_app_password(Secret(text));
  return found ? std::string(found->reveal()) : "none";
}

User user_with(std::vector<AppPassword> passwords) {
  User user;
  user.app_passwords = std::move(passwords);
  return user;
}

std::string found_in(const User& user, std::string_view text) {
  const auto* found = find_app_password(user, Secret(text));
  return found != nullptr ? found->label : "none";
}

} // namespace

TEST_CASE("a generated password is seven groups of four letters") {
  const auto password = generate_app_password();
  const auto text = password.reveal();
  REQUIRE(text.size() == 34);
  for (std::size_t i = 0; i < text.size(); ++i)
    CHECK((text[i] == '-') == (i % 5 == 4));
  CHECK(normalised(text).size() == 28);
}

TEST_CASE("generated passwords differ, and use every letter of the alphabet") {
  std::set<std::string> passwords;
  std::set<char> used;
  for (int i = 0; i < 200; ++i) {
    const auto password = normalised(generate_app_password().reveal());
    passwords.insert(password);
    used.insert(password.begin(), password.end());
  }
  CHECK(passwords.size() == 200);
  CHECK(used == std::set<char>(app_password_alphabet.begin(), app_password_alphabet.end()));
}

TEST_CASE("the alphabet has no two letters that look alike") {
  for (const char c : {'0', 'o', '1', 'l'})
    CHECK(app_password_alphabet.find(c) == std::string_view::npos);
}

TEST_CASE("hyphens, blanks and capitals do not count in what is typed") {
  CHECK(normalised(typed) == letters);
  CHECK(normalised(letters) == letters);
  CHECK(normalised("ABCD EFGH IJKM NPQR STUV WXYZ 2345") == letters);
  CHECK(normalised(" -" + typed + "-- ") == letters);
}

TEST_CASE("text of another length or with other characters is no app password") {
  CHECK(normalised(letters + "6") == "none");
  CHECK(normalised(letters.substr(1)) == "none");
  CHECK(normalised("") == "none");
  CHECK(normalised("----") == "none");
  CHECK(normalised("correct horse battery staple") == "none");
  for (const std::string_view other : {"0", "1", "l", "o", "L", "O", "_", "\t", "\xe4", "\0"})
    CHECK(normalised(letters.substr(1) + std::string(other)) == "none");
  CHECK(normalised(letters.substr(1) + std::string(1, '\0')) == "none");
}

TEST_CASE("a password that was made is found again, however it is typed") {
  const auto user = user_with({make_app_password("phone", Secret(typed), {})});
  CHECK(found_in(user, typed) == "phone");
  CHECK(found_in(user, letters) == "phone");
  CHECK(found_in(user, "ABCDEFGHIJKMNPQRSTUVWXYZ2345") == "phone");
  CHECK(found_in(user, "abcd-efgh-ijkm-npqr-stuv-wxyz-2346") == "none");
  CHECK(found_in(user, "") == "none");
}

TEST_CASE("of several the one that was typed is found, wherever it stands") {
  std::vector<AppPassword> all;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < users::max_app_passwords; ++i) {
    texts.emplace_back(generate_app_password().reveal());
    all.push_back(make_app_password(std::to_string(i), Secret(texts.back()), {}));
  }
  const auto user = user_with(std::move(all));
  for (std::size_t i = 0; i < texts.size(); ++i)
    CHECK(found_in(user, texts[i]) == std::to_string(i));
  CHECK(found_in(user, typed) == "none");
}

TEST_CASE("the digest is the one of RFC 7693 with our personalisation") {
  // Made with Python: hashlib.blake2b(LETTERS, digest_size=32, salt=bytes(range(16)),
  // person=b"sodapop-app-1").
  const AppPassword stored{
      "phone", "AAECAwQFBgcICQoLDA0ODw", "1i1I62Wbssq9IZXORng2lNXMVOAU8c2b7ev/P7yo6sc", {}};
  CHECK(found_in(user_with({stored}), typed) == "phone");
}

TEST_CASE("the same password has another salt and another digest each time") {
  const auto one = make_app_password("a", Secret(typed), {});
  const auto other = make_app_password("a", Secret(typed), {});
  CHECK(one.salt != other.salt);
  CHECK(one.digest != other.digest);
  CHECK(one.salt.size() == 22);
  CHECK(one.digest.size() == 43);
}

TEST_CASE("a salt or digest that is damaged fits nothing") {
  const auto good = make_app_password("phone", Secret(typed), {});
  const auto none = [](const AppPassword& password) {
    return found_in(user_with({password}), typed) == "none";
  };
  for (const auto& salt : {std::string(), good.salt.substr(1), good.salt + "A",
                           good.salt + "==", std::string(22, '!'), std::string(22, 'A')}) {
    auto damaged = good;
    damaged.salt = salt;
    CHECK(none(damaged));
  }
  for (const auto& digest :
       {std::string(), good.digest.substr(1), good.digest + "A", std::string(43, 'A')}) {
    auto damaged = good;
    damaged.digest = digest;
    CHECK(none(damaged));
  }
}

TEST_CASE("the word of the users file says all that was given") {
  const auto read_back = [](const users::Rights& rights) {
    const auto made = make_app_password("old-pc", Secret(typed), rights);
    const auto fields = users::parse_extra_fields(to_word(made));
    REQUIRE(fields.has_value());
    REQUIRE(fields->app_passwords.size() == 1);
    CHECK(fields->app_passwords[0].salt == made.salt);
    CHECK(fields->app_passwords[0].digest == made.digest);
    CHECK(to_word(fields->app_passwords[0]) == to_word(made));
    return fields->app_passwords[0];
  };
  CHECK_FALSE(read_back({}).rights.read_only);
  const auto limited =
      read_back({true, base::Networks::parse("192.0.2.0/24,local"), 1'801'440'000}).rights;
  CHECK(limited.read_only);
  CHECK(limited.expires == 1'801'440'000);
  REQUIRE(limited.networks);
  CHECK(limited.networks->contains({}));
}

// SPDX-License-Identifier: ISC
// App passwords, generated for single programs and devices: makes them, stores them as a digest and
// recognises them. They are random and long, so that an attacker cannot guess one and no slow hash
// has to protect them.
#pragma once

#include "base/secret.hpp"
#include "users/user.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace users {

/// Letters of a password: 28 of five bits each, 140 bits. A million users may have sixteen million
/// of them; an attacker finds the first of these after some 2^116 digests.
inline constexpr std::size_t app_password_letters = 28;
/// Letters of a group: as many as a person remembers at one glance.
inline constexpr std::size_t app_password_group = 4;
/// Without 0 and o, which look alike, and without 1 and l, which look like i.
inline constexpr std::string_view app_password_alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
static_assert(app_password_alphabet.size() == 32);

/// Octets of a salt: enough that no two passwords share one.
inline constexpr std::size_t app_password_salt = 16;

/// Generates a password, `xxxx-xxxx-xxxx-xxxx-xxxx-xxxx-xxxx`, from the kernel's random numbers.
base::Secret generate_app_password();

/// The letters of `typed` in lower case, without hyphens and blanks. Nothing unless exactly
/// app_password_letters of the alphabet are left: hardly any other password has that form.
std::optional<base::Secret> normalised_app_password(const base::Secret& typed);

/// The entry of the users file for `password`, with a new salt. normalised_app_password must accept
/// the password, and is_valid_label the label.
AppPassword make_app_password(std::string label, const base::Secret& password, Rights rights);

/// The app password of `user` that was typed; null when none was. Its rights are not checked.
/// Compares each app password of the user, in constant time; computes nothing when
/// normalised_app_password refuses `typed`. An app password whose salt does not have
/// app_password_salt octets never matches. The digest is BLAKE2b (RFC 7693) with 256 bits, a salt,
/// and a personalisation of this program's own.
const AppPassword* find_app_password(const User& user, const base::Secret& typed);

/// The word `sodapop_app=...` of the users file's extra field.
std::string to_word(const AppPassword& password);

} // namespace users

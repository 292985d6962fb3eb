// SPDX-License-Identifier: ISC
// Generated passwords for single programs and devices: made, stored as a digest, recognised. As
// they are random and long, nobody finds one by trying, and so no slow hash has to protect them.
#pragma once

#include "base/secret.hpp"
#include "users/user.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace users {

/// 28 letters of five bits each: 140 bits. Of the sixteen million that a million users may have,
/// the first is found after some 2^116 digests.
inline constexpr std::size_t app_password_letters = 28;
/// Letters of a group: what a person keeps in mind from one glance to the next.
inline constexpr std::size_t app_password_group = 4;
/// No 0 beside o, no 1 or l beside i.
inline constexpr std::string_view app_password_alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
static_assert(app_password_alphabet.size() == 32);

/// Octets of a salt: no two passwords ever share one.
inline constexpr std::size_t app_password_salt = 16;

/// A new one, `xxxx-xxxx-xxxx-xxxx-xxxx-xxxx-xxxx`, from the kernel's random numbers.
base::Secret generate_app_password();

/// The letters of what somebody typed, without hyphens and blanks and in lower case. Nothing unless
/// exactly app_password_letters of the alphabet are left: hardly any other password gets further.
std::optional<base::Secret> normalised_app_password(const base::Secret& typed);

/// What the users file shall have about `password`, which is one by normalised_app_password, with a
/// new salt. The label must be valid (is_valid_label).
AppPassword make_app_password(std::string label, const base::Secret& password, Rights rights);

/// The one of the user's that was typed; nothing when none was. Its rights are not looked at. Each
/// of them is compared, and in constant time; what was typed costs nothing when it is none by
/// normalised_app_password. One that has no salt of app_password_salt octets fits nothing. The
/// digest is BLAKE2b (RFC 7693) with 256 bits, a salt, and a personalisation of this program's own.
const AppPassword* find_app_password(const User& user, const base::Secret& typed);

/// The word `sodapop_app=...` of the users file's extra field.
std::string to_word(const AppPassword& password);

} // namespace users

// SPDX-License-Identifier: ISC
// Names in SASL messages: which are valid, and how GS2 mechanisms write them (RFC 5801 section 4,
// RFC 5802 section 7).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pop3 {

/// `name` without the blanks and tabs behind it, which a person or a program has added by mistake:
/// no user's name ends with one. For names that come with a password.
std::string_view without_blanks_behind(std::string_view name);

/// True for one to max_user_name octets of valid UTF-8 (RFC 3629) without NUL.
bool is_sasl_name(std::string_view name);

/// True for valid UTF-8 without NUL: no code point in more octets than it needs, no surrogate, no
/// code point above U+10FFFF.
bool is_utf8(std::string_view text);

/// The start of a message of a GS2 mechanism.
struct Gs2Header {
  std::string text; ///< As it was sent, with the comma that ends it.
  std::string authorization_identity;
};

/// Takes the header off the front of `message`. Nothing when it is malformed or asks for channel
/// binding (`p`), which is not supported. `y`, by which the client says that it would support
/// channel binding, is accepted like `n`.
std::optional<Gs2Header> take_gs2_header(std::string_view& message);

/// Decodes a name in which `,` is written `=2C` and `=` is written `=3D`. Nothing for any other
/// `=`, or when the result is no valid name.
std::optional<std::string> decode_sasl_name(std::string_view text);

} // namespace pop3

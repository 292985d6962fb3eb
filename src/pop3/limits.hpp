// SPDX-License-Identifier: ISC
// The limits that the protocol code enforces, each with its reason.
#pragma once

#include <cstddef>

namespace pop3 {

/// Octets of a line from the client, its line end included. RFC 2449 section 4 asks for 255 at
/// least, RFC 5034 section 4 for as many as the largest SASL response needs: PLAIN with the two
/// limits below takes 2,048 octets of Base64, and tokens of 4 KiB are in use elsewhere. It also
/// limits what one connection can make the server hold.
constexpr std::size_t max_line = 8192;

/// Octets of a reply line, its line end included: RFC 1939 section 3. A challenge may be longer.
constexpr std::size_t max_reply_line = 512;

/// Octets of a user name. RFC 4616 section 2 asks for 255 at least.
constexpr std::size_t max_user_name = 255;

/// Octets of a password. RFC 4616 section 2 asks for 255 at least; hashing more only costs time.
constexpr std::size_t max_password = 1024;

/// Octets of a token in OAUTHBEARER and XOAUTH2. Signed tokens of some big providers have nearly 4
/// KiB. With so many octets in Base64, a line with an initial response has room for 129 more octets
/// of the message.
constexpr std::size_t max_token = 6000;

/// Pairs of key and value in a message with a token. RFC 7628 knows seven keys, of which one is
/// used here.
constexpr std::size_t max_bearer_pairs = 16;

/// Octets of a message of SCRAM from the client. When name and authorization identity both have
/// max_user_name octets, each of them escaped, the first message takes 1,540 octets plus the nonce.
constexpr std::size_t max_scram_message = 2048;

/// Octets of the client's nonce. Clients send 18 to 64; a longer nonce is not more random.
constexpr std::size_t max_scram_nonce = 128;

/// Octets of a hint in a refusal, which has to stay within max_reply_line.
constexpr std::size_t max_hint = 160;

/// Consecutive lines without a proper command that close the connection: enough for a client that
/// probes for extensions, too few for a program that speaks another protocol.
constexpr unsigned max_bad_commands = 10;

/// Octets of a unique-id: RFC 1939 section 7.
constexpr std::size_t max_unique_id = 70;

/// Octets of a host name in the greeting, which has to stay within max_reply_line. RFC 1035 section
/// 2.3.4 allows 255.
constexpr std::size_t max_hostname = 255;

/// Messages in a maildrop: far more than a client can list in a minute. maildir/message_table.hpp
/// says how much memory so many take.
constexpr std::size_t max_messages = 4'000'000;

} // namespace pop3

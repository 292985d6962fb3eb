// SPDX-License-Identifier: ISC
// The texts of refusals: of a command because of the store, of a login, and of a connection before
// it has a session.
#pragma once

#include "pop3/gatekeeper.hpp"
#include "pop3/reply.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pop3 {

/// The -ERR for a command of TRANSACTION that failed.
Reply refusal(const StoreFailure& failure);

/// The -ERR for `denial`, with its hint where there is one. It closes the connection when the
/// denial is final.
Reply refusal(const Denial& denial);

/// The hint for Denial::Reason::penalty.
std::string too_many_failures(std::uint32_t seconds);
/// True for the -ERR with such a hint.
bool is_penalty(const Reply& reply);

/// The text for Denial::Reason::used_up.
inline constexpr std::string_view attempts_used_up =
    "[SYS/TEMP] the login attempts of this connection are used up, connect again";

// Whole lines, for a process without a session, without memory, or with a session that is over.
inline constexpr std::string_view taken_over = "-ERR [IN-USE] taken over by a new login\r\n";
inline constexpr std::string_view header_unexpected =
    "-ERR [SYS/PERM] a PROXY header came, but none is expected\r\n";
inline constexpr std::string_view too_many_connections =
    "-ERR [SYS/TEMP] too many connections, try again later\r\n";
inline constexpr std::string_view network_refused =
    "-ERR [SYS/TEMP] connections from your network are refused; try again later\r\n";
inline constexpr std::string_view network_has_failed =
    "-ERR [SYS/TEMP] too many failed logins from your network; try again later\r\n";
inline constexpr std::string_view cannot_start = "-ERR [SYS/TEMP] the server cannot start\r\n";
inline constexpr std::string_view misconfigured = "-ERR [SYS/TEMP] the server is misconfigured\r\n";
inline constexpr std::string_view cannot_protect_itself =
    "-ERR [SYS/PERM] the server cannot protect itself\r\n";

} // namespace pop3

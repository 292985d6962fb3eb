// SPDX-License-Identifier: ISC
// A connection between accept(2) and the fork of its session.
#pragma once

#include "base/client.hpp"
#include "base/unique_fd.hpp"

#include <string_view>

namespace listener {

struct Connection {
  base::UniqueFd fd;   ///< Close-on-exec. Empty when no connection was taken; then errno says why.
  base::Client client; ///< Only the peer's address is known.
};

/// Takes the next connection of the listening socket `socket`, if there is one.
Connection take_connection(int socket);

/// True for the errors of accept(2) that say nothing about the next connection: there is none, or
/// this one is gone.
bool is_about_one_client(int error);

/// True when the client has closed or reset the connection and sent nothing before: a session
/// would have no client. What the client has sent stays to be read.
bool has_hung_up(int connection);

/// Sends `line` to the client, as far as that is possible without waiting.
void tell(int connection, std::string_view line);

} // namespace listener

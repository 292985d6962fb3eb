// SPDX-License-Identifier: ISC
// The running sessions: their processes and their clients' networks.
#pragma once

#include "base/client.hpp"
#include "config/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <sys/types.h>
#include <vector>

namespace listener {

struct Session {
  pid_t process;
  std::optional<base::Address> source{}; ///< Nothing: counted for no network.
  bool is_preferred = false;             ///< Gives way after the others.
  bool is_ending = false;                ///< Has given way, but its process has not ended yet.
  bool has_given_way = false;            ///< Its network had to give way lately.
  bool is_looked_up = false;             ///< What its network has done is known.
  std::uint32_t place = 0;               ///< In state::ProgressTable.
};

/// One block with 32 octets for each session, in the order in which they began, searched from end
/// to end. At the default limits this is faster than a sorted structure, and fork(2) shares few
/// pages. The processes have not been waited for, so that no other process can have their process
/// numbers.
using SessionTable = std::vector<Session>;
static_assert(sizeof(Session) == 32);

/// The session that was removed; nothing when `process` is not the process of a session.
std::optional<Session> remove(SessionTable& sessions, pid_t process);

/// True for a proxy that sends a header.
bool is_proxy(const base::Client& client, const config::Settings& settings);

/// True for clients whose connections give way after those of others: on this host, proxies, and
/// the networks that the site trusts.
bool is_preferred(const base::Client& client, const config::Settings& settings);

/// The address by which a client is counted. Nothing for a client without an address; for this
/// host, where TLS wrappers connect from; and for a proxy: all its clients have its address, and
/// their own networks are counted after its header has named them.
std::optional<base::Address> source_of(const base::Client& client,
                                       const config::Settings& settings);

/// The number of sessions that share a network with `source`; 0 when `source` is nothing.
std::size_t size_of_network(const SessionTable& sessions,
                            const std::optional<base::Address>& source,
                            const base::Prefixes& prefixes);

/// Sends a signal to each process.
void signal_all(const SessionTable& sessions, int number);

} // namespace listener

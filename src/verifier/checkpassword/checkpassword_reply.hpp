// SPDX-License-Identifier: ISC
// The end of the site's checkpassword program, which is sodapopd again: what the program has said
// of the user, by who it has become and by its environment, as a verdict. The verifier distrusts
// it.
#pragma once

#include "base/address.hpp"
#include "base/result.hpp"
#include "sandbox/identity.hpp"
#include "verifier/verifier.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace verifier {

/// What getenv(3) gives.
using Variables = std::function<const char*(const char* name)>;

/// What is known without the program's words.
struct ProgramUser {
  base::Identity own; ///< Of the process.
  std::string_view name;
  std::string_view site_template; ///< Of the Maildir.
  std::optional<base::Address> client;
  std::int64_t now = 0; ///< Seconds since 1970.
};

/// Why there is no Maildir to serve: `refused` where the user's rights say so, else `permanent`.
struct ProgramProblem {
  Verdict::Kind kind;
  std::string_view problem; ///< In words for the log.
  std::string hint{};       ///< Of `refused`: what the client may be told.
};

/// In the process that the program has become: the uid and gid of its own, HOME, or what
/// userdb_uid, userdb_gid, userdb_home and userdb_mail say instead, as programs written for Dovecot
/// have it. All of it is read as the fields of a line of the users file are, and so are nologin,
/// allow_nets, sodapop_pop3, sodapop_expires and sodapop_read_only. The index key stays empty.
base::Result<Verdict, ProgramProblem> verdict_of_program(const Variables& variables,
                                                         const ProgramUser& who);

/// In the verifier: the verdict in a message that came from a process of that identity. Only root
/// may speak for somebody else: anybody may be traced by his own processes, and made to say
/// anything. Nothing unless it is one whole verdict; refused as `permanent` when it is about
/// somebody else. Nothing is taken over but kind, uid, gid, Maildir and whether it is
/// read-only, and the hint of one that is refused.
std::optional<Verdict> decode_reply(std::span<const std::byte> message,
                                    const base::Identity& sender);

} // namespace verifier

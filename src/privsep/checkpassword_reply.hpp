// SPDX-License-Identifier: ISC
// The end of the site's checkpassword program, which is sodapopd again: what the program has said
// of the user, by who it has become and by its environment, as a verdict. The verifier distrusts
// it.
#pragma once

#include "base/result.hpp"
#include "privsep/identity.hpp"
#include "privsep/verifier.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace privsep {

/// What getenv(3) gives.
using Variables = std::function<const char*(const char* name)>;

/// In the process that the program has become: the uid and gid of `own`, HOME, or what userdb_uid,
/// userdb_gid, userdb_home and userdb_mail say instead, as programs written for Dovecot have it;
/// the Maildir by `site_template`. All of it is read as the fields of a line of the users file are.
/// Refuses in words for the log. The index key stays empty.
base::Result<Verdict, std::string_view> verdict_of_program(const Variables& variables,
                                                           const Identity& own,
                                                           std::string_view name,
                                                           std::string_view site_template);

/// In the verifier: the verdict in a message that came from a process of that identity. Only root
/// may speak for somebody else: anybody may be traced by his own processes, and made to say
/// anything. Nothing unless it is one whole verdict; refused as `permanent` when it is about
/// somebody else. Nothing is taken over but kind, uid, gid and Maildir.
std::optional<Verdict> decode_reply(std::span<const std::byte> message, const Identity& sender);

} // namespace privsep

// SPDX-License-Identifier: ISC
// Makes a verdict of what the site's checkpassword program has set for the user: the uid and gid of
// its process, and its environment. As its last step the program becomes sodapopd, which sends the
// verdict. The verifier checks all that it receives.
#pragma once

#include "base/address.hpp"
#include "pop3/limits.hpp"
#include "sandbox/identity.hpp"
#include "verifier/verdict.hpp"

#include <array>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

namespace verifier {

/// Gives the value of a variable as getenv(3) does.
using Variables = std::function<const char*(const char* name)>;

/// The facts about the user that the program's environment does not give.
struct ProgramUser {
  base::Identity own; ///< Of the process.
  std::string_view name;
  std::string_view site_template; ///< Of the Maildir.
  std::optional<base::Address> client;
  std::int64_t now = 0; ///< Seconds since 1970.
};

struct ProgramReply {
  /// Refused where the user's rights do not permit the login; permanent where there is no Maildir
  /// to serve for another reason.
  Verdict verdict;
  std::string_view problem; ///< In words for the log; empty when the verdict is granted.
};

/// Makes the verdict, in the process that the program has become. Uses the uid and gid of the
/// process and HOME, unless userdb_uid, userdb_gid, userdb_home and userdb_mail say otherwise, as
/// in programs written for Dovecot. All these values, and nologin, fail, allow_nets,
/// allow_real_nets, sodapop_pop3, sodapop_expires and sodapop_read_only, are parsed like the fields
/// of a line of the users file, and so are the words of Dovecot that make such a line malformed.
/// The index key stays empty.
ProgramReply verdict_of_program(const Variables& variables, const ProgramUser& who);

/// The message of the program's last process to the verifier, and of the verifier to the monitor.
struct ReplyMessage {
  Verdict::Kind kind = Verdict::Kind::temporary;
  std::uint8_t is_read_only = 0;
  std::array<std::uint8_t, 2> reserved{};
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::array<char, PATH_MAX> maildir{}; ///< Ends with a NUL, as the hint does.
  std::array<char, pop3::max_hint + 1> hint{};
};

/// Of the verdict, what decode_reply() takes over.
ReplyMessage encode_reply(const Verdict& verdict);

/// Decodes, in the verifier, the verdict in a message from a process with the identity `sender`.
/// Nothing unless the message is one whole verdict. Only root may send a verdict about another
/// user; from any other sender such a verdict becomes `permanent`, because a user's own processes
/// can trace the sender and make it send anything. Only kind, uid, gid, Maildir and whether it is
/// read-only are taken over, and the hint of a refused verdict.
std::optional<Verdict> decode_reply(std::span<const std::byte> message,
                                    const base::Identity& sender);

} // namespace verifier

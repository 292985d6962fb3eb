// SPDX-License-Identifier: ISC
// Conversations as the RFCs print them, in files, and a player that holds a Session to them.
//
// First the scene, a line a fact:
//   Protected: no            a stranger can listen in (default yes)
//   Scram: yes               SCRAM-SHA-256 is offered (default no), with RFC 7677's numbers
//   External: yes            so is EXTERNAL: the user's certificate was shown
//   OAuth: yes               so are OAUTHBEARER and XOAUTH2; PASSWORD is the token
//   Requires-domain: yes     no name without @ is right (default no)
//   Preauth: yes             the session begins logged in (default no)
//   Hostname: NAME           default pop.example.org
//   User: NAME PASSWORD      default alice wonderland
//   Message: TEXT            another message
//   Unique-id: ID            of the message just named; default id1, id2 ...
//   Read-only: yes           nothing may be removed
//   Gone: N                  message N is no longer there
//   Fails: WHAT KIND         WHAT is sizes, ids, open or update; KIND is temporary or permanent
//   Not-removed: N           so many of the marked messages cannot be removed
//   Denial: REASON [SECONDS [ADDRESS]]   for the right password: in-use, too-many, temporary or
//                            permanent, which are final, or credentials, which is not
//   Hint: TEXT               of the denial just named
//   Attempts: N              the Nth wrong password is the last
// Then the talk:
//   C: TEXT                  the client sends TEXT and CRLF
//   C- TEXT                  the client sends TEXT alone
//   S: TEXT                  the server answers TEXT and CRLF, exactly
// Then what is true afterwards:
//   End: closed              the server has closed the connection (default: it has not)
//   Updates: N               how often UPDATE was entered
//   Removed: N...            what UPDATE removed
//   Retrieved: N...          what UPDATE was told was retrieved
//   Tries: N                 how many requests came to the gatekeeper
//   Tried: METHOD NAME PASSWORD          one line a request that came to the gatekeeper, as in
//                                        MemoryGatekeeper::Attempt
//
// A line that begins with # is a comment. In TEXT, \0 \r \n \t \\ \{ \xHH stand for octets,
// {N} repeats the octet before it until there are N, and [[TEXT]] is the Base64 of TEXT.
#pragma once

#include "pop3/capabilities.hpp"
#include "support/memory_gatekeeper.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace support {

struct Dialogue {
  struct Step {
    unsigned line;
    bool by_client;
    std::string octets;
  };

  pop3::SessionProfile site{"pop.example.org", "1.2.3", true};
  bool preauth = false;
  std::string user = "alice";
  std::string password = "wonderland";
  std::optional<pop3::Denial> denial;
  unsigned attempts = 0;
  MemoryStore store;

  std::vector<Step> steps;

  bool closed = false;
  std::optional<unsigned> updates, tries;
  std::optional<std::vector<pop3::MessageNumber>> removed, retrieved;
  std::vector<std::string> tried;
};

/// Throws std::runtime_error with the number of a line that makes no sense.
Dialogue parse_dialogue(std::string_view text);

/// What went otherwise than written, one entry a surprise: played line by line, with all of the
/// client's octets at once, and octet by octet.
std::vector<std::string> play(const Dialogue& dialogue);

} // namespace support

// SPDX-License-Identifier: ISC
// Dialogues as the RFCs print them, in files, and a player that compares a Session with them.
//
// First the scene, one fact on each line:
//   Protected: no            the connection is neither encrypted nor local (default yes)
//   Scram: yes               SCRAM-SHA-256 is offered (default no), with RFC 7677's numbers
//   External: yes            EXTERNAL is offered (default no): the user's certificate was shown
//   OAuth: yes               OAUTHBEARER, XOAUTH2 are offered (default no); PASSWORD is the token
//   Requires-domain: yes     no name without @ is right (default no)
//   Preauth: yes             the session begins logged in (default no)
//   Hostname: NAME           default pop.example.org
//   User: NAME PASSWORD      default alice wonderland
//   Message: TEXT            adds a message
//   Unique-id: ID            of the message before; default id1, id2 ...
//   Read-only: yes           nothing may be removed
//   Gone: N                  message N is no longer there
//   Fails: WHAT KIND         WHAT is sizes, ids, open or update; KIND is temporary or permanent
//   Not-removed: N           N of the marked messages cannot be removed
//   Denial: REASON [SECONDS [ADDRESS]]   for the right password: in-use, too-many, temporary or
//                            permanent, which are final, or credentials, which is not
//   Hint: TEXT               of the denial before
//   Attempts: N              the Nth wrong password is the last
// Then the conversation:
//   C: TEXT                  the client sends TEXT and CRLF
//   C- TEXT                  the client sends TEXT alone
//   S: TEXT                  the server answers TEXT and CRLF, exactly
// Then the state afterwards:
//   End: closed              the server has closed the connection (default: it has not)
//   Updates: N               the number of times that UPDATE was entered
//   Removed: N...            the messages that UPDATE removed
//   Retrieved: N...          the messages that UPDATE was told were retrieved
//   Tries: N                 the number of requests that came to the gatekeeper
//   Tried: METHOD NAME PASSWORD          one line for each request to the gatekeeper, as in
//                                        MemoryGatekeeper::Attempt
//
// A line that begins with # is a comment. In TEXT, \0 \r \n \t \\ \{ \xHH stand for octets,
// {N} repeats the octet before it until there are N, and [[TEXT]] is the Base64 of TEXT.
#pragma once

#include "pop3/capabilities.hpp"
#include "support/memory_gatekeeper.hpp"
#include "support/session_profile.hpp"

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

  pop3::SessionProfile site = profile();
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

/// Throws std::runtime_error with the number of an invalid line.
Dialogue parse_dialogue(std::string_view text);

/// The differences from the dialogue, one entry for each. Plays it three times: line by line, with
/// all of the client's octets at once, and octet by octet.
std::vector<std::string> play(const Dialogue& dialogue);

} // namespace support

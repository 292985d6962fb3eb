// SPDX-License-Identifier: ISC
// All answers of the monitor and the keeper to the front.
#pragma once

#include "base/address.hpp"
#include "ipc/message.hpp"
#include "pop3/gatekeeper.hpp"
#include "pop3/limits.hpp"
#include "pop3/refusal.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string_view>

namespace ipc {

/// Messages that one page of sizes or unique-ids describes.
constexpr std::uint32_t page_messages = 1024;
/// Octets of the server's part of a SCRAM nonce: 18 random octets in Base64.
constexpr std::size_t scram_nonce_octets = 24;
/// Maximum octets of a SCRAM salt; 16 are usual.
constexpr std::size_t max_scram_salt = 64;

enum class Outcome : std::uint8_t { done, gone, temporary, permanent, last = permanent };

/// The beginning of an answer to a login or to a step of one: it is granted, or denied for a
/// reason.
template <std::uint32_t Tag> struct LoginStepAnswer : Message<Tag> {
  std::uint8_t granted = 0;
  pop3::Denial::Reason reason{};
  std::uint8_t is_final = 0; ///< No other attempt is permitted, even if this one is granted.
  std::uint8_t hint_length = 0;
  std::array<char, pop3::max_hint> hint{};

  /// The hint is printable ASCII, as it becomes part of a reply line. Only the front itself gives
  /// the reason used_up.
  bool has_valid_fields() const {
    return granted <= 1 && reason <= pop3::Denial::Reason::permanent && is_final <= 1 &&
           hint_length <= hint.size() &&
           std::all_of(hint.begin(), hint.begin() + hint_length,
                       [](char c) { return c >= ' ' && c <= '~'; });
  }
};

/// Also sent without a request when no login is needed.
struct LoginAnswer : LoginStepAnswer<101> {
  std::uint32_t count = 0;
  std::uint8_t is_read_only = 0;
  std::array<std::uint8_t, 3> reserved{};
  std::int64_t held_since = 0;
  std::array<char, base::address_text_octets> held_from{}; ///< Ends with a NUL.
  std::array<char, 2> reserved_end{};

  bool has_valid_fields() const {
    return LoginStepAnswer::has_valid_fields() && count <= pop3::max_messages &&
           is_read_only <= 1 && held_from.back() == '\0';
  }
};

/// The values for SCRAM-SHA-256: those of the user's verifier, or invented ones for a name without
/// a user.
struct ScramOfferAnswer : LoginStepAnswer<107> {
  std::uint32_t iterations = 0;
  std::uint32_t salt_length = 0;
  std::array<char, max_scram_salt> salt{};
  std::array<char, scram_nonce_octets> nonce{};

  bool has_valid_fields() const {
    return LoginStepAnswer::has_valid_fields() && salt_length <= salt.size();
  }
};

struct ScramSignatureAnswer : LoginStepAnswer<108> {
  pop3::ScramSignature signature{};
};

/// The beginning of the answer to a request to the keeper.
template <std::uint32_t Tag> struct KeeperAnswer : Message<Tag> {
  Outcome outcome{};
  std::array<std::uint8_t, 3> reserved{};

  bool has_valid_fields() const { return outcome <= Outcome::last; }
};

/// The beginning of an answer about the messages from `first` on.
template <std::uint32_t Tag> struct PageAnswer : KeeperAnswer<Tag> {
  std::uint32_t first = 0;
  std::uint32_t count = 0;

  bool has_valid_fields() const {
    return KeeperAnswer<Tag>::has_valid_fields() && count <= page_messages;
  }
  /// The entries that are not sent.
  std::uint32_t missing() const { return page_messages - std::min(count, page_messages); }
};

/// Of both pages only `count` entries are set, and sent.
struct SizesAnswer : PageAnswer<102> {
  /// Of a message that cannot be measured now. The next request measures it again.
  static constexpr std::uint64_t no_size = ~std::uint64_t{0};
  std::array<std::uint64_t, page_messages> octets;

  std::size_t unused() const { return missing() * sizeof octets[0]; }
};

struct UniqueIdsAnswer : PageAnswer<103> {
  std::array<pop3::UniqueId, page_messages> ids;

  bool has_valid_fields() const {
    return PageAnswer::has_valid_fields() &&
           std::all_of(ids.begin(), ids.begin() + count,
                       [](const pop3::UniqueId& id) { return id.length <= id.text.size(); });
  }
  std::size_t unused() const { return missing() * sizeof ids[0]; }
};

/// An entry for each message that was asked for, and for each entry with outcome `done` a read-only
/// descriptor of a regular file, in the same order. Only `count` entries are sent.
struct OpenAnswer : Message<104> {
  struct Entry {
    std::uint64_t length = 0; ///< Octets of the stored file when it was opened.
    Outcome outcome{};
    std::array<std::uint8_t, 7> reserved{};
    timespec modified{}; ///< The file's time of last modification when it was opened.
  };
  std::uint32_t count = 0;
  std::array<Entry, max_opened> entries{};

  bool has_valid_fields() const {
    return count <= entries.size() &&
           std::all_of(entries.begin(), entries.begin() + count,
                       [](const Entry& entry) { return entry.outcome <= Outcome::last; });
  }
  std::size_t unused() const {
    return (max_opened - std::min(count, max_opened)) * sizeof entries[0];
  }
};

struct CommitAnswer : KeeperAnswer<105> {
  std::uint32_t removed = 0;
  std::uint32_t failed = 0;
};

struct SilenceAnswer : Message<109> {
  std::uint8_t is_taken_over = 0; ///< The session is over, without UPDATE.
  std::array<std::uint8_t, 3> reserved{};

  bool has_valid_fields() const { return is_taken_over <= 1; }
};

enum class Admission : std::uint8_t {
  granted,
  too_many, ///< The client's network has too many connections already.
  penalty,  ///< Too many logins from the client's network have failed.
  crash,    ///< A process of a session from the client's network has crashed.
  failed,   ///< The connections could not be counted.
  last = failed
};

/// The reply line for a client that is not admitted; not for Admission::granted.
constexpr std::string_view refusal_line(Admission admission) {
  switch (admission) {
  case Admission::too_many: return pop3::too_many_connections;
  case Admission::penalty: return pop3::network_has_failed;
  case Admission::crash: return pop3::network_refused;
  default: return pop3::cannot_start;
  }
}

/// The answer about a connection through a proxy: it goes on with the greeting, or it ends.
struct ProxyAnswer : Message<106> {
  Admission admission{};
  std::uint8_t is_protected = 0;
  std::uint8_t has_certificate = 0; ///< The client has shown one.
  std::uint8_t reserved = 0;

  bool has_valid_fields() const {
    return admission <= Admission::last && is_protected <= 1 && has_certificate <= 1;
  }
};

} // namespace ipc

// SPDX-License-Identifier: ISC
// Everything that the front may say to the monitor and the keeper, and everything they answer. What
// is not here does not exist. Each message has one fixed size; all octets of it are set. The two
// sides are the same program on the same machine, so that a message is its bytes in memory.
#pragma once

#include "base/proxy_header.hpp"
#include "pop3/gatekeeper.hpp"
#include "pop3/limits.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace privsep {

/// Messages that one page of sizes or unique-ids describes.
constexpr std::uint32_t page_messages = 1024;
/// Messages that one page of marks covers.
constexpr std::uint32_t marks_messages = 8192;
/// Octets of an IP address as text, with its NUL.
constexpr std::size_t address_octets = 46;

/// Octets of our part of a SCRAM nonce: 18 random ones in Base64.
constexpr std::size_t scram_nonce_octets = 24;
/// Octets of a SCRAM salt; 16 are usual.
constexpr std::size_t max_scram_salt = 64;

/// How a session ended, for the log.
enum class Ending : std::uint8_t {
  quit,
  update_failed, ///< QUIT, but some messages could not be removed.
  connection_lost,
  idle,
  login_limit,
  too_many_bad_commands,
  too_many_attempts,
  refused,         ///< Login was right, but the maildrop could not be had.
  message_changed, ///< Closed in the middle of a message.
  // Of a proxy's header; no word to the client.
  proxy_missing,   ///< The connection did not begin with one.
  proxy_malformed, ///< It was none to the end.
  proxy_late,      ///< It did not come in time.
  proxy_doubled,   ///< The client's own words began with another one.
  failure,         ///< The front's own.
  last = failure
};

/// How an Ending is called in the log.
std::string_view word(Ending ending);

// Requests: front -> monitor, keeper.

struct LoginRequest {
  static constexpr std::uint32_t tag = 1;
  std::uint32_t kind = tag;
  pop3::Mechanism mechanism{};
  std::array<std::uint8_t, 3> reserved{};
  std::uint32_t name_length = 0;
  std::uint32_t password_length = 0;
  std::array<char, pop3::max_user_name> name{};
  std::array<char, pop3::max_password> password{};
  char reserved_end = 0;
};

/// Asks for the page of sizes that begins with message `first`.
struct SizesRequest {
  static constexpr std::uint32_t tag = 2;
  std::uint32_t kind = tag;
  std::uint32_t first = 0;
};

struct UniqueIdsRequest {
  static constexpr std::uint32_t tag = 3;
  std::uint32_t kind = tag;
  std::uint32_t first = 0;
};

struct OpenRequest {
  static constexpr std::uint32_t tag = 4;
  std::uint32_t kind = tag;
  std::uint32_t message = 0;
};

/// Which of the messages from `first` on are to be removed and which were retrieved. Has no answer
/// and changes nothing before CommitRequest.
struct MarksRequest {
  static constexpr std::uint32_t tag = 5;
  std::uint32_t kind = tag;
  std::uint32_t first = 0;
  std::array<std::uint8_t, marks_messages / 8> deleted{};
  std::array<std::uint8_t, marks_messages / 8> retrieved{};
};

/// UPDATE: the client has said QUIT.
struct CommitRequest {
  static constexpr std::uint32_t tag = 6;
  std::uint32_t kind = tag;
};

/// The last word: for the log, believed as far as a log goes. Has no answer.
struct ReportRequest {
  static constexpr std::uint32_t tag = 7;
  std::uint32_t kind = tag;
  Ending ending{};
  std::array<std::uint8_t, 3> reserved{};
  std::uint64_t retrieved = 0;
  std::uint64_t retrieved_octets = 0;
  std::uint64_t top = 0;
  std::uint64_t top_octets = 0;
};

/// RETR has sent the whole message, and it was not as long as the size that had been told. Has no
/// answer and changes nothing in this session. Comes once for a message.
struct SizeChangedRequest {
  static constexpr std::uint32_t tag = 8;
  std::uint32_t kind = tag;
  std::uint32_t message = 0;
};

/// What a proxy has said of the connection, in front of all that its client says.
struct ProxyRequest {
  static constexpr std::uint32_t tag = 9;
  std::uint32_t kind = tag;
  base::ProxyHeader::Origin origin{};
  base::ProxyHeader::Tls tls{};
  std::uint8_t has_certificate = 0;
  std::uint8_t reserved = 0;
  std::uint32_t name_length = 0;
  std::array<char, address_octets> source{}; ///< Of a client: NUL-terminated.
  std::array<char, base::max_common_name> common_name{};
  std::array<char, 2> reserved_end{};
};

/// A login by a token of another server: OAUTHBEARER or XOAUTH2.
struct TokenRequest {
  static constexpr std::uint32_t tag = 10;
  std::uint32_t kind = tag;
  pop3::Mechanism mechanism = pop3::Mechanism::oauthbearer;
  std::array<std::uint8_t, 3> reserved{};
  std::uint32_t name_length = 0;
  std::uint32_t token_length = 0;
  std::array<char, pop3::max_user_name> name{};
  std::array<char, pop3::max_token> token{};
  char reserved_end = 0;
};

/// The client's first message of SCRAM-SHA-256. Forgets an exchange that was under way.
struct ScramStartRequest {
  static constexpr std::uint32_t tag = 11;
  std::uint32_t kind = tag;
  std::uint32_t name_length = 0;
  std::uint32_t nonce_length = 0;
  std::uint32_t bare_length = 0;
  std::array<char, pop3::max_user_name> name{};
  std::array<char, pop3::max_scram_nonce> nonce{};
  std::array<char, pop3::max_scram_message> bare{};
  char reserved_end = 0;
};

/// Its last message, directly after an offer.
struct ScramCheckRequest {
  static constexpr std::uint32_t tag = 12;
  std::uint32_t kind = tag;
  std::uint32_t length = 0;
  std::array<std::uint8_t, 32> proof{};
  std::array<char, pop3::max_scram_message> without_proof{};
};

/// The client has found our signature right, and has not gone away: asks for the maildrop.
struct ScramFinishRequest {
  static constexpr std::uint32_t tag = 13;
  std::uint32_t kind = tag;
};

using Request =
    std::variant<LoginRequest, SizesRequest, UniqueIdsRequest, OpenRequest, MarksRequest,
                 CommitRequest, ReportRequest, SizeChangedRequest, ProxyRequest, TokenRequest,
                 ScramStartRequest, ScramCheckRequest, ScramFinishRequest>;

// Answers: monitor, keeper -> front.

enum class Outcome : std::uint8_t { done, gone, temporary, permanent, last = permanent };

/// Also sent unasked when no login is needed.
struct LoginAnswer {
  static constexpr std::uint32_t tag = 101;
  std::uint32_t kind = tag;
  std::uint8_t granted = 0;
  pop3::Denial::Reason reason{};
  std::uint8_t is_final = 0;
  std::uint8_t hint_length = 0;
  std::uint32_t count = 0;
  std::uint8_t is_read_only = 0;
  std::array<std::uint8_t, 3> reserved{};
  std::int64_t held_since = 0;
  std::array<char, address_octets> held_from{};
  std::array<char, pop3::max_hint> hint{};
  std::array<char, 2> reserved_end{};
};

/// What SCRAM-SHA-256 needs of a verifier that the client may know, or of one that nobody has.
struct ScramOfferAnswer {
  static constexpr std::uint32_t tag = 107;
  std::uint32_t kind = tag;
  std::uint8_t granted = 0;
  pop3::Denial::Reason reason{};
  std::uint8_t is_final = 0; ///< Granted or not: no other attempt is permitted.
  std::uint8_t salt_length = 0;
  std::uint32_t iterations = 0;
  std::array<char, scram_nonce_octets> nonce{};
  std::array<char, max_scram_salt> salt{};
};

struct ScramSignatureAnswer {
  static constexpr std::uint32_t tag = 108;
  std::uint32_t kind = tag;
  std::uint8_t granted = 0;
  pop3::Denial::Reason reason{};
  std::uint8_t is_final = 0;
  std::uint8_t hint_length = 0;
  pop3::ScramSignature signature{};
  std::array<char, pop3::max_hint> hint{};
};

struct SizesAnswer {
  static constexpr std::uint32_t tag = 102;
  std::uint32_t kind = tag;
  Outcome outcome{};
  std::array<std::uint8_t, 3> reserved{};
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::array<std::uint64_t, page_messages> octets{};
};

struct UniqueIdsAnswer {
  static constexpr std::uint32_t tag = 103;
  struct Id {
    std::uint8_t length = 0;
    std::array<char, pop3::max_unique_id> text{};
  };
  std::uint32_t kind = tag;
  Outcome outcome{};
  std::array<std::uint8_t, 3> reserved{};
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::array<Id, page_messages> ids{};
};

/// With outcome `done` a read-only descriptor of a regular file comes along.
struct OpenAnswer {
  static constexpr std::uint32_t tag = 104;
  std::uint32_t kind = tag;
  Outcome outcome{};
  std::array<std::uint8_t, 3> reserved{};
  std::uint64_t length = 0; ///< Of the stored file, when it was opened.
};

struct CommitAnswer {
  static constexpr std::uint32_t tag = 105;
  std::uint32_t kind = tag;
  Outcome outcome{};
  std::array<std::uint8_t, 3> reserved{};
  std::uint32_t removed = 0;
  std::uint32_t failed = 0;
};

enum class Admission : std::uint8_t {
  granted,
  too_many, ///< Of the client's network are here already.
  failed,   ///< They could not be counted.
  last = failed
};

/// How a connection through a proxy goes on: with the greeting, or with its end.
struct ProxyAnswer {
  static constexpr std::uint32_t tag = 106;
  std::uint32_t kind = tag;
  Admission admission{};
  std::uint8_t is_protected = 0;
  std::uint8_t takes_certificate = 0; ///< EXTERNAL is possible.
  std::uint8_t reserved = 0;
};

/// Octets of the largest request.
constexpr std::size_t max_request = sizeof(TokenRequest);

template <class Message> std::span<const std::byte> bytes_of(const Message& message) {
  return std::as_bytes(std::span(&message, 1));
}

/// Nothing unless `bytes` are one whole request of a known kind whose fields are within their
/// ranges. Message numbers are compared with the maildrop elsewhere.
std::optional<Request> decode_request(std::span<const std::byte> bytes);

/// Whether an answer that was received in its place is of that kind, with all fields within their
/// ranges.
bool is_valid(const LoginAnswer& answer);
bool is_valid(const SizesAnswer& answer);
bool is_valid(const UniqueIdsAnswer& answer);
bool is_valid(const OpenAnswer& answer);
bool is_valid(const CommitAnswer& answer);
bool is_valid(const ProxyAnswer& answer);
bool is_valid(const ScramOfferAnswer& answer);
bool is_valid(const ScramSignatureAnswer& answer);

} // namespace privsep

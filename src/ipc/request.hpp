// SPDX-License-Identifier: ISC
// All requests of the front to the monitor and the keeper. There are no others.
#pragma once

#include "ipc/message.hpp"
#include "pop3/coding.hpp"
#include "pop3/gatekeeper.hpp"
#include "pop3/limits.hpp"
#include "proxy_protocol/header.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

namespace ipc {

/// Messages that one page of marks covers.
constexpr std::uint32_t marks_messages = 8192;

/// The phases of a session, in their order.
enum class Phase : std::uint8_t {
  introduction,  ///< In the monitor, before a proxy's header has named the client.
  authorization, ///< In the monitor, before login.
  transaction,   ///< In the keeper, from login to CommitRequest.
  update         ///< In the keeper, after CommitRequest.
};

/// When and how often a request may come in one session: from the phase `first` to the phase
/// `last`, `most` times. Each request has one.
struct Permission {
  Phase first;
  Phase last = first;
  std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  /// Counts as a login attempt. Their number is limited by a setting, for all kinds together.
  bool is_attempt = false;

  constexpr bool is_in(Phase phase) const { return first <= phase && phase <= last; }
};

/// How a session ended, for the log.
enum class Ending : std::uint8_t {
  quit,
  update_failed, ///< QUIT, but some messages could not be removed.
  connection_lost,
  idle,
  no_answer, ///< The keeper did not answer before the idle limit.
  login_limit,
  too_many_bad_commands,
  too_many_attempts,
  refused,            ///< The login was right, but the maildrop was not available.
  message_changed,    ///< The connection was closed in the middle of a message.
  message_unreadable, ///< The same, as the rest of the message could not be read.
  taken_over,         ///< A new login of the user has got the maildrop.
  // Problems with a proxy's header; the client gets no reply.
  proxy_missing,   ///< The connection did not begin with a header, or not in time.
  proxy_malformed, ///< The header was invalid or cut off.
  proxy_late,      ///< The header began, but was not whole in time.
  proxy_doubled,   ///< The client's own data began with another header.
  // The connection began with what the settings do not expect.
  proxy_unexpected, ///< A proxy's header; the client is told.
  tls_unexpected,   ///< A handshake of TLS; the client gets no reply.
  failure,          ///< A failure of the front itself.
  last = failure
};

/// How much a client has said before its login, or before it ended without one.
enum class Said : std::uint8_t {
  nothing,   ///< No octet.
  only_quit, ///< No line but QUIT.
  more,
  last = more
};

/// The name of an Ending in the log.
std::string_view log_name(Ending ending);

/// Maximum octets of a password or token.
constexpr std::size_t max_secret(pop3::Proof proof) {
  return proof == pop3::Proof::token ? pop3::max_token : pop3::max_password;
}

/// A login by any mechanism but SCRAM.
struct LoginRequest : Message<1> {
  static constexpr Permission permission{.first = Phase::authorization, .is_attempt = true};
  pop3::Mechanism mechanism{};
  std::array<std::uint8_t, 3> reserved{};
  std::uint32_t name_length = 0;
  std::uint32_t password_length = 0;
  std::array<char, pop3::max_user_name> name{};
  std::array<char, std::max(pop3::max_password, pop3::max_token)> password{}; ///< Or a token.
  char reserved_end = 0;

  bool has_valid_fields() const {
    const auto* traits = pop3::find_traits(mechanism);
    return traits != nullptr && traits->proof != pop3::Proof::scram && name_length <= name.size() &&
           password_length <= max_secret(traits->proof);
  }
};

/// A request about one message, or about the page of messages that begins with it.
template <std::uint32_t Tag> struct MessageRequest : Message<Tag> {
  static constexpr Permission permission{Phase::transaction};
  std::uint32_t message = 0;

  bool has_valid_fields() const { return message >= 1; }
};

using SizesRequest = MessageRequest<2>;
using UniqueIdsRequest = MessageRequest<3>;
/// RETR has sent the whole message, and its length differs from the size that the client has got.
/// Has no answer and changes nothing in this session. Comes at most once for each message.
using SizeChangedRequest = MessageRequest<8>;

/// A message that was opened could not be read. Has no answer and is only logged.
struct ReadFailedRequest : MessageRequest<14> {
  std::uint32_t error = 0; ///< The errno.

  bool has_valid_fields() const {
    constexpr std::uint32_t most = 4095; // MAX_ERRNO of Linux
    return MessageRequest::has_valid_fields() && error >= 1 && error <= most;
  }
};

/// A message that was opened is compressed or encrypted. Has no answer and is only logged.
struct CodedRequest : MessageRequest<15> {
  pop3::Coding coding{};
  std::array<std::uint8_t, 3> reserved{};

  bool has_valid_fields() const {
    return MessageRequest::has_valid_fields() && coding > pop3::Coding::none &&
           coding <= pop3::Coding::last;
  }
};

/// Asks for `count` messages from `message` on.
struct OpenRequest : MessageRequest<4> {
  std::uint32_t count = 1;

  bool has_valid_fields() const {
    return MessageRequest::has_valid_fields() && count >= 1 && count <= max_opened;
  }
};

/// Marks the messages from `first` on that are to be removed and those that were retrieved. Has no
/// answer and changes nothing before CommitRequest.
struct MarksRequest : Message<5> {
  static constexpr Permission permission{Phase::transaction};
  std::uint32_t first = 0;
  std::array<std::uint8_t, marks_messages / 8> deleted{};
  std::array<std::uint8_t, marks_messages / 8> retrieved{};

  bool has_valid_fields() const { return first % marks_messages == 1; }
};

/// Starts UPDATE: the client has sent QUIT.
struct CommitRequest : Message<6> {
  static constexpr Permission permission{.first = Phase::transaction, .most = 1};

  bool has_valid_fields() const { return true; }
};

/// The last message of a session. It is only logged, and its values are not checked. Has no answer.
struct ReportRequest : Message<7> {
  static constexpr Permission permission{Phase::introduction, Phase::update, 1};
  Ending ending{};
  Said said{};
  std::array<std::uint8_t, 2> reserved{};
  std::uint64_t retrieved = 0;
  std::uint64_t retrieved_octets = 0;
  std::uint64_t top = 0;
  std::uint64_t top_octets = 0;

  bool has_valid_fields() const { return ending <= Ending::last && said <= Said::last; }
};

/// The contents of a proxy's header, which comes before all data of the client.
struct ProxyRequest : Message<9> {
  using Header = proxy_protocol::Header;
  static constexpr Permission permission{.first = Phase::introduction, .most = 1};
  Header::Origin origin{};
  Header::Tls tls{};
  std::array<std::uint8_t, 2> reserved{};
  std::uint32_t name_length = 0;
  base::Address source{};                                          ///< Only of a client.
  std::array<char, proxy_protocol::max_common_name> common_name{}; ///< Only of a client with TLS.

  bool has_valid_fields() const {
    return origin <= Header::Origin::last && tls <= Header::Tls::last &&
           name_length <= (tls == Header::Tls::yes ? common_name.size() : 0) &&
           (origin == Header::Origin::client || source == base::Address());
  }
};

/// The client's first message of SCRAM-SHA-256. An exchange in progress is discarded.
struct ScramStartRequest : Message<11> {
  static constexpr Permission permission{.first = Phase::authorization, .is_attempt = true};
  std::uint32_t name_length = 0;
  std::uint32_t nonce_length = 0;
  std::uint32_t bare_length = 0;
  std::array<char, pop3::max_user_name> name{};
  std::array<char, pop3::max_scram_nonce> nonce{};
  std::array<char, pop3::max_scram_message> bare{};
  char reserved_end = 0;

  bool has_valid_fields() const {
    return name_length <= name.size() && nonce_length <= nonce.size() && bare_length <= bare.size();
  }
};

/// The client's last message of SCRAM-SHA-256, directly after an offer.
struct ScramCheckRequest : Message<12> {
  static constexpr Permission permission{Phase::authorization};
  std::uint32_t length = 0;
  std::array<std::uint8_t, 32> proof{};
  std::array<char, pop3::max_scram_message> without_proof{};

  bool has_valid_fields() const { return length <= without_proof.size(); }
};

/// Asks for the maildrop: the client has accepted the server's signature and is still connected.
struct ScramFinishRequest : Message<13> {
  static constexpr Permission permission{Phase::authorization};

  bool has_valid_fields() const { return true; }
};

/// The client has tried to send a password or token on a connection that is not protected. Has no
/// answer; is logged, and counts as a failed login.
struct UnprotectedRequest : Message<16> {
  static constexpr Permission permission{.first = Phase::authorization, .most = 3};
  std::uint32_t name_length = 0;
  std::array<char, pop3::max_user_name> name{};
  char reserved_end = 0;

  bool has_valid_fields() const { return name_length <= name.size(); }
};

/// The client has been silent for the setting `take-over`. Asks whether another session of the user
/// is to have the maildrop.
struct SilenceRequest : Message<17> {
  static constexpr Permission permission{Phase::transaction};

  bool has_valid_fields() const { return true; }
};

/// How the session ended: the name of the front's report, or `killed` where there is none.
inline std::string_view log_name(const std::optional<ReportRequest>& report) {
  return report ? log_name(report->ending) : "killed";
}

using Request = std::variant<LoginRequest, SizesRequest, UniqueIdsRequest, OpenRequest,
                             MarksRequest, CommitRequest, ReportRequest, SizeChangedRequest,
                             ProxyRequest, ScramStartRequest, ScramCheckRequest, ScramFinishRequest,
                             ReadFailedRequest, CodedRequest, UnprotectedRequest, SilenceRequest>;

/// Octets of the largest request.
constexpr std::size_t max_request = sizeof(LoginRequest);

/// Nothing unless `bytes` are one whole request of a known kind whose fields are within their
/// ranges. Message numbers are compared with the maildrop elsewhere.
std::optional<Request> decode_request(std::span<const std::byte> bytes);

} // namespace ipc

// SPDX-License-Identifier: ISC
#include "ipc/answer.hpp"
#include "ipc/request.hpp"

#include "base/secret.hpp"
#include "pop3/limits.hpp"
#include "pop3/refusal.hpp"

#include <algorithm>
#include <cstring>

namespace ipc {

namespace {

bool is_valid(const LoginRequest& request) {
  const auto* traits = pop3::find_traits(request.mechanism);
  return traits != nullptr && traits->proof != pop3::Proof::scram &&
         request.name_length <= request.name.size() &&
         request.password_length <= max_secret(traits->proof);
}
bool is_valid(const SizesRequest& request) {
  return request.first >= 1;
}
bool is_valid(const UniqueIdsRequest& request) {
  return request.first >= 1;
}
bool is_valid(const OpenRequest& request) {
  return request.message >= 1;
}
bool is_valid(const SizeChangedRequest& request) {
  return request.message >= 1;
}
bool is_valid(const MarksRequest& request) {
  return request.first % marks_messages == 1;
}
bool is_valid(const ScramStartRequest& request) {
  return request.name_length <= request.name.size() &&
         request.nonce_length <= request.nonce.size() && request.bare_length <= request.bare.size();
}
bool is_valid(const ScramCheckRequest& request) {
  return request.length <= request.without_proof.size();
}
bool is_valid(const ScramFinishRequest&) {
  return true;
}
bool is_valid(const CommitRequest&) {
  return true;
}
bool is_valid(const ReportRequest& request) {
  return request.ending <= Ending::last;
}

bool is_valid(const ProxyRequest& request) {
  using Header = proxy_protocol::Header;
  return request.origin <= Header::Origin::last && request.tls <= Header::Tls::last &&
         request.name_length <=
             (request.tls == Header::Tls::yes ? request.common_name.size() : 0) &&
         (request.origin == Header::Origin::client || request.source == base::Address());
}

template <class Whole, class Decoded>
void try_decode(std::span<const std::byte> bytes, std::uint32_t kind,
                std::optional<Decoded>& decoded) {
  if (kind != Whole::tag || bytes.size() != sizeof(Whole))
    return;
  Whole message;
  const base::Wiper wiper(message); // it may hold a password
  std::memcpy(&message, bytes.data(), sizeof message);
  if (is_valid(message))
    decoded = message;
}

template <class... Messages>
std::optional<std::variant<Messages...>> decode(std::span<const std::byte> bytes,
                                                const std::variant<Messages...>*) {
  std::optional<std::variant<Messages...>> decoded;
  std::uint32_t kind = 0;
  if (bytes.size() < sizeof kind)
    return decoded;
  std::memcpy(&kind, bytes.data(), sizeof kind);
  (try_decode<Messages>(bytes, kind, decoded), ...);
  return decoded;
}

/// The hint is printable ASCII: it becomes part of a reply line and must not contain a line end.
template <std::uint32_t Tag> bool is_valid_step(const LoginStepAnswer<Tag>& answer) {
  return answer.kind == Tag && answer.granted <= 1 && answer.is_final <= 1 &&
         answer.reason <= pop3::Denial::Reason::permanent &&
         answer.hint_length <= answer.hint.size() &&
         std::all_of(answer.hint.begin(), answer.hint.begin() + answer.hint_length,
                     [](char c) { return c >= ' ' && c <= '~'; });
}

template <std::uint32_t Tag> bool is_valid_outcome(const KeeperAnswer<Tag>& answer) {
  return answer.kind == Tag && answer.outcome <= Outcome::last;
}

} // namespace

bool is_valid(const LoginAnswer& answer) {
  return is_valid_step(answer) && answer.count <= pop3::max_messages && answer.is_read_only <= 1 &&
         answer.held_from.back() == '\0';
}
bool is_valid(const ScramOfferAnswer& answer) {
  return is_valid_step(answer) && answer.salt_length <= answer.salt.size();
}
bool is_valid(const ScramSignatureAnswer& answer) {
  return is_valid_step(answer);
}
bool is_valid(const SizesAnswer& answer) {
  return is_valid_outcome(answer) && answer.count <= page_messages;
}
bool is_valid(const UniqueIdsAnswer& answer) {
  const auto fits = [](const auto& id) { return id.length <= id.text.size(); };
  return is_valid_outcome(answer) && answer.count <= page_messages &&
         std::all_of(answer.ids.begin(), answer.ids.end(), fits);
}
bool is_valid(const OpenAnswer& answer) {
  return is_valid_outcome(answer);
}
bool is_valid(const CommitAnswer& answer) {
  return is_valid_outcome(answer);
}
bool is_valid(const ProxyAnswer& answer) {
  return answer.kind == ProxyAnswer::tag && answer.admission <= Admission::last &&
         answer.is_protected <= 1 && answer.has_certificate <= 1;
}

std::string_view log_name(Ending ending) {
  switch (ending) {
  case Ending::quit: return "quit";
  case Ending::update_failed: return "update-failed";
  case Ending::connection_lost: return "connection-lost";
  case Ending::idle: return "idle";
  case Ending::login_limit: return "login-limit";
  case Ending::too_many_bad_commands: return "too-many-bad-commands";
  case Ending::too_many_attempts: return "too-many-attempts";
  case Ending::refused: return "refused";
  case Ending::message_changed: return "message-changed";
  case Ending::proxy_missing: return "proxy-header-missing";
  case Ending::proxy_malformed: return "proxy-header-malformed";
  case Ending::proxy_late: return "proxy-header-late";
  case Ending::proxy_doubled: return "proxy-header-doubled";
  case Ending::failure: break;
  }
  return "failure";
}

std::string_view refusal_line(Admission admission) {
  return admission == Admission::too_many ? pop3::too_many_connections : pop3::cannot_start;
}

std::optional<Request> decode_request(std::span<const std::byte> bytes) {
  return decode(bytes, static_cast<const Request*>(nullptr));
}

} // namespace ipc

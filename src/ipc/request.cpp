// SPDX-License-Identifier: ISC
#include "ipc/request.hpp"

#include "base/secret.hpp"

#include <cstring>

namespace ipc {

namespace {

/// Makes no copy, as messages are large and each page of the stack costs memory.
template <class Whole>
void try_decode(std::span<const std::byte> bytes, std::optional<Request>& decoded) {
  if (bytes.size() != sizeof(Whole) || decoded)
    return;
  auto& message = std::get<Whole>(decoded.emplace(std::in_place_type<Whole>));
  std::memcpy(&message, bytes.data(), sizeof message);
  if (is_valid(message))
    return;
  base::wipe(&message, sizeof message); // it may hold a password
  decoded.reset();
}

template <class... Kinds>
void try_all(std::span<const std::byte> bytes, std::optional<std::variant<Kinds...>>& decoded) {
  (try_decode<Kinds>(bytes, decoded), ...);
}

} // namespace

std::string_view log_name(Ending ending) {
  switch (ending) {
  case Ending::quit: return "quit";
  case Ending::update_failed: return "update-failed";
  case Ending::connection_lost: return "connection-lost";
  case Ending::idle: return "idle";
  case Ending::no_answer: return "no-answer";
  case Ending::login_limit: return "login-limit";
  case Ending::too_many_bad_commands: return "too-many-bad-commands";
  case Ending::too_many_attempts: return "too-many-attempts";
  case Ending::refused: return "refused";
  case Ending::message_changed: return "message-changed";
  case Ending::message_unreadable: return "message-unreadable";
  case Ending::taken_over: return "taken-over";
  case Ending::proxy_missing: return "proxy-header-missing";
  case Ending::proxy_malformed: return "proxy-header-malformed";
  case Ending::proxy_late: return "proxy-header-late";
  case Ending::proxy_doubled: return "proxy-header-doubled";
  case Ending::proxy_unexpected: return "proxy-header-unexpected";
  case Ending::tls_unexpected: return "tls-unexpected";
  case Ending::failure: break;
  }
  return "failure";
}

std::optional<Request> decode_request(std::span<const std::byte> bytes) {
  std::optional<Request> decoded;
  try_all(bytes, decoded);
  return decoded;
}

} // namespace ipc

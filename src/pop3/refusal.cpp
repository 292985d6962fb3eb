// SPDX-License-Identifier: ISC
#include "pop3/refusal.hpp"

#include "base/utc.hpp"

namespace pop3 {

namespace {

constexpr std::string_view penalty_text = "too many failed logins";

/// Tells since when and from where the maildrop is in use, as far as these are known.
std::string in_use_text(const Denial& denial) {
  std::string text = "[IN-USE] maildrop in use";
  if (denial.held_since > 0)
    text += " since " + base::utc(denial.held_since);
  if (!denial.held_from.empty())
    text += " from " + denial.held_from;
  return text;
}

std::string text_of(const Denial& denial) {
  switch (denial.reason) {
  case Denial::Reason::credentials:
    return "[AUTH] " + (denial.hint.empty() ? "name or password not accepted" : denial.hint);
  case Denial::Reason::in_use: return in_use_text(denial);
  case Denial::Reason::locked: return "[IN-USE] maildrop locked by another program";
  case Denial::Reason::too_many:
    return "[SYS/TEMP] too many sessions of this user, try again later";
  case Denial::Reason::penalty: return "[SYS/TEMP] " + denial.hint;
  case Denial::Reason::temporary: return "[SYS/TEMP] login is not possible now";
  case Denial::Reason::used_up: return std::string(attempts_used_up);
  case Denial::Reason::permanent: break;
  }
  return "[SYS/PERM] the maildrop cannot be served";
}

} // namespace

std::string too_many_failures(std::uint32_t seconds) {
  return std::string(penalty_text) + "; try again in " + std::to_string(seconds) + " seconds";
}

bool is_penalty(const Reply& reply) {
  return reply.status == Reply::Status::err && reply.text.find(penalty_text) != reply.text.npos;
}

Reply refusal(const StoreFailure& failure) {
  switch (failure.kind) {
  case StoreFailure::Kind::temporary: return err("[SYS/TEMP] the maildrop failed, try again later");
  case StoreFailure::Kind::coded:
    return err("[SYS/PERM] the message is stored compressed or encrypted, ask the administrator");
  case StoreFailure::Kind::permanent: break;
  }
  return err("[SYS/PERM] the maildrop failed, ask its administrator");
}

Reply refusal(const Denial& denial) {
  Reply reply = err(text_of(denial));
  reply.closes = denial.is_final;
  return reply;
}

} // namespace pop3

// SPDX-License-Identifier: ISC
// The conversation (RFC 1939 section 3): which state we are in; a line in, a reply out.
#pragma once

#include "pop3/authorization.hpp"
#include "pop3/line_reader.hpp"
#include "pop3/transaction.hpp"

#include <variant>

namespace pop3 {

/// Knows no descriptor, no clock and no log. Whatever is passed by reference must outlive it.
class Session {
 public:
  /// Starts in AUTHORIZATION.
  Session(Gatekeeper& gatekeeper, const SessionProfile& profile);
  /// Starts in TRANSACTION: whoever started us has vouched for the user.
  Session(std::unique_ptr<Maildrop> maildrop, const SessionProfile& profile);

  Reply greeting() const;
  /// The reply to each line, in order. Its body must be used up before the next call. Throws what
  /// Gatekeeper and Maildrop throw, StoreFailure aside.
  Reply handle(const Line& line);

  bool is_logged_in() const { return std::holds_alternative<Transaction>(state_); }
  /// How many lines in a row were no proper command; at max_bad_commands the reply closes.
  unsigned bad_commands() const { return bad_commands_; }

 private:
  Reply handle_text(std::string_view text);

  const SessionProfile& profile_;
  std::variant<Authorization, Transaction> state_;
  unsigned bad_commands_ = 0;
};

} // namespace pop3

// SPDX-License-Identifier: ISC
// The POP3 session (RFC 1939 section 3): its state, and the reply to each line.
#pragma once

#include "pop3/authorization.hpp"
#include "pop3/line_reader.hpp"
#include "pop3/transaction.hpp"

#include <variant>

namespace pop3 {

/// Uses no descriptor, no clock and no log. All objects passed by reference must outlive it.
class Session {
 public:
  /// Starts in AUTHORIZATION.
  Session(Gatekeeper& gatekeeper, const SessionProfile& profile);
  /// Starts in TRANSACTION: the process that started the server has vouched for the user.
  Session(std::unique_ptr<Maildrop> maildrop, const SessionProfile& profile);

  Reply greeting() const;
  /// Gives the reply to each line, in order. Use up its body before the next call. Throws all that
  /// Gatekeeper and Maildrop throw, except StoreFailure.
  Reply handle(const Line& line);

  /// True when handle() will change the maildrop: `line` is QUIT in TRANSACTION. The replies to all
  /// lines before it have to be written first, and when that fails, `line` is not to be handled.
  bool is_update(const Line& line) const;

  bool is_logged_in() const { return std::holds_alternative<Transaction>(state_); }
  /// The number of consecutive lines that were no proper command; at max_bad_commands the reply
  /// closes the connection.
  unsigned bad_commands() const { return bad_commands_; }

 private:
  Reply handle_text(std::string_view text);

  const SessionProfile& profile_;
  std::variant<Authorization, Transaction> state_;
  unsigned bad_commands_ = 0;
};

} // namespace pop3

// SPDX-License-Identifier: ISC
// The TRANSACTION state, and UPDATE which ends it: RFC 1939 sections 5 and 6.
#pragma once

#include "pop3/capabilities.hpp"
#include "pop3/command.hpp"
#include "pop3/maildrop.hpp"
#include "pop3/marks.hpp"

#include <memory>
#include <string_view>

namespace pop3 {

/// Handles one command after the other on a maildrop that it owns. `profile` must outlive it. Marks
/// are kept here; the maildrop gets them at QUIT and not before. A reply must not be sent after the
/// end of the Transaction that gave it.
class Transaction {
 public:
  Transaction(std::unique_ptr<Maildrop> maildrop, const SessionProfile& profile);

  Reply handle(std::string_view line);

  Reply stat(const Arguments& arguments);
  Reply list(const Arguments& arguments);
  Reply retr(const Arguments& arguments);
  Reply dele(const Arguments& arguments);
  Reply noop(const Arguments& arguments);
  Reply last(const Arguments& arguments);
  Reply rset(const Arguments& arguments);
  Reply top(const Arguments& arguments);
  Reply uidl(const Arguments& arguments);
  Reply capa(const Arguments& arguments);
  Reply quit(const Arguments& arguments);

 private:
  bool has(MessageNumber message) const;
  Reply send(MessageNumber message, std::optional<std::uint64_t> top_lines);
  void mark_retrieved(MessageNumber message);
  template <class Fact> Reply describe(const Arguments& arguments, Fact fact_of);

  std::unique_ptr<Maildrop> maildrop_;
  const SessionProfile& profile_;
  Marks deleted_;
  Marks retrieved_;
  MessageNumber last_ = 0;
  bool in_update_ = false; // QUIT has come; its reply closes the connection
};

} // namespace pop3

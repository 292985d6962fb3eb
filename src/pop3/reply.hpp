// SPDX-License-Identifier: ISC
// A reply of the server: a status line, and for some commands a body.
#pragma once

#include "pop3/byte_stuffing.hpp"
#include "pop3/maildrop.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pop3 {

/// Makes lines one after the other, so that a long listing is never in memory as a whole. Appends
/// the next line with its CRLF to the string, or gives false when there are no more. No line starts
/// with a dot.
using Listing = std::function<bool(std::string&)>;
/// Lists `lines`, which have no line ends.
Listing listing_of(std::vector<std::string> lines);

/// While nothing of it has been sent, a StoreFailure of its source can still become a refusal() in
/// place of the reply.
struct MessageText {
  std::unique_ptr<MessageSource> source;
  /// With TOP, the lines of the body that are sent; nothing with RETR, which sends all.
  std::optional<std::uint64_t> top_lines;
  /// To be called when all has been sent: before that the message does not count as retrieved.
  std::function<void()> on_sent;
};

struct Reply {
  enum class Status { ok, err, challenge };
  using Body = std::variant<std::monostate, Listing, MessageText>;

  Status status;
  std::string text;
  Body body{};
  /// The line was no proper command; too many such lines in a row end the session.
  bool is_bad_command = false;
  /// The connection is closed once this has been sent.
  bool closes = false;
};

Reply ok(std::string text = "", Reply::Body body = {});
/// `text` may start with a response code in brackets (RFC 2449 section 8).
Reply err(std::string text);
/// An -ERR for a line that was no proper command in this state.
Reply bad_command(std::string text);
/// `+ ` and Base64 (RFC 5034 section 4).
Reply challenge(std::string base64);

/// The status line with its CRLF. A text that would not fit into max_reply_line octets is cut.
std::string status_line(const Reply& reply);

} // namespace pop3

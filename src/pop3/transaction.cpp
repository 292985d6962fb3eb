// SPDX-License-Identifier: ISC
#include "pop3/transaction.hpp"

#include "pop3/refusal.hpp"

#include <algorithm>

namespace pop3 {

namespace {

// clang-format off
// keyword, arguments, handler
constexpr Row<Transaction> transaction_commands[] = {
    {"STAT", Grammar::none,             &Transaction::stat}, // RFC 1939 section 5
    {"LIST", Grammar::optional_message, &Transaction::list}, // RFC 1939 section 5
    {"RETR", Grammar::message,          &Transaction::retr}, // RFC 1939 section 5
    {"DELE", Grammar::message,          &Transaction::dele}, // RFC 1939 section 5
    {"NOOP", Grammar::none,             &Transaction::noop}, // RFC 1939 section 5
    {"RSET", Grammar::none,             &Transaction::rset}, // RFC 1939 section 5
    {"QUIT", Grammar::none,             &Transaction::quit}, // RFC 1939 section 6
    {"TOP",  Grammar::message_lines,    &Transaction::top }, // RFC 1939 section 7
    {"UIDL", Grammar::optional_message, &Transaction::uidl}, // RFC 1939 section 7
    {"LAST", Grammar::none,             &Transaction::last}, // RFC 1225
    {"CAPA", Grammar::none,             &Transaction::capa}, // RFC 2449 section 5
};
// clang-format on

Reply no_such_message() {
  return err("no such message");
}

/// Appends a line of LIST or UIDL, without its end, and gives all of `text`.
std::string& append_line(std::string& text, MessageNumber message, std::string_view fact) {
  return text.append(std::to_string(message)).append(" ").append(fact);
}

} // namespace

Transaction::Transaction(std::unique_ptr<Maildrop> maildrop, const SessionProfile& profile)
    : maildrop_(std::move(maildrop)), profile_(profile), deleted_(maildrop_->count()),
      retrieved_(maildrop_->count()) {}

Reply Transaction::handle(std::string_view line) {
  Reply reply = ok();
  try {
    reply = dispatch<Transaction>(*this, transaction_commands, parse_command(line));
  } catch (const StoreFailure& failure) {
    reply = refusal(failure);
  }
  reply.closes = in_update_;
  return reply;
}

Reply Transaction::stat(const Arguments&) {
  MessageNumber messages = 0;
  Octets octets = 0;
  for (MessageNumber message = 1; message <= maildrop_->count(); ++message) {
    if (deleted_.has(message))
      continue;
    ++messages;
    octets += maildrop_->octets(message);
  }
  return ok(std::to_string(messages) + " " + std::to_string(octets));
}

template <class Fact> Reply Transaction::describe(const Arguments& arguments, Fact fact_of) {
  if (const auto message = arguments.message) {
    std::string line;
    return has(*message) ? ok(append_line(line, *message, fact_of(*message))) : no_such_message();
  }
  return ok("listing follows",
            [this, fact_of, message = MessageNumber{0}](std::string& out) mutable {
              do
                ++message;
              while (message <= maildrop_->count() && deleted_.has(message));
              if (message > maildrop_->count())
                return false;
              append_line(out, message, fact_of(message)).append("\r\n");
              return true;
            });
}

/// All sizes of a listing have to be known before its first line.
Reply Transaction::list(const Arguments& arguments) {
  if (!arguments.message)
    stat(arguments);
  return describe(arguments, [this](MessageNumber message) {
    return std::to_string(maildrop_->octets(message));
  });
}

Reply Transaction::uidl(const Arguments& arguments) {
  return describe(arguments,
                  [this](MessageNumber message) { return maildrop_->unique_id(message); });
}

Reply Transaction::retr(const Arguments& arguments) {
  return send(*arguments.message, {});
}

Reply Transaction::top(const Arguments& arguments) {
  return send(*arguments.message, arguments.lines);
}

Reply Transaction::dele(const Arguments& arguments) {
  if (maildrop_->is_read_only())
    return err("[SYS/PERM] this maildrop is read-only");
  if (!has(*arguments.message))
    return no_such_message();
  deleted_.set(*arguments.message);
  last_ = std::max(last_, *arguments.message);
  return ok("marked");
}

Reply Transaction::noop(const Arguments&) {
  return ok();
}

Reply Transaction::last(const Arguments&) {
  return ok(std::to_string(last_));
}

Reply Transaction::rset(const Arguments&) {
  deleted_.clear();
  last_ = 0; // RFC 1225 resets the highest number accessed as well
  return ok("no message is marked");
}

Reply Transaction::capa(const Arguments&) {
  return ok("capabilities", capabilities(profile_, true));
}

Reply Transaction::quit(const Arguments&) {
  in_update_ = true;
  const UpdateResult result = maildrop_->update(deleted_, retrieved_);
  if (result.failed == 0)
    return ok(std::to_string(result.removed) + " messages removed, bye");
  return err("[SYS/TEMP] " + std::to_string(result.failed) + " messages could not be removed, " +
             std::to_string(result.removed) + " were");
}

bool Transaction::has(MessageNumber message) const {
  return message >= 1 && message <= maildrop_->count() && !deleted_.has(message);
}

Reply Transaction::send(MessageNumber message, std::optional<std::uint64_t> top_lines) {
  if (!has(message))
    return no_such_message();
  auto source = maildrop_->open(message);
  if (!source)
    return err("the message is no longer there");
  return ok("message follows",
            MessageText{std::move(source), top_lines, [this, message, whole = !top_lines] {
                          if (whole)
                            mark_retrieved(message);
                        }});
}

void Transaction::mark_retrieved(MessageNumber message) {
  retrieved_.set(message);
  last_ = std::max(last_, message);
}

} // namespace pop3

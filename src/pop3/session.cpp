// SPDX-License-Identifier: ISC
#include "pop3/session.hpp"

namespace pop3 {

Session::Session(Gatekeeper& gatekeeper, const SessionProfile& profile)
    : profile_(profile), state_(std::in_place_type<Authorization>, gatekeeper, profile) {}

Session::Session(std::unique_ptr<Maildrop> maildrop, const SessionProfile& profile)
    : profile_(profile), state_(std::in_place_type<Transaction>, std::move(maildrop), profile) {}

Reply Session::greeting() const {
  return ok("POP3 server ready on " + profile_.hostname.substr(0, max_hostname));
}

Reply Session::handle(const Line& line) {
  Reply reply = line.kind == Line::Kind::text ? handle_text(line.text)
                : line.kind == Line::Kind::overlong
                    ? bad_command("line too long")
                    : bad_command("line with NUL or a bare carriage return");
  if (auto* authorization = std::get_if<Authorization>(&state_);
      authorization != nullptr && line.kind != Line::Kind::text)
    authorization->abort();
  bad_commands_ = reply.is_bad_command ? bad_commands_ + 1 : 0;
  if (bad_commands_ >= max_bad_commands) {
    reply.text = "too many bad commands";
    reply.closes = true;
  }
  return reply;
}

bool Session::is_update(const Line& line) const {
  return is_logged_in() && parse_command(line.text).is("QUIT");
}

Reply Session::handle_text(std::string_view text) {
  if (auto* transaction = std::get_if<Transaction>(&state_))
    return transaction->handle(text);
  auto& authorization = std::get<Authorization>(state_);
  Reply reply = authorization.handle(text);
  if (auto maildrop = authorization.take_maildrop())
    state_.emplace<Transaction>(std::move(maildrop), profile_);
  return reply;
}

} // namespace pop3

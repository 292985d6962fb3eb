// SPDX-License-Identifier: ISC
// The input is an octet that chooses the setup, a seed for cuts, then the octets of the client.
#include "fuzz/session_model.hpp"
#include "fuzz/target.hpp"
#include "pop3/line_reader.hpp"
#include "pop3/session.hpp"
#include "support/append_stuffed.hpp"
#include "support/memory_gatekeeper.hpp"
#include "support/session_profile.hpp"

#include <cstring>

namespace {

using fuzz::expect;
using pop3::Line;
using pop3::Reply;

constexpr std::size_t longest_reply = 512; // RFC 1939 section 3
constexpr std::string_view messages[] = {
    "Subject: one\n\nbody\n.\n..dots\n",
    "Subject: two\r\n\r\nCRLF\r\n.\r\n",
    "no end\n\nlast line",
    "\n\nno header\n\n\n",
    "bare \r CR\r\r\n\r\n\n.\r",
    "",
    "header only: yes\n",
    ".\n..\n...\n\n....",
};

support::MemoryStore store_for(std::uint8_t setup) {
  support::MemoryStore store;
  for (const auto message : messages)
    store.add(std::string(message));
  store.add("X: " + std::string(600, 'x') + "\n\n" + std::string(60, '.'));
  switch (setup >> 2 & 7) {
  case 1: store.read_only = true; break;
  case 2: store.gone = {2}; break;
  case 3: store.sizes_fail = support::MemoryStore::Kind::temporary; break;
  case 4: store.ids_fail = support::MemoryStore::Kind::permanent; break;
  case 5: store.update_fails = support::MemoryStore::Kind::temporary; break;
  case 6: store.not_removed = 1; break;
  case 7: store.cut_at[3] = 5; break;
  }
  return store;
}

void check_line(std::string_view line) {
  expect(line.size() <= longest_reply, "a line of a reply has at most 512 octets");
  expect(line.ends_with("\r\n"), "a line of a reply ends with CRLF");
  expect(line.find_first_of(std::string_view("\r\n\0", 3)) == line.size() - 2,
         "a line of a reply is one line");
}

/// Front and client in one: passes the answers of the session to a model that checks them.
class Conversation {
 public:
  Conversation(std::uint8_t setup, fuzz::Splits splits)
      : site_(support::full_profile((setup & 1) != 0)), store_(store_for(setup)),
        gatekeeper_(store_), splits_(splits), model_(store_) {
    site_.requires_domain = (setup & 0x40) != 0;
    if ((setup & 0x20) != 0)
      gatekeeper_.denial =
          pop3::Denial{pop3::Denial::Reason::in_use, true, 1'700'000'000, "192.0.2.1"};
    if ((setup & 0x80) != 0)
      gatekeeper_.denial = pop3::Denial{pop3::Denial::Reason::too_many, false, 0, ""};
    gatekeeper_.attempts = (setup & 0x40) != 0 ? 3 : 0;
    if ((setup & 2) != 0)
      session_.emplace(std::make_unique<support::MemoryMaildrop>(store_), site_);
    else
      session_.emplace(gatekeeper_, site_);
    check_line(status_line(session_->greeting()));
  }

  void play(std::string_view stream) {
    pop3::LineReader reader;
    while (!stream.empty() && !over_) {
      const auto space = reader.space();
      const auto octets = splits_.next(std::min(space.size(), stream.size()));
      std::memcpy(space.data(), stream.data(), octets);
      reader.filled(octets);
      stream.remove_prefix(octets);
      while (const auto line = over_ ? std::nullopt : reader.next())
        answer(*line);
    }
    model_.check_end();
    for (const auto& attempt : gatekeeper_.tried)
      expect(site_.is_protected || attempt.method == "EXTERNAL" ||
                 attempt.method.starts_with("SCRAM-"),
             "no password where somebody can listen");
  }

 private:
  void answer(const Line& line) {
    const bool was_logged_in = session_->is_logged_in();
    const std::string text(line.text);
    const Reply reply = session_->handle(line);
    check_status(reply);
    over_ = reply.closes;
    try {
      const auto body = render(reply);
      if (was_logged_in && line.kind == Line::Kind::text)
        model_.follow(text, reply, body);
      else
        expect(store_.updates == 0 && (!reply.closes || reply.body.index() == 0),
               "no UPDATE, no body");
    } catch (const pop3::StoreFailure&) {
      expect(store_.sizes_fail || store_.ids_fail, "only a failing store fails");
      over_ = true;
    } catch (const pop3::MessageChanged&) {
      expect(!store_.cut_at.empty(), "only a changed message has changed");
      over_ = true;
    }
  }

  void check_status(const Reply& reply) {
    const auto status = status_line(reply);
    check_line(status);
    const bool is_challenge = reply.status == Reply::Status::challenge;
    expect(status.starts_with(is_challenge                        ? "+ "
                              : reply.status == Reply::Status::ok ? "+OK"
                                                                  : "-ERR"),
           "a reply starts with +OK, -ERR or a challenge");
    expect(!is_challenge || !session_->is_logged_in(), "challenges come before login");
    expect(reply.body.index() == 0 || reply.status == Reply::Status::ok, "only +OK has a body");
    expect(reply.closes || session_->bad_commands() < pop3::max_bad_commands,
           "bad commands are limited");
  }

  std::string render(const Reply& reply) {
    std::string body;
    if (const auto* listing = std::get_if<pop3::Listing>(&reply.body))
      for (std::string line; (*listing)(line); line.clear()) {
        check_line(line);
        expect(!line.starts_with('.'), "no line of a listing starts with a dot");
        body += line;
      }
    if (const auto* message = std::get_if<pop3::MessageText>(&reply.body))
      render(*message, body);
    return body;
  }

  void render(const pop3::MessageText& message, std::string& body) {
    pop3::ByteStuffing stuffing(message.top_lines.value_or(pop3::ByteStuffing::whole));
    std::string block(4096, '\0');
    while (!stuffing.is_done()) {
      const auto octets = message.source->read(std::span(block).first(splits_.next(block.size())));
      if (octets == 0)
        break;
      support::append_stuffed(stuffing, std::string_view(block).substr(0, octets), body);
    }
    support::append_end(stuffing, body);
    message.on_sent();
  }

  pop3::SessionProfile site_;
  support::MemoryStore store_;
  support::MemoryGatekeeper gatekeeper_;
  fuzz::Splits splits_;
  fuzz::SessionModel model_;
  std::optional<pop3::Session> session_;
  bool over_ = false;
};

void try_input(fuzz::Input input) {
  const auto setup = input.byte();
  Conversation(setup, fuzz::Splits(input.byte())).play(input.rest());
}

const fuzz::Target target("session", try_input);

} // namespace

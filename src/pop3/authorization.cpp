// SPDX-License-Identifier: ISC
#include "pop3/authorization.hpp"

#include "base/base64.hpp"
#include "base/split.hpp"
#include "pop3/refusal.hpp"
#include "pop3/sasl_name.hpp"

namespace pop3 {

namespace {

// clang-format off
// keyword, arguments, handler
constexpr Row<Authorization> authorization_commands[] = {
    {"USER", Grammar::text,  &Authorization::user}, // RFC 1939 section 7
    {"PASS", Grammar::text,  &Authorization::pass}, // RFC 1939 section 7
    {"AUTH", Grammar::words, &Authorization::auth}, // RFC 5034 section 4
    {"CAPA", Grammar::none,  &Authorization::capa}, // RFC 2449 section 5
    {"QUIT", Grammar::none,  &Authorization::quit}, // RFC 1939 section 4
};
// clang-format on

bool lacks_domain(std::string_view name) {
  return !name.empty() && name.find('@') == name.npos;
}

} // namespace

Reply Authorization::handle(std::string_view line) {
  if (exchange_ && line == "*") {
    exchange_.reset();
    return bad_command("cancelled");
  }
  if (exchange_)
    return step(line);
  const Command command = parse_command(line);
  // PASS is valid directly after USER only (RFC 1939 section 7).
  if (!command.is("PASS"))
    name_.reset();
  Reply reply = dispatch<Authorization>(*this, authorization_commands, command);
  if (reply.is_bad_command)
    name_.reset();
  return reply;
}

Reply Authorization::user(const Arguments& arguments) {
  const auto name = without_blanks_behind(arguments.text);
  if (!is_possible(Mechanism::user_pass, profile_))
    return unprotected(name);
  if (name.empty())
    return bad_command("USER: argument missing");
  name_ = name;
  return ok("name noted"); // for every name: RFC 1939 section 13
}

Reply Authorization::pass(const Arguments& arguments) {
  if (!name_)
    return bad_command("USER comes first");
  const Credentials credentials{Mechanism::user_pass, *std::exchange(name_, {}),
                                base::Secret(arguments.text)};
  return finish({credentials.name, gatekeeper_.login(credentials)});
}

Reply Authorization::auth(const Arguments& arguments) {
  if (arguments.text.empty()) // no RFC: old mail programs list the mechanisms in this way
    return ok("mechanisms", listing_of(base::words_of(mechanism_names(profile_))));
  const Command words = parse_command(arguments.text);
  const auto mechanism = find_mechanism(words.keyword, profile_);
  if (!mechanism)
    return bad_command("unknown mechanism");
  const auto response = words.rest.value_or("");
  if (!is_possible(*mechanism, profile_))
    return unprotected(name_in(*mechanism, response));
  exchange_ = start_exchange(*mechanism, gatekeeper_);
  if (response.empty())
    return challenge("");
  return step(response == "=" ? "" : response); // present, but empty: RFC 5034 section 4
}

Reply Authorization::capa(const Arguments&) {
  return ok("capabilities", capabilities(profile_, false));
}

Reply Authorization::quit(const Arguments&) {
  Reply reply = ok("bye");
  reply.closes = true;
  return reply;
}

/// Refuses to take a password or a token, which others may have read on the way.
Reply Authorization::unprotected(std::string_view name) {
  gatekeeper_.note_unprotected(name);
  return err("passwords are not accepted on an unprotected connection");
}

Reply Authorization::step(std::string_view base64) {
  const auto response = base::decode_base64(base64);
  auto next = response ? exchange_->respond(response->reveal()) : Exchange::Step(Malformed{});
  if (const auto* more = std::get_if<Challenge>(&next))
    return challenge(base::encode_base64(more->octets));
  exchange_.reset();
  if (auto* made = std::get_if<Attempt>(&next))
    return finish(std::move(*made));
  return bad_command(response ? "malformed response" : "not Base64");
}

Reply Authorization::finish(Attempt attempt) {
  if (attempt.login) {
    maildrop_ = std::move(*attempt.login);
    return ok("maildrop has " + std::to_string(maildrop_->count()) + " messages");
  }
  const Denial& denial = attempt.login.error();
  Reply reply = refusal(denial);
  // Every such name gets the same hint, so that it does not show which names exist.
  if (profile_.requires_domain && lacks_domain(attempt.name) && denial.hint.empty() &&
      denial.reason == Denial::Reason::credentials)
    reply.text += "; the name needs its domain, as in name@example.org";
  return reply;
}

} // namespace pop3

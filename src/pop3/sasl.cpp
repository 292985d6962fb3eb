// SPDX-License-Identifier: ISC
#include "pop3/sasl.hpp"

#include "base/base64.hpp"
#include "pop3/bearer_message.hpp"
#include "pop3/command.hpp"
#include "pop3/limits.hpp"
#include "pop3/sasl_name.hpp"
#include "pop3/scram_message.hpp"

#include <algorithm>

namespace pop3 {

namespace {

/// EXTERNAL (RFC 4422 appendix A): the client has authenticated by a certificate, and may only add
/// an authorization identity.
std::optional<Credentials> parse_external(std::string_view message) {
  if (!message.empty() && !is_sasl_name(message))
    return {};
  return Credentials{Mechanism::external, std::string(message), base::Secret()};
}

/// RFC 4616 section 2: [authzid] NUL authcid NUL passwd. A client whose authorization identity is
/// not its own name is tried with an empty password, so that it counts and costs as much as a wrong
/// password.
std::optional<Credentials> parse_plain(std::string_view message) {
  const auto first = message.find('\0');
  const auto second = message.find('\0', first + 1); // npos + 1 is 0
  if (second == message.npos || message.rfind('\0') != second)
    return {};
  const auto acts_as = without_blanks_behind(message.substr(0, first));
  const auto name = without_blanks_behind(message.substr(first + 1, second - first - 1));
  const auto password = message.substr(second + 1);
  if (name.empty() || password.empty() || acts_as.size() > max_user_name)
    return {};
  const bool for_oneself = acts_as.empty() || acts_as == name;
  return Credentials{Mechanism::plain, std::string(name),
                     for_oneself ? base::Secret(password) : base::Secret()};
}

struct Offer {
  Mechanism mechanism;
  /// Parses the client's message with all credentials; null when it takes several messages.
  std::optional<Credentials> (*parse)(std::string_view message);
  /// Sent when the credentials are refused, as a challenge; none when it is empty.
  std::string_view refusal;
};

// clang-format off
/// In the order in which they are offered, the best first.
constexpr Offer offers[] = {
    {Mechanism::scram,       nullptr,           ""},
    {Mechanism::external,    parse_external,    ""},
    {Mechanism::plain,       parse_plain,       ""},
    {Mechanism::oauthbearer, parse_oauthbearer, R"({"status":"invalid_token"})"},
    {Mechanism::xoauth2,     parse_xoauth2,     R"({"status":"401","schemes":"bearer"})"},
};
// clang-format on

/// An exchange in which one message has all credentials. A refused token is answered with a
/// challenge that says so in JSON (RFC 7628 section 3.2.2), and the client's next response,
/// whatever it is, with the refusal. There is no such challenge when the login was refused for
/// another reason, or when the refusal ends the connection.
class OneMessage : public Exchange {
 public:
  OneMessage(Gatekeeper& gatekeeper, const Offer& offer) : gatekeeper_(gatekeeper), offer_(offer) {}

  Step respond(std::string_view response) override {
    if (refused_)
      return std::move(*refused_);
    const auto credentials = offer_.parse(response);
    if (!credentials)
      return Malformed{};
    Attempt attempt{credentials->name, gatekeeper_.login(*credentials)};
    if (offer_.refusal.empty() || attempt.login || attempt.login.error().is_final ||
        attempt.login.error().reason != Denial::Reason::credentials)
      return attempt;
    refused_ = std::move(attempt);
    return Challenge{std::string(offer_.refusal)};
  }

 private:
  Gatekeeper& gatekeeper_;
  const Offer& offer_;
  std::optional<Attempt> refused_; // while the client has to answer the challenge
};

/// SCRAM-SHA-256 (RFC 5802, RFC 7677): the client does not send its password. There is no -PLUS, as
/// TLS, if any, ends in another program. The server's last message is a challenge, as POP3's +OK
/// has no room for it (RFC 5034 section 4). The client has to answer it with an empty response
/// before it is logged in. A client whose authorization identity is not its own name is tried with
/// a proof that is always wrong.
class Scram : public Exchange {
 public:
  explicit Scram(Gatekeeper& gatekeeper) : gatekeeper_(gatekeeper) {}

  Step respond(std::string_view response) override { return (this->*next_)(response); }

 private:
  Step first(std::string_view response) {
    auto message = parse_client_first(response);
    if (!message)
      return Malformed{};
    header_ = std::move(message->header);
    name_ = without_blanks_behind(message->start.name);
    message->start.name = name_; // message_bare stays as it was sent, as both sides sign it
    const auto offer = gatekeeper_.scram_start(message->start);
    if (!offer)
      return Attempt{name_, base::Refused{offer.error()}};
    nonce_ = message->start.nonce + offer->nonce;
    next_ = &Scram::last;
    return Challenge{server_first(message->start.nonce, *offer)};
  }

  Step last(std::string_view response) {
    auto message = parse_client_final(response, header_, nonce_);
    if (!message)
      return Malformed{};
    const auto acts_as = without_blanks_behind(header_.authorization_identity);
    if (!acts_as.empty() && acts_as != name_)
      message->proof.fill(0);
    const auto signature = gatekeeper_.scram_check(*message);
    if (!signature)
      return Attempt{name_, base::Refused{signature.error()}};
    next_ = &Scram::finish;
    return Challenge{server_final(*signature)};
  }

  Step finish(std::string_view response) {
    if (!response.empty())
      return Malformed{};
    return Attempt{name_, gatekeeper_.scram_finish()};
  }

  Gatekeeper& gatekeeper_;
  Step (Scram::*next_)(std::string_view) = &Scram::first;
  Gs2Header header_;
  std::string name_;
  std::string nonce_; // the client's part and the server's part
};

} // namespace

std::optional<Mechanism> find_mechanism(std::string_view name, const SessionProfile& profile) {
  for (const auto& offer : offers)
    if (Command{name, {}}.is(traits_of(offer.mechanism).name) && is_known(offer.mechanism, profile))
      return offer.mechanism;
  return {};
}

std::string mechanism_names(const SessionProfile& profile) {
  std::string names;
  for (const auto& offer : offers)
    if (is_possible(offer.mechanism, profile))
      names.append(names.empty() ? "" : " ").append(traits_of(offer.mechanism).name);
  return names;
}

std::string name_in(Mechanism mechanism, std::string_view base64) {
  const auto parse = std::ranges::find(offers, mechanism, &Offer::mechanism)->parse;
  const auto response = base::decode_base64(base64);
  const auto credentials = parse != nullptr && response ? parse(response->reveal()) : std::nullopt;
  return credentials ? credentials->name : "";
}

std::unique_ptr<Exchange> start_exchange(Mechanism mechanism, Gatekeeper& gatekeeper) {
  if (mechanism == Mechanism::scram)
    return std::make_unique<Scram>(gatekeeper);
  return std::make_unique<OneMessage>(gatekeeper,
                                      *std::ranges::find(offers, mechanism, &Offer::mechanism));
}

} // namespace pop3

// SPDX-License-Identifier: ISC
#include "pop3/sasl_scram.hpp"

#include "pop3/scram_message.hpp"

namespace pop3 {

namespace {

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
    name_ = message->start.name;
    const auto offer = gatekeeper_.scram_start(message->start);
    if (!offer)
      return refused(offer.error());
    nonce_ = message->start.nonce + offer->nonce;
    next_ = &Scram::last;
    return Challenge{server_first(message->start.nonce, *offer)};
  }

  Step last(std::string_view response) {
    auto message = parse_client_final(response, header_, nonce_);
    if (!message)
      return Malformed{};
    const auto& acts_as = header_.authorization_identity;
    if (!acts_as.empty() && acts_as != name_)
      message->proof.fill(0);
    const auto signature = gatekeeper_.scram_check(*message);
    if (!signature)
      return refused(signature.error());
    next_ = &Scram::finish;
    return Challenge{server_final(*signature)};
  }

  Step finish(std::string_view response) {
    if (!response.empty())
      return Malformed{};
    return Attempt{name_, gatekeeper_.scram_finish()};
  }

  Step refused(const Denial& denial) const { return Attempt{name_, base::Refused{denial}}; }

  Gatekeeper& gatekeeper_;
  Step (Scram::*next_)(std::string_view) = &Scram::first;
  Gs2Header header_;
  std::string name_;
  std::string nonce_; // the client's part and the server's part
};

} // namespace

std::unique_ptr<Exchange> start_scram(Gatekeeper& gatekeeper) {
  return std::make_unique<Scram>(gatekeeper);
}

} // namespace pop3

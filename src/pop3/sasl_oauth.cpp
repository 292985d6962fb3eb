// SPDX-License-Identifier: ISC
#include "pop3/sasl_oauth.hpp"

#include "pop3/bearer_message.hpp"

#include <optional>

namespace pop3 {

namespace {

/// The differences between the two mechanisms.
struct Dialect {
  Mechanism mechanism;
  std::optional<BearerMessage> (*parse)(std::string_view message);
  const char* error;
};

constexpr Dialect oauthbearer{Mechanism::oauthbearer, parse_oauthbearer,
                              R"({"status":"invalid_token"})"};
constexpr Dialect xoauth2{Mechanism::xoauth2, parse_xoauth2,
                          R"({"status":"401","schemes":"bearer"})"};

class Bearer : public Exchange {
 public:
  Bearer(Gatekeeper& gatekeeper, const Dialect& dialect)
      : gatekeeper_(gatekeeper), dialect_(dialect) {}

  Step respond(std::string_view response) override {
    if (refused_)
      return std::move(*refused_);
    auto message = dialect_.parse(response);
    if (!message)
      return Malformed{};
    auto made = attempt(
        gatekeeper_, {dialect_.mechanism, std::move(message->name), base::Secret(message->token)});
    if (made.login || made.login.error().is_final ||
        made.login.error().reason != Denial::Reason::credentials)
      return made;
    refused_ = std::move(made);
    return Challenge{dialect_.error};
  }

 private:
  Gatekeeper& gatekeeper_;
  const Dialect& dialect_;
  std::optional<Attempt> refused_; // while the client has to answer the error
};

} // namespace

std::unique_ptr<Exchange> start_oauthbearer(Gatekeeper& gatekeeper) {
  return std::make_unique<Bearer>(gatekeeper, oauthbearer);
}

std::unique_ptr<Exchange> start_xoauth2(Gatekeeper& gatekeeper) {
  return std::make_unique<Bearer>(gatekeeper, xoauth2);
}

} // namespace pop3

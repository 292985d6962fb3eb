// SPDX-License-Identifier: ISC
#include "pop3/sasl_external.hpp"

#include "pop3/sasl_name.hpp"

namespace pop3 {

namespace {

class External : public Exchange {
 public:
  explicit External(Gatekeeper& gatekeeper) : gatekeeper_(gatekeeper) {}

  Step respond(std::string_view response) override {
    if (!response.empty() && !is_sasl_name(response))
      return Malformed{};
    return attempt(gatekeeper_, {Mechanism::external, std::string(response), base::Secret()});
  }

 private:
  Gatekeeper& gatekeeper_;
};

} // namespace

std::unique_ptr<Exchange> start_external(Gatekeeper& gatekeeper) {
  return std::make_unique<External>(gatekeeper);
}

} // namespace pop3

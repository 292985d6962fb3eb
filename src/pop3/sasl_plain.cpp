// SPDX-License-Identifier: ISC
#include "pop3/sasl_plain.hpp"

#include "pop3/limits.hpp"

namespace pop3 {

namespace {

/// RFC 4616 section 2: [authzid] NUL authcid NUL passwd.
class Plain : public Exchange {
 public:
  explicit Plain(Gatekeeper& gatekeeper) : gatekeeper_(gatekeeper) {}

  Step respond(std::string_view response) override {
    const auto first = response.find('\0');
    if (first == response.npos)
      return Malformed{};
    const auto second = response.find('\0', first + 1);
    if (second == response.npos || response.find('\0', second + 1) != response.npos)
      return Malformed{};
    const auto acts_as = response.substr(0, first);
    const auto name = response.substr(first + 1, second - first - 1);
    const auto password = response.substr(second + 1);
    if (name.empty() || password.empty() || acts_as.size() > max_user_name)
      return Malformed{};
    const bool for_oneself = acts_as.empty() || acts_as == name;
    return attempt(gatekeeper_, {Mechanism::plain, std::string(name),
                                 for_oneself ? base::Secret(password) : base::Secret()});
  }

 private:
  Gatekeeper& gatekeeper_;
};

} // namespace

std::unique_ptr<Exchange> start_plain(Gatekeeper& gatekeeper) {
  return std::make_unique<Plain>(gatekeeper);
}

} // namespace pop3

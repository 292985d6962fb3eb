// SPDX-License-Identifier: ISC
#include "pop3/sasl.hpp"

#include "pop3/command.hpp"
#include "pop3/limits.hpp"

namespace pop3 {

namespace {

/// RFC 4616 section 2: [authzid] NUL authcid NUL passwd.
class Plain : public Exchange {
 public:
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
    // Nobody may act for somebody else; a password that cannot be right makes it look like one.
    const bool for_oneself = acts_as.empty() || acts_as == name;
    return Credentials{Mechanism::plain, std::string(name),
                       for_oneself ? base::Secret(password) : base::Secret()};
  }
};

template <class Mechanism> std::unique_ptr<Exchange> start() {
  return std::make_unique<Mechanism>();
}

// name, client first, sends password, start
constexpr SaslMechanism mechanisms[] = {
    {"PLAIN", true, true, start<Plain>}, // RFC 4616
};

} // namespace

const SaslMechanism* find_mechanism(std::string_view name) {
  for (const auto& mechanism : mechanisms)
    if (Command{name, {}}.is(mechanism.name))
      return &mechanism;
  return nullptr;
}

std::string mechanism_names(bool is_protected) {
  std::string names;
  for (const auto& mechanism : mechanisms)
    if (is_protected || !mechanism.sends_password)
      names.append(names.empty() ? "" : " ").append(mechanism.name);
  return names;
}

} // namespace pop3

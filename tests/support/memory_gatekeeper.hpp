// SPDX-License-Identifier: ISC
// A gatekeeper in memory: one user, one maildrop, and whatever denial a test wants.
#pragma once

#include "pop3/gatekeeper.hpp"
#include "support/memory_maildrop.hpp"

#include <optional>
#include <string>
#include <vector>

namespace support {

/// `store` must outlive it.
class MemoryGatekeeper : public pop3::Gatekeeper {
 public:
  explicit MemoryGatekeeper(MemoryStore& store) : store_(store) {}

  std::string user = "alice";
  std::string password = "wonderland";
  /// Given instead of the maildrop to whoever has the right password.
  std::optional<pop3::Denial> denial;
  /// Wrong passwords after which a denial is final; 0: never.
  unsigned attempts = 0;

  struct Attempt {
    pop3::Mechanism mechanism;
    std::string name;
    std::string password;
  };
  /// All that was tried, in order.
  std::vector<Attempt> tried;

  base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial>
  login(const pop3::Credentials& credentials) override {
    tried.push_back(
        {credentials.mechanism, credentials.name, std::string(credentials.password.reveal())});
    if (credentials.name != user || credentials.password.reveal() != password) {
      pop3::Denial wrong;
      wrong.is_final = tried.size() == attempts;
      return base::Refused{wrong};
    }
    if (denial)
      return base::Refused{*denial};
    return std::unique_ptr<pop3::Maildrop>(std::make_unique<MemoryMaildrop>(store_));
  }

  base::Result<pop3::ScramOffer, pop3::Denial> scram_start(const pop3::ScramStart&) override {
    return base::Refused{pop3::Denial{pop3::Denial::Reason::permanent}};
  }
  base::Result<pop3::ScramSignature, pop3::Denial> scram_check(const pop3::ScramFinal&) override {
    return base::Refused{pop3::Denial{pop3::Denial::Reason::permanent}};
  }
  base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial> scram_finish() override {
    return base::Refused{pop3::Denial{pop3::Denial::Reason::permanent}};
  }

 private:
  MemoryStore& store_;
};

} // namespace support

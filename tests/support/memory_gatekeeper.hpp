// SPDX-License-Identifier: ISC
// A gatekeeper in memory: one user, one maildrop, and the denial that a test sets.
#pragma once

#include "pop3/gatekeeper.hpp"
#include "support/memory_maildrop.hpp"

#include <optional>
#include <string>
#include <vector>

namespace support {

/// `store` must outlive it. The numbers of SCRAM are those of RFC 7677 section 3, whatever the
/// user's password is; nothing is computed. Steps of SCRAM out of their order throw
/// std::logic_error.
class MemoryGatekeeper : public pop3::Gatekeeper {
 public:
  explicit MemoryGatekeeper(MemoryStore& store) : store_(store) {}

  std::string user = "alice";
  /// The right token as well.
  std::string password = "wonderland";
  /// Given instead of the maildrop for the right password.
  std::optional<pop3::Denial> denial;
  /// Wrong passwords after which a denial is final; 0: never.
  unsigned attempts = 0;

  /// One request. The password is that of login(), message_bare of SCRAM-START, without_proof of
  /// SCRAM-CHECK, and empty with SCRAM-FINISH.
  struct Attempt {
    std::string method;
    std::string name;
    std::string password;
  };
  /// All that was tried, in order.
  std::vector<Attempt> tried;
  /// The names of attempts that were refused as the connection is not protected.
  std::vector<std::string> unprotected;

  base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial>
  login(const pop3::Credentials& credentials) override;
  base::Result<pop3::ScramOffer, pop3::Denial> scram_start(const pop3::ScramStart& start) override;
  base::Result<pop3::ScramSignature, pop3::Denial>
  scram_check(const pop3::ScramFinal& final) override;
  base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial> scram_finish() override;
  void note_unprotected(std::string_view name) override { unprotected.emplace_back(name); }

 private:
  pop3::Denial wrong();
  base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial> right();

  enum class Scram { none, offered, proven };

  MemoryStore& store_;
  unsigned failures_ = 0;
  Scram scram_ = Scram::none;
  std::string scram_name_;
};

} // namespace support

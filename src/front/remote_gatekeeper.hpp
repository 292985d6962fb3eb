// SPDX-License-Identifier: ISC
// The front's implementation of Gatekeeper: a stub that sends requests to the monitor over the
// channel. Runs in the front. Trusts the values in answers, but checks that they are within limits.
#pragma once

#include "front/requester.hpp"
#include "pop3/gatekeeper.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace front {

/// Each function throws what Requester throws. After the SCRAM offer of the last permitted attempt,
/// which a client may cancel, further attempts are refused here.
class RemoteGatekeeper : public pop3::Gatekeeper {
 public:
  using Login = base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial>;

  explicit RemoteGatekeeper(Requester requester) : requester_(std::move(requester)) {}

  Login login(const pop3::Credentials& credentials) override;
  base::Result<pop3::ScramOffer, pop3::Denial> scram_start(const pop3::ScramStart& start) override;
  base::Result<pop3::ScramSignature, pop3::Denial>
  scram_check(const pop3::ScramFinal& final) override;
  Login scram_finish() override;
  /// Tells the monitor, as often as it may.
  void note_unprotected(std::string_view name) override;
  /// For a session that needs no login: waits for the answer, which is sent without a request.
  Login await();

 private:
  Requester requester_;
  bool had_last_offer_ = false;
  std::uint32_t noted_ = 0;
};

} // namespace front

// SPDX-License-Identifier: ISC
// The AUTHORIZATION state: RFC 1939 section 4, RFC 5034.
#pragma once

#include "pop3/capabilities.hpp"
#include "pop3/command.hpp"
#include "pop3/gatekeeper.hpp"
#include "pop3/sasl.hpp"

#include <memory>
#include <optional>
#include <string>

namespace pop3 {

/// The -ERR for `denial`, which shows its hint where there is one; it closes when the denial is
/// final.
Reply refusal(const Denial& denial);

/// Handles one line after the other until somebody is logged in. Both references must outlive it.
class Authorization {
 public:
  Authorization(Gatekeeper& gatekeeper, const SessionProfile& profile)
      : gatekeeper_(gatekeeper), profile_(profile) {}

  /// A line that is a command, or the client's part of a SASL exchange under way.
  Reply handle(std::string_view line);
  /// Once handle() has said +OK to a login: the maildrop, one time.
  std::unique_ptr<Maildrop> take_maildrop() { return std::move(maildrop_); }
  /// A line without usable text has come: an exchange under way is over, a USER forgotten.
  void abort() {
    exchange_.reset();
    name_.reset();
  }

  Reply user(const Arguments& arguments);
  Reply pass(const Arguments& arguments);
  Reply auth(const Arguments& arguments);
  Reply capa(const Arguments& arguments);
  Reply quit(const Arguments& arguments);

 private:
  Reply start_exchange(const SaslMechanism& mechanism, std::string_view initial_response);
  Reply continue_exchange(std::string_view line);
  Reply step(std::string_view base64);
  Reply finish(Attempt attempt);

  Gatekeeper& gatekeeper_;
  const SessionProfile& profile_;
  std::optional<std::string> name_; // of the USER command just before
  std::unique_ptr<Exchange> exchange_;
  std::unique_ptr<Maildrop> maildrop_;
};

} // namespace pop3

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

/// Handles one line after the other until a login succeeds. Both references must outlive it.
class Authorization {
 public:
  Authorization(Gatekeeper& gatekeeper, const SessionProfile& profile)
      : gatekeeper_(gatekeeper), profile_(profile) {}

  /// Handles a command, or the client's response in a SASL exchange.
  Reply handle(std::string_view line);
  /// Gives the maildrop once handle() has replied +OK to a login, and only one time; otherwise
  /// null.
  std::unique_ptr<Maildrop> take_maildrop() { return std::move(maildrop_); }
  /// Ends a SASL exchange and forgets the name of USER. For a line without usable text.
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
  Reply unprotected(std::string_view name);
  Reply step(std::string_view base64);
  Reply finish(Attempt attempt);

  Gatekeeper& gatekeeper_;
  const SessionProfile& profile_;
  std::optional<std::string> name_; // of the USER command just before
  std::unique_ptr<Exchange> exchange_;
  std::unique_ptr<Maildrop> maildrop_;
};

} // namespace pop3

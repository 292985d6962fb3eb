// SPDX-License-Identifier: ISC
// Interface: the messages of one user, while we hold them. It is half of the privilege boundary: in
// production its implementation asks another process.
#pragma once

#include "pop3/marks.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>

namespace pop3 {

using Octets = std::uint64_t;

/// The store could not do what was asked; the session goes on (RFC 3206 section 4).
class StoreFailure : public std::runtime_error {
 public:
  enum class Kind { temporary, permanent };
  explicit StoreFailure(Kind kind) : std::runtime_error("the maildrop failed"), kind_(kind) {}
  Kind kind() const { return kind_; }

 private:
  Kind kind_;
};

/// A message was cut short or changed while it was being sent. Nothing but closing the connection
/// keeps the client from taking what it got for the whole.
class MessageChanged : public std::runtime_error {
 public:
  MessageChanged() : std::runtime_error("the message changed while it was sent") {}
};

/// The stored text of one message, from its start.
class MessageSource {
 public:
  virtual ~MessageSource() = default;
  /// Fills the front of `space` and gives the number of octets, 0 at the end of the message. Throws
  /// MessageChanged, or std::system_error when the medium fails.
  virtual std::size_t read(std::span<char> space) = 0;
  /// The whole message was sent, and was `octets` long as sizes count. A store may learn from it
  /// that a size was wrong.
  virtual void sent_whole(Octets octets) { (void)octets; }
};

/// Why a message is opened; a message read for RETR is flagged as seen at the end.
enum class Purpose : std::uint8_t { retr, top };

/// What UPDATE really did.
struct UpdateResult {
  std::uint32_t removed = 0;
  std::uint32_t failed = 0;
};

/// Message numbers given to these functions are between 1 and count(). All but count() may throw
/// StoreFailure.
class Maildrop {
 public:
  virtual ~Maildrop() = default;
  /// Fixed for the session.
  virtual MessageNumber count() const = 0;
  /// Nothing is removed and nothing flagged, whatever update() is told. Fixed for the session.
  virtual bool is_read_only() const { return false; }
  /// What RETR sends, stuffed dots left out (RFC 1939 section 11). Fixed for the session.
  virtual Octets octets(MessageNumber message) = 0;
  /// 1 to 70 characters of 0x21 to 0x7e (RFC 1939 section 7).
  virtual std::string unique_id(MessageNumber message) = 0;
  /// Null when the message is no longer there.
  virtual std::unique_ptr<MessageSource> open(MessageNumber message, Purpose purpose) = 0;
  /// Removes what is marked, flags what was retrieved. Called once, last.
  virtual UpdateResult update(const Marks& deleted, const Marks& retrieved) = 0;
};

} // namespace pop3

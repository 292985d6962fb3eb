// SPDX-License-Identifier: ISC
// Interface to the messages of one user while the session holds the maildrop. It is half of the
// privilege boundary: in production its implementation asks another process.
#pragma once

#include "pop3/limits.hpp"
#include "pop3/marks.hpp"

#include <array>
#include <cassert>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string_view>

namespace pop3 {

using Octets = std::uint64_t;

/// A unique-id: 1 to 70 characters of 0x21 to 0x7e (RFC 1939 section 7), then zeros.
struct UniqueId {
  std::uint8_t length;
  std::array<char, max_unique_id> text;

  /// `id` has at most max_unique_id characters.
  static UniqueId of(std::string_view id) {
    assert(id.size() <= max_unique_id);
    UniqueId made{};
    made.length = static_cast<std::uint8_t>(id.copy(made.text.data(), made.text.size()));
    return made;
  }
  std::string_view view() const { return {text.data(), length}; }
};

/// The store could not do what was asked; the session goes on (RFC 3206 section 4).
struct StoreFailure : std::runtime_error {
  enum class Kind {
    temporary,
    permanent,
    coded ///< The message is stored in a Coding, which is permanent, too.
  };
  explicit StoreFailure(Kind given) : std::runtime_error("the maildrop failed"), kind(given) {}
  Kind kind;
};

/// A message was cut short or changed while it was being sent. Only closing the connection keeps
/// the client from taking the octets it got for the whole message.
class MessageChanged : public std::runtime_error {
 public:
  MessageChanged() : std::runtime_error("the message changed while it was sent") {}
};

/// The stored text of one message, from its start.
class MessageSource {
 public:
  virtual ~MessageSource() = default;
  /// Fills the front of `space` and gives the number of octets, 0 at the end of the message. Throws
  /// MessageChanged, or StoreFailure when the medium fails.
  virtual std::size_t read(std::span<char> space) = 0;
  /// Called when the whole message has been sent; `octets` is its size, as Maildrop::octets()
  /// counts. A store may learn from it that a size was wrong.
  virtual void sent_whole(Octets octets) { (void)octets; }
};

/// The numbers of messages that UPDATE has removed and has failed to remove.
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
  /// True when update() removes and flags nothing, whatever its arguments are. Fixed for the
  /// session.
  virtual bool is_read_only() const { return false; }
  /// The size of the message that RETR sends, without stuffed dots (RFC 1939 section 11). Fixed for
  /// the session.
  virtual Octets octets(MessageNumber message) = 0;
  /// The text of a UniqueId, valid until the next call.
  virtual std::string_view unique_id(MessageNumber message) = 0;
  /// Null when the message is no longer there.
  virtual std::unique_ptr<MessageSource> open(MessageNumber message) = 0;
  /// Removes the messages in `deleted` and flags those in `retrieved` as seen. Called once, last.
  virtual UpdateResult update(const Marks& deleted, const Marks& retrieved) = 0;
};

} // namespace pop3

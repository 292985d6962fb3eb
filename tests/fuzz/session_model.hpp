// SPDX-License-Identifier: ISC
// A model of a session in TRANSACTION: keeps the messages that the client has marked and retrieved,
// and checks each reply against them.
#pragma once

#include "pop3/reply.hpp"
#include "support/memory_maildrop.hpp"

#include <optional>
#include <set>
#include <string>

namespace fuzz {

class SessionModel {
 public:
  /// `store` must outlive it.
  explicit SessionModel(const support::MemoryStore& store) : store_(store) {}

  /// Checks the reply to one line that the client sent after login. `body` is as on the wire,
  /// without the terminating dot.
  void follow(const std::string& line, const pop3::Reply& reply, const std::string& body);
  /// Called after the last line: checks that nothing was removed without QUIT.
  void check_end() const;

 private:
  using Number = pop3::MessageNumber;

  struct Words {
    std::string keyword;
    std::string arguments;
    /// The first two arguments as numbers, if they are plain and short.
    std::optional<std::uint64_t> first, second;
  };
  static Words words_of(const std::string& line);

  void check_success(const Words& words, const pop3::Reply& reply, const std::string& body);
  void check_refusal(const Words& words) const;
  void check_stat(const std::string& text) const;
  void check_listing(const Words& words, const std::string& text, const std::string& body) const;
  void check_text(const Words& words, const std::string& body);
  void check_quit(const pop3::Reply& reply);

  Number named(const Words& words) const;
  bool has(std::optional<std::uint64_t> number) const;
  std::uint64_t octets(Number message) const;
  std::string description(const std::string& keyword, Number message) const;

  const support::MemoryStore& store_;
  std::set<Number> deleted_, retrieved_;
  bool quit_ = false;
};

} // namespace fuzz

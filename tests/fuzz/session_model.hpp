// SPDX-License-Identifier: ISC
// What a careful client knows about a session in TRANSACTION: which messages it has marked, and so
// what each reply has to say.
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

  /// One line that the client sent after login, and what came back. `body` is as on the wire,
  /// without the terminating dot.
  void follow(const std::string& line, const pop3::Reply& reply, const std::string& body);
  /// No further line comes: nothing was removed but what was marked when QUIT was said.
  void check_end() const;

 private:
  using Number = pop3::MessageNumber;

  struct Words {
    std::string keyword;
    std::string arguments;
    /// The arguments as numbers where they are plain and short, up to two.
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

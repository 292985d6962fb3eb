// SPDX-License-Identifier: ISC
// A maildrop in memory that fails on demand and records its use.
#pragma once

#include "pop3/maildrop.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace support {

/// The data that a MemoryMaildrop serves and records. It outlives the maildrop, so that a test can
/// look at it when the session is over.
struct MemoryStore {
  using Kind = pop3::StoreFailure::Kind;

  struct Message {
    std::string text;
    std::string unique_id;
  };
  std::vector<Message> messages;

  std::set<pop3::MessageNumber> gone;                ///< open() does not find them.
  std::map<pop3::MessageNumber, std::size_t> cut_at; ///< read() throws MessageChanged there.
  std::optional<Kind> sizes_fail, ids_fail, open_fails, update_fails;
  std::uint32_t not_removed = 0; ///< Number of marked messages that update() leaves.

  bool read_only = false;

  unsigned opened = 0;
  unsigned updates = 0;
  std::vector<pop3::MessageNumber> removed;
  std::vector<pop3::MessageNumber> retrieved;

  /// Adds a message; without a unique-id it gets `id` and its number.
  void add(std::string text, std::string unique_id = "");
};

/// `store` must outlive it.
class MemoryMaildrop : public pop3::Maildrop {
 public:
  explicit MemoryMaildrop(MemoryStore& store) : store_(store) {}

  pop3::MessageNumber count() const override;
  bool is_read_only() const override { return store_.read_only; }
  pop3::Octets octets(pop3::MessageNumber message) override;
  std::string_view unique_id(pop3::MessageNumber message) override;
  std::unique_ptr<pop3::MessageSource> open(pop3::MessageNumber message) override;
  pop3::UpdateResult update(const pop3::Marks& deleted, const pop3::Marks& retrieved) override;

 private:
  MemoryStore& store_;
};

} // namespace support

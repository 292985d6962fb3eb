// SPDX-License-Identifier: ISC
// The failed logins of late, by network and by name, and how long the next attempt has to wait: a
// file of fixed size that all sessions of a host share, without a daemon. Runs in the monitor and
// in the listener. Nothing about the file can refuse a login.
#pragma once

#include "base/address.hpp"
#include "base/result.hpp"
#include "state/penalty_file.hpp"
#include "state/penalty_key.hpp"
#include "state/penalty_rules.hpp"
#include "state/penalty_word.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace state {

/// Milliseconds since this boot, suspension included (CLOCK_BOOTTIME). That clock cannot be set.
PenaltyTime penalty_time();

/// The receipt of one charge, with which it can be given back.
struct PenaltyCharge {
  PenaltyKey key;
  unsigned quarters = 0;
  PenaltyTime wait = 0;     ///< Milliseconds until this attempt is due, 0: now.
  PenaltyTime at = 0;       ///< When it was made.
  std::uint64_t before = 0; ///< The entry, as the table has it.
  std::uint64_t after = 0;
};

/// An entry that counts at the moment.
struct PenaltyEntry {
  PenaltyKey key;
  unsigned quarters;
  PenaltyTime wait;  ///< Milliseconds until the next attempt is due, 0: now.
  PenaltyTime since; ///< When the entry was made.
};

/// The level of a key is the number of its failures, in quarters of a failure. It is in one word of
/// the file together with the time when the next attempt is due, and changes by compare-and-swap:
/// a process that is killed or stopped leaves nothing half done and no lock. A digest under a
/// random key from the file's header says where the word of a key is, so that no client can choose
/// a place. Movable; the destructor unmaps the file. A child of fork(2) has no mapping.
class PenaltyTable {
 public:
  /// The key chooses a set; in a full one, the entry with the lowest level gives way, of several
  /// the one that was due first. Names and passwords have sets of their own, the last eighth and
  /// the quarter before it, so that guesses replace no network, and networks no name. In a full
  /// table an innocent key meets the entry of another one with a probability of 32 in 2^24.
  static constexpr std::size_t sets = 2048, ways = 32, password_sets = sets / 4,
                               name_sets = sets / 8,
                               network_sets = sets - password_sets - name_sets;

  /// Maps the file that PenaltyFile::open() opens or makes. Gives the problem in words.
  static base::Result<PenaltyTable, std::string> open(const std::string& runtime_directory);
  /// As PenaltyFile::open_existing().
  static std::optional<PenaltyTable> open_existing(const std::string& runtime_directory);

  /// False when the file was removed, replaced or cut since it was opened: then open it again.
  /// Takes one stat(2); for a process that keeps the mapping for long. A file that is cut after
  /// that ends the process by SIGBUS; only the account of the file and root can do so.
  bool is_current(const std::string& runtime_directory) const;

  /// Milliseconds until an attempt is due, 0: now.
  PenaltyTime wait(const PenaltyKey& key, PenaltyTime now) const;
  /// The level in quarters of a failure.
  unsigned level(const PenaltyKey& key, PenaltyTime now) const;
  /// Adds `quarters` to the level and moves the time when the next attempt is due by the delay of
  /// the new level, or a quarter of it for each quarter. The receipt has the wait before that:
  /// attempts that are charged at once are due one after the other. With 0 quarters nothing
  /// changes.
  PenaltyCharge charge(const PenaltyKey& key, unsigned quarters, PenaltyTime now);
  /// Takes back one charge, also after later charges of the same key.
  void refund(const PenaltyCharge& charge);
  /// Counts a failure from a network that is none of the user's, which costs that network more
  /// while many strangers fail.
  void count_stranger(const PenaltyKey& network, PenaltyTime now);
  void clear(const PenaltyKey& key);
  void clear_all();
  /// All entries with a level and a key that fits their place, in no order.
  std::vector<PenaltyEntry> list(PenaltyTime now) const;

 private:
  struct Entry;
  struct Place;
  struct Unmap {
    void operator()(Entry* entries) const noexcept;
  };

  explicit PenaltyTable(const PenaltyFile& file);

  Place place_of(const PenaltyKey& key) const;
  Entry* find(const Place& place, PenaltyTime now) const;
  Entry& find_or_make_room(const Place& place, PenaltyTime now);

  std::unique_ptr<Entry[], Unmap> entries_;
  std::array<unsigned char, 16> key_; ///< Of the digests.
  std::uint64_t device_ = 0, inode_ = 0;
};

} // namespace state

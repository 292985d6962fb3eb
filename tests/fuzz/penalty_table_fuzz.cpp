// SPDX-License-Identifier: ISC
// The input is a list of steps. The first octet of each chooses what it does: a charge, a refund, a
// wait, a made-up entry, a cleared key, or a damage of the whole file, which is then opened again.
#include "fuzz/target.hpp"
#include "state/penalty_table.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace {

using fuzz::expect;
using state::PenaltyFile;
using state::PenaltyKey;
using state::PenaltyTable;
using state::PenaltyTime;

/// A directory that is removed at the end of the process, in memory where the system offers that:
/// each input writes half of the file.
struct Directory {
  Directory() { expect(mkdtemp(path.data()) != nullptr, "a directory"); }
  ~Directory() {
    unlink(file().c_str());
    rmdir(path.c_str());
  }
  std::string file() const { return path + PenaltyFile::name; }

  std::string path =
      std::string(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/penalty-fuzz-XXXXXX";
};

/// The key in the header is always the same, so that an input always does the same.
PenaltyTable open_table(const Directory& directory) {
  expect(PenaltyTable::open(directory.path).has_value(), "there is a table, whatever the file was");
  constexpr off_t key_offset = 52;
  const base::UniqueFd file(open(directory.file().c_str(), O_WRONLY));
  expect(pwrite(file.get(), "0123456789abcdef", 16, key_offset) == 16, "pwrite");
  return std::move(*PenaltyTable::open(directory.path));
}

/// Two keys of each kind.
PenaltyKey key_of(std::uint8_t octet) {
  const auto kind = static_cast<state::PenaltyKind>(octet % state::penalty_kinds);
  PenaltyKey key{kind};
  key.digest.fill(octet / state::penalty_kinds & 1);
  key.network.octets.fill(octet / state::penalty_kinds & 1);
  return key;
}

/// All inputs have one file, as to make one takes long; each begins with a table that has none of
/// the keys, and no others are ever in it.
class Run {
 public:
  Run() {
    for (std::uint8_t octet = 0; octet < 2 * state::penalty_kinds; ++octet)
      table_.clear(key_of(octet));
  }

  void step(fuzz::Input& input) {
    const auto octet = input.byte();
    switch (octet % 6) {
    case 0: charge(key_of(input.byte()), octet / 6); break;
    case 1: refund(); break;
    case 2: wait(PenaltyTime{input.byte()} << octet / 6); break;
    case 3: make_up(input); break;
    case 4: clear(key_of(input.byte())); break;
    case 5: damage(octet / 6, input); break;
    }
  }
  void check() const {
    for (std::uint8_t octet = 0; octet < 2 * state::penalty_kinds; ++octet) {
      const auto key = key_of(octet);
      const auto rule = state::penalty_rule(key.kind);
      expect(table_.wait(key, now_) <= rule.ceiling + state::longest_penalty_queue,
             "no wait is longer than the ceiling and a queue");
      expect(table_.level(key, now_) <= state::highest_level(rule),
             "no level is above the highest");
      // What is made up to be due in a hundred days counts then.
      expect(is_made_up_ || table_.level(key, now_) == 0 || forgets(key, rule),
             "what counts is forgotten");
    }
  }

 private:
  bool forgets(const PenaltyKey& key, const state::PenaltyRule& rule) const {
    const auto due = now_ + rule.ceiling + state::longest_penalty_queue;
    const auto failures = state::highest_level(rule) / state::quarters_a_failure;
    return table_.level(key, due + failures * rule.forget + rule.lasting * rule.forget_lasting) ==
           0;
  }
  void charge(const PenaltyKey& key, unsigned quarters) {
    const auto rule = state::penalty_rule(key.kind);
    const auto level = table_.level(key, now_);
    const auto wait = table_.wait(key, now_);
    const auto charge = table_.charge(key, quarters, now_);
    charges_.push_back(charge);
    expect(charge.wait == wait, "the receipt has the wait before the charge");
    expect(table_.level(key, now_) == std::min(level + quarters, state::highest_level(rule)),
           "a charge counts at once");
    expect(table_.wait(key, now_) >= wait, "a charge makes no wait shorter");
  }
  /// A session is over after a day, and its receipts with it.
  void wait(PenaltyTime time) {
    constexpr PenaltyTime day = 86'400'000;
    now_ += time;
    std::erase_if(charges_, [&](const auto& charge) { return charge.at + day < now_; });
  }
  void refund() {
    if (charges_.empty())
      return;
    const auto charge = charges_.back();
    charges_.pop_back();
    const auto level = table_.level(charge.key, now_);
    const auto wait = table_.wait(charge.key, now_);
    table_.refund(charge);
    expect(table_.level(charge.key, now_) <= level, "a refund makes no level higher");
    expect(table_.wait(charge.key, now_) <= wait, "a refund makes no wait longer");
  }
  /// Puts a word with the key's tag and any level and time beside the entries of the key.
  void make_up(fuzz::Input& input) {
    const auto number = input.byte();
    const auto& [entry, word] = places()[number % places().size()];
    const auto way = number / places().size() % PenaltyTable::ways;
    auto made_up = word;
    for (unsigned bit = 0; bit < 36; bit += 12)
      made_up |= std::uint64_t{input.byte()} << (bit + 4) | std::uint64_t{input.byte() & 15u}
                                                                << bit;
    const auto at = entry / PenaltyTable::ways * PenaltyTable::ways + way;
    const base::UniqueFd file(open(directory().file().c_str(), O_WRONLY));
    expect(pwrite(file.get(), &made_up, sizeof made_up,
                  static_cast<off_t>(PenaltyFile::header_octets +
                                     at * PenaltyFile::entry_octets)) == sizeof made_up,
           "pwrite");
    charges_.clear();
    is_made_up_ = true;
  }
  void clear(const PenaltyKey& key) {
    table_.clear(key);
    expect(table_.level(key, now_) == 0, "what is cleared has no level");
    std::erase_if(charges_, [&](const auto& charge) { return charge.key == key; });
  }
  void damage(unsigned how, fuzz::Input& input) {
    const auto path = directory().file();
    const auto octets = input.take(input.byte());
    if (how % 4 == 0)
      expect(truncate(path.c_str(), off_t{input.byte()} << how / 4) == 0, "truncate");
    if (how % 4 == 1)
      expect(chmod(path.c_str(), 0600 | how) == 0, "chmod");
    if (how % 4 >= 2) {
      const base::UniqueFd file(open(path.c_str(), O_WRONLY));
      expect(pwrite(file.get(), octets.data(), octets.size(), how / 4) >= 0, "pwrite");
    }
    table_ = open_table(directory());
    charges_.clear();
  }
  static const Directory& directory() {
    static const Directory made;
    return made;
  }

  struct Place {
    std::size_t entry;
    std::uint64_t word; ///< Without level and time.
  };
  /// Where each key is in an empty table.
  static const std::vector<Place>& places() {
    static const std::vector<Place> found = find_places();
    return found;
  }
  static std::vector<Place> find_places() {
    std::vector<Place> found;
    auto table = open_table(directory());
    const base::UniqueFd file(open(directory().file().c_str(), O_RDONLY));
    for (std::uint8_t octet = 0; octet < 2 * state::penalty_kinds; ++octet) {
      table.clear_all();
      table.charge(key_of(octet), 1, 1000);
      std::vector<std::uint64_t> words(PenaltyFile::octets / sizeof(std::uint64_t));
      expect(pread(file.get(), words.data(), PenaltyFile::octets, 0) == PenaltyFile::octets,
             "pread");
      for (std::size_t entry = 0; entry < PenaltyFile::entries; ++entry)
        if (const auto word =
                words[(PenaltyFile::header_octets + entry * PenaltyFile::entry_octets) / 8];
            word != 0)
          found.push_back({entry, word >> 36 << 36});
    }
    expect(found.size() == 2 * state::penalty_kinds, "each key has a place");
    table.clear_all();
    return found;
  }

  PenaltyTable table_ = open_table(directory());
  PenaltyTime now_ = 3'600'000;
  std::vector<state::PenaltyCharge> charges_;
  bool is_made_up_ = false;
};

void try_input(fuzz::Input input) {
  Run run;
  while (!input.empty())
    run.step(input);
  run.check();
}

const fuzz::Target target("penalty_table", try_input);

} // namespace

// SPDX-License-Identifier: ISC
#include "state/penalty_table.hpp"

#include "base/digest.hpp"
#include "base/system_error.hpp"

#include <atomic>
#include <cstring>
#include <ctime>
#include <span>
#include <sys/mman.h>
#include <sys/stat.h>
#include <utility>

namespace state {

namespace {

constexpr std::size_t mapped_octets = PenaltyFile::octets - PenaltyFile::header_octets;

/// Entries of a set are compared by their level, then by the time when they are due; the lowest
/// gives way.
std::pair<unsigned, std::int64_t> weight(PenaltyWord word, PenaltyTime now) {
  return {word.level(now), word.ticks_ahead(now)};
}

struct Area {
  std::size_t first, sets;
};
constexpr Area area_of(PenaltyKind kind) {
  using Table = PenaltyTable;
  switch (kind) {
  case PenaltyKind::password: return {Table::network_sets, Table::password_sets};
  case PenaltyKind::name:
  case PenaltyKind::fresh_name:
  case PenaltyKind::strangers: return {Table::sets - Table::name_sets, Table::name_sets};
  default: return {0, Table::network_sets};
  }
}

} // namespace

PenaltyTime penalty_time() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now); // does not fail for this clock
  return static_cast<PenaltyTime>(now.tv_sec) * 1000 +
         static_cast<PenaltyTime>(now.tv_nsec) / 1'000'000;
}

/// `word` decides. The rest is for list() alone, and may be that of another key for a moment.
struct PenaltyTable::Entry {
  std::uint64_t word;
  PenaltyTime since;
  base::Address network;
  PenaltyDigest digest;

  PenaltyWord load() const {
    return PenaltyWord(std::atomic_ref(const_cast<std::uint64_t&>(word)).load());
  }
  bool exchange(PenaltyWord expected, PenaltyWord desired) {
    auto bits = expected.bits();
    return std::atomic_ref(word).compare_exchange_strong(bits, desired.bits());
  }
  void clear() { std::atomic_ref(word).store(0); }
  PenaltyKey key() const { return {load().kind(), network, digest}; }
  void show(const PenaltyKey& key, PenaltyTime now) {
    if (this->key() == key)
      return;
    network = key.network;
    digest = key.digest;
    since = now;
  }
};

struct PenaltyTable::Place {
  std::span<Entry> set;
  PenaltyWord word; ///< Without a failure.
};

void PenaltyTable::Unmap::operator()(Entry* entries) const noexcept {
  ::munmap(entries, mapped_octets);
}

base::Result<PenaltyTable, std::string> PenaltyTable::open(const std::string& runtime_directory) {
  auto file = PenaltyFile::open(runtime_directory);
  if (!file)
    return base::Refused{file.error()};
  try {
    return PenaltyTable(*file);
  } catch (const std::system_error& error) {
    return base::Refused{std::string(error.what())};
  }
}

std::optional<PenaltyTable> PenaltyTable::open_existing(const std::string& runtime_directory) {
  auto file = PenaltyFile::open_existing(runtime_directory);
  return file ? std::optional(PenaltyTable(*file)) : std::nullopt;
}

PenaltyTable::PenaltyTable(const PenaltyFile& file)
    : key_(file.key), device_(file.device), inode_(file.inode) {
  static_assert(sizeof(Entry) == PenaltyFile::entry_octets);
  static_assert(sets * ways == PenaltyFile::entries);
  void* const entries = ::mmap(nullptr, mapped_octets, PROT_READ | PROT_WRITE, MAP_SHARED,
                               file.fd.get(), off_t{PenaltyFile::header_octets});
  if (entries == MAP_FAILED)
    base::throw_errno("map penalties");
  entries_.reset(static_cast<Entry*>(entries));
  base::check(::madvise(entries, mapped_octets, MADV_DONTFORK), "madvise penalties");
}

bool PenaltyTable::is_current(const std::string& runtime_directory) const {
  struct stat facts;
  return ::stat((runtime_directory + PenaltyFile::name).c_str(), &facts) == 0 &&
         facts.st_dev == device_ && facts.st_ino == inode_ &&
         facts.st_size == off_t{PenaltyFile::octets};
}

PenaltyTable::Place PenaltyTable::place_of(const PenaltyKey& key) const {
  const auto digest =
      base::blake2b<16>(octets_of(key), {reinterpret_cast<const char*>(key_.data()), key_.size()});
  std::uint64_t numbers[2];
  static_assert(sizeof numbers == sizeof digest);
  std::memcpy(numbers, digest.data(), sizeof numbers);
  const auto area = area_of(key.kind);
  const auto set = area.first + numbers[0] % area.sets;
  return {std::span(entries_.get() + set * ways, ways), PenaltyWord(key.kind, numbers[1])};
}

/// The entry of the key. Processes that have made one at the same time may have made two.
PenaltyTable::Entry* PenaltyTable::find(const Place& place, PenaltyTime now) const {
  Entry* found = nullptr;
  for (Entry& entry : place.set)
    if (const auto word = entry.load(); word.has_key_of(place.word))
      if (found == nullptr || weight(word, now) > weight(found->load(), now))
        found = &entry;
  return found;
}

PenaltyTable::Entry& PenaltyTable::find_or_make_room(const Place& place, PenaltyTime now) {
  if (auto* const found = find(place, now))
    return *found;
  return *std::ranges::min_element(place.set, {},
                                   [now](const Entry& entry) { return weight(entry.load(), now); });
}

PenaltyTime PenaltyTable::wait(const PenaltyKey& key, PenaltyTime now) const {
  const auto* const entry = find(place_of(key), now);
  return entry == nullptr ? 0 : entry->load().wait(now);
}

unsigned PenaltyTable::level(const PenaltyKey& key, PenaltyTime now) const {
  const auto* const entry = find(place_of(key), now);
  return entry == nullptr ? 0 : entry->load().level(now);
}

PenaltyCharge PenaltyTable::charge(const PenaltyKey& key, unsigned quarters, PenaltyTime now) {
  if (quarters == 0)
    return {key, 0, wait(key, now)};
  const auto place = place_of(key);
  while (true) {
    Entry& entry = find_or_make_room(place, now);
    const auto seen = entry.load();
    const auto before = seen.has_key_of(place.word) ? seen : place.word;
    const auto after = before.charged(quarters, now);
    if (!entry.exchange(seen, after))
      continue; // another process was faster
    entry.show(key, now);
    return {key, quarters, before.wait(now), now, before.bits(), after.bits()};
  }
}

void PenaltyTable::refund(const PenaltyCharge& charge) {
  if (charge.quarters == 0)
    return;
  const auto place = place_of(charge.key);
  const PenaltyWord before(charge.before), after(charge.after);
  // Without a later charge also the time since the last failure is as it was.
  for (Entry& entry : place.set)
    if (entry.exchange(after, before))
      return;
  while (auto* const entry = find(place, charge.at)) {
    const auto word = entry->load();
    if (word.level(charge.at) == 0 ||
        entry->exchange(word, word.refunded(before, after, charge.at)))
      return;
  }
}

void PenaltyTable::count_stranger(const PenaltyKey& network, PenaltyTime now) {
  const auto charged = charge(strangers_key(), quarters_a_failure, now);
  if (strangers_are_many(PenaltyWord(charged.after).level(now)))
    charge(network, quarters_among_many, now);
}

void PenaltyTable::clear(const PenaltyKey& key) {
  const auto place = place_of(key);
  for (Entry& entry : place.set)
    if (entry.load().has_key_of(place.word))
      entry.clear();
}

void PenaltyTable::clear_all() {
  for (Entry& entry : std::span(entries_.get(), sets * ways))
    entry.clear();
}

std::vector<PenaltyEntry> PenaltyTable::list(PenaltyTime now) const {
  std::vector<PenaltyEntry> listed;
  for (const Entry& entry : std::span(entries_.get(), sets * ways)) {
    const auto word = entry.load();
    if (word.level(now) == 0)
      continue;
    const auto key = entry.key();
    const auto place = place_of(key);
    const bool fits = word.has_key_of(place.word) && place.set.data() <= &entry &&
                      &entry < place.set.data() + ways;
    if (fits)
      listed.push_back({key, word.level(now), word.wait(now), entry.since});
  }
  return listed;
}

} // namespace state

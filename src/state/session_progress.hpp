// SPDX-License-Identifier: ISC
// How far the sessions of a listener have come: one octet for each, in memory that the listener
// shares with the monitors, its children. The monitors write it, the listener reads it to choose a
// connection that gives way to another.
#pragma once

#include "base/unique_fd.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace state {

enum class Progress : std::uint8_t {
  none,      ///< No session has the octet.
  waiting,   ///< The client has not logged in, and the server waits for it.
  checking,  ///< A login is being checked: the client waits for the server.
  logged_in, ///< For good.
};

using SharedProgress = std::atomic<Progress>;
static_assert(SharedProgress::is_always_lock_free && sizeof(SharedProgress) == 1);

struct UnmapProgress {
  void operator()(SharedProgress* first) const noexcept;
};
/// The mapping of all octets.
using ProgressMapping = std::unique_ptr<SharedProgress, UnmapProgress>;

/// The octet of one session, in its monitor. Without a listener there is none, and nothing is done.
class ProgressMark {
 public:
  ProgressMark() = default;
  ProgressMark(ProgressMapping all, std::size_t place) : all_(std::move(all)), place_(place) {}

  /// Keeps the memory from processes that this one forks: an attacker who takes one of them over
  /// could have other sessions ended. Throws std::system_error.
  void hide_from_children();
  void set(Progress progress) noexcept;
  /// Sets logged_in and gives up the memory, which a keeper must not have.
  void finish() noexcept;

 private:
  ProgressMapping all_;
  std::size_t place_ = 0;
};

/// All octets, in the listener.
class ProgressTable {
 public:
  /// Whole pages with more places than a listener can have sessions: the greatest max-connections,
  /// and a hundred that are ending.
  static constexpr std::size_t places = 102'400;

  /// Takes the memory of a listener whose program has been started again in this process. Without a
  /// descriptor makes it; it has no name in any directory. Throws std::system_error, and
  /// std::runtime_error when the descriptor is something else.
  explicit ProgressTable(base::UniqueFd memory = {});

  /// The descriptor of the memory, close-on-exec.
  int fd() const { return memory_.get(); }

  /// A place that no session has; it is waiting then. When there is none, the last one, which
  /// several sessions share.
  std::size_t take();
  void give_back(std::size_t place) { all_.get()[place] = Progress::none; }
  Progress at(std::size_t place) const { return all_.get()[place]; }

  /// Runs in the child that becomes the monitor of the session with that place: leaves the mapping
  /// to the result.
  ProgressMark hand_over(std::size_t place) noexcept { return {std::move(all_), place}; }

 private:
  base::UniqueFd memory_;
  ProgressMapping all_;
};

} // namespace state

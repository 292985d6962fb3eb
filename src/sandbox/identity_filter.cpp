// SPDX-License-Identifier: ISC
#include "sandbox/identity_filter.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <linux/seccomp.h>
#include <span>
#include <sys/syscall.h>

namespace sandbox {

namespace {

/// A call whose first arguments are ids.
struct IdentityCall {
  std::uint32_t number;
  std::size_t ids;
  bool is_of_groups;

  constexpr std::size_t steps() const { return 3 * ids + 2; }
};

constexpr IdentityCall identity_calls[] = {{SYS_setresuid, 3, false}, // real, effective, saved
                                           {SYS_setresgid, 3, true},
                                           {SYS_setfsuid, 1, false},
                                           {SYS_setfsgid, 1, true}};

constexpr auto call_numbers = std::ranges::minmax(identity_calls, {}, &IdentityCall::number);

/// The steps that find the call come first.
constexpr std::size_t begin_of_checks = 3 + std::size(identity_calls) + 1;
constexpr std::size_t end_of_checks = [] {
  auto step = begin_of_checks;
  for (const auto& call : identity_calls)
    step += call.steps();
  return step;
}();
static_assert(end_of_checks == identity_filter_steps);

/// The lower 32 bits of an argument: the kernel ignores the others.
constexpr std::size_t offset_of_argument(std::size_t number) {
  return offsetof(seccomp_data, args) + number * sizeof(std::uint64_t) +
         (std::endian::native == std::endian::big ? sizeof(std::uint32_t) : 0);
}

/// Writes steps one after the other, with jumps to steps that are yet to be written.
class FilterWriter {
 public:
  explicit FilterWriter(std::span<sock_filter> steps) : steps_(steps) {}

  void load(std::size_t offset) {
    put(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
  }
  /// `test` is BPF_JEQ, BPF_JGE or BPF_JGT.
  void jump_if(unsigned test, std::uint32_t value, std::size_t if_true, std::size_t if_false) {
    put(BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | BPF_K | test), value, distance(if_true),
                 distance(if_false)));
  }
  void jump(std::size_t to) { put(BPF_STMT(BPF_JMP | BPF_JA, distance(to))); }
  void kill() { put(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)); }
  std::size_t next() const { return next_; }

 private:
  void put(sock_filter step) { steps_[next_++] = step; }
  std::uint8_t distance(std::size_t to) const { return static_cast<std::uint8_t>(to - next_ - 1); }

  std::span<sock_filter> steps_;
  std::size_t next_ = 0;
};

/// Goes on behind all checks when each id is `exception` or from `least` on.
void check_ids(FilterWriter& filter, const IdentityCall& call, std::uint32_t least,
               std::uint32_t exception) {
  const auto deadly = filter.next() + call.steps() - 1;
  for (std::size_t number = 0; number < call.ids; ++number) {
    filter.load(offset_of_argument(number));
    const auto good = filter.next() + 2;
    filter.jump_if(BPF_JGE, least, good, filter.next() + 1);
    filter.jump_if(BPF_JEQ, exception, good, deadly);
  }
  filter.jump(end_of_checks);
  filter.kill();
}

} // namespace

std::array<sock_filter, identity_filter_steps>
identity_filter(const PermittedIdentities& permitted) {
  std::array<sock_filter, identity_filter_steps> steps{};
  FilterWriter filter(steps);
  filter.load(offsetof(seccomp_data, nr));
  // The kernel runs the filter once for each number of a call when it is installed.
  filter.jump_if(BPF_JGE, call_numbers.min.number, filter.next() + 1, end_of_checks);
  filter.jump_if(BPF_JGT, call_numbers.max.number, end_of_checks, filter.next() + 1);
  auto check = begin_of_checks;
  for (const auto& call : identity_calls) {
    filter.jump_if(BPF_JEQ, call.number, check, filter.next() + 1);
    check += call.steps();
  }
  filter.jump(end_of_checks);
  for (const auto& call : identity_calls)
    if (call.is_of_groups)
      check_ids(filter, call, permitted.least_gid, permitted.front.gid);
    else
      check_ids(filter, call, permitted.least_uid, permitted.front.uid);
  return steps;
}

} // namespace sandbox

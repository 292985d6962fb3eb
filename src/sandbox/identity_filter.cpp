// SPDX-License-Identifier: ISC
#include "sandbox/identity_filter.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <linux/seccomp.h>
#include <span>
#include <sys/syscall.h>

namespace sandbox {

namespace {

constexpr std::size_t ids_of_call = 3; // real, effective, saved
constexpr std::size_t steps_of_check = 3 * ids_of_call + 2;
constexpr std::size_t uid_check = 4, gid_check = uid_check + steps_of_check,
                      end = gid_check + steps_of_check;
static_assert(end == identity_filter_steps);

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
  /// `test` is BPF_JEQ or BPF_JGE.
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
void check_ids(FilterWriter& filter, std::uint32_t least, std::uint32_t exception) {
  const auto deadly = filter.next() + steps_of_check - 1;
  for (std::size_t number = 0; number < ids_of_call; ++number) {
    filter.load(offset_of_argument(number));
    const auto good = filter.next() + 2;
    filter.jump_if(BPF_JGE, least, good, filter.next() + 1);
    filter.jump_if(BPF_JEQ, exception, good, deadly);
  }
  filter.jump(end);
  filter.kill();
}

} // namespace

std::array<sock_filter, identity_filter_steps>
identity_filter(const PermittedIdentities& permitted) {
  std::array<sock_filter, identity_filter_steps> steps{};
  FilterWriter filter(steps);
  filter.load(offsetof(seccomp_data, nr));
  filter.jump_if(BPF_JEQ, SYS_setresuid, uid_check, filter.next() + 1);
  filter.jump_if(BPF_JEQ, SYS_setresgid, gid_check, filter.next() + 1);
  filter.jump(end);
  check_ids(filter, permitted.least_uid, permitted.front.uid);
  check_ids(filter, permitted.least_gid, permitted.front.gid);
  return steps;
}

} // namespace sandbox

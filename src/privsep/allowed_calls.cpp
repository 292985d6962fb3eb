// SPDX-License-Identifier: ISC
#include "privsep/allowed_calls.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>

namespace privsep {

namespace {

constexpr std::uint64_t every_bit = ~std::uint64_t{0};
constexpr AllowedCall no_code = {"mmap", 2, PROT_EXEC, 0};
// The first exception that is thrown ends a pthread_once(3).
constexpr AllowedCall wake_only = {"futex", 1, every_bit, FUTEX_WAKE_PRIVATE};
constexpr AllowedCall lock_only = {"fcntl", 1, every_bit, F_OFD_SETLK};

// clang-format off
// At most 20. Nothing here can name a file, a process or an address.
constexpr AllowedCall front_calls[] = {
    {"read"},
    {"write"},
    {"sendto", 4, every_bit, 0}, // to whom the socket is connected
    {"poll"},
    {"ppoll"},
    {"shutdown"},
    {"recvmsg"}, // the channel
    {"sendmsg"},
    {"fstat"}, // has a message changed while it was sent?
    {"close"},
    no_code,
    {"munmap"},
    {"mremap"},
    {"madvise"},
    {"brk"},
    wake_only,
    {"clock_gettime"}, // where the kernel offers it no other way
    {"restart_syscall"},
    {"rt_sigreturn"},
    {"exit_group"},
};

constexpr AllowedCall verifier_calls[] = {
    {"read"},
    {"pread64"},
    {"lseek"},
    lock_only,
    {"clock_nanosleep"},
    {"getrandom"},
    {"write"}, // the verdict, the log
    {"getpid"},
    {"close"},
    no_code,
    {"munmap"},
    {"mremap"},
    {"madvise"},
    {"brk"},
    wake_only,
    {"clock_gettime"},
    {"restart_syscall"},
    {"rt_sigreturn"},
    {"exit_group"},
};

// At most 35. What openat reaches is Landlock's business.
constexpr AllowedCall keeper_calls[] = {
    {"openat"},
    {"newfstatat"},
    {"fstat"},
    {"fcntl", 1, every_bit, F_GETFL}, // fdopendir(3)
    {"fcntl", 1, every_bit, F_SETFD},
    lock_only, // the lock file
    {"getdents64"},
    {"read"},
    {"lseek"},
    {"pread64"},
    {"pwrite64"},
    {"flock"},
    {"clock_nanosleep"},
    {"unlinkat"}, // UPDATE
    {"renameat2"},
    {"linkat"},
    {"fsync"},
    {"rt_sigprocmask"}, // no signal in the middle of it
    {"recvmsg"},        // the channel
    {"sendmsg"},
    {"wait4"}, // the front
    {"write"}, // the log
    {"getpid"},
    {"close"},
    no_code,
    {"munmap"},
    {"mremap"},
    {"madvise"},
    {"brk"},
    wake_only,
    {"clock_gettime"},
    {"restart_syscall"},
    {"rt_sigreturn"},
    {"exit_group"},
};
// clang-format on

} // namespace

std::span<const AllowedCall> allowed_calls(Role role) {
  switch (role) {
  case Role::front: return front_calls;
  case Role::verifier: return verifier_calls;
  case Role::keeper: break;
  }
  return keeper_calls;
}

} // namespace privsep

// SPDX-License-Identifier: ISC
#include "sandbox/allowed_calls.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>

namespace sandbox {

namespace {

constexpr Condition equals(unsigned argument, std::uint64_t value) {
  return {argument, ~std::uint64_t{0}, value};
}

/// For an argument of 32 bits, of which the kernel ignores the others.
constexpr Condition is(unsigned argument, std::uint32_t value) {
  return {argument, ~std::uint32_t{0}, value};
}

/// None but these bits of an argument of 32 bits.
constexpr Condition at_most(unsigned argument, std::uint32_t bits) {
  return {argument, std::uint32_t{~bits}, 0};
}

constexpr Condition no_code(unsigned argument) {
  return {argument, PROT_EXEC, 0};
}

constexpr unsigned receiving = MSG_CMSG_CLOEXEC | MSG_PEEK | MSG_DONTWAIT;
// No threads, and no namespaces, in which a process could be root again.
constexpr std::uint64_t flags_of_fork =
    CSIGNAL | CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_PARENT_SETTID;

// clang-format off
// None of these calls can name a file, a process or an address.
constexpr AllowedCall common_calls[] = {
    {"read"},
    {"write"},
    {"close"},
    {"mmap", {no_code(2)}},
    {"munmap"},
    {"mremap"},
    {"madvise"},
    {"brk"},
    // The first exception that is thrown completes a pthread_once(3), which wakes a futex.
    {"futex", {is(1, FUTEX_WAKE_PRIVATE)}},
    {"clock_gettime"}, // where vdso(7) does not offer it
    {"restart_syscall"},
    {"rt_sigreturn"},
    {"exit_group"},
};

// With the common calls at most 20. None of them can name a file, a process or an address.
constexpr AllowedCall own_front_calls[] = {
    {"sendto", {is(0, 1), at_most(3, MSG_DONTWAIT | MSG_NOSIGNAL), equals(4, 0)}}, // the client
#ifdef SYS_poll
    {"poll"},
#else
    {"ppoll"},
#endif
    {"shutdown", {is(0, 1), is(1, SHUT_WR)}}, // the client
    {"recvmsg", {at_most(2, receiving)}}, // the channel
    {"sendmsg", {at_most(2, MSG_NOSIGNAL)}},
    {"fstat"}, // finds messages that change while they are sent
    {"setitimer", {is(0, ITIMER_REAL)}}, // ends a front whose file hangs
};

constexpr AllowedCall own_verifier_calls[] = {
    {"getrandom"}, // the salt of a new hash
};

// With the common calls at most 35. Landlock limits the files that openat can open. None of them
// takes a lock: the keeper holds descriptors of files in which it could lock what is other users'.
constexpr AllowedCall own_keeper_calls[] = {
    {"openat"},
    {"newfstatat"},
    {"fstat"},
    {"statx"}, // when a file was made
    {"getdents64"},
    {"fadvise64"}, // the next messages
    {"lseek"},
    {"pread64"},
    {"pwrite64"},
    {"clock_nanosleep"},
    {"unlinkat"}, // UPDATE
    {"renameat2"},
    {"linkat"},
    {"fsync"},
    {"rt_sigprocmask"}, // blocks signals during UPDATE
    {"recvmsg", {at_most(2, receiving)}}, // the channel
    {"sendmsg", {at_most(2, MSG_NOSIGNAL)}},
    {"fcntl", {is(1, F_OFD_GETLK)}}, // whether another session waits for the maildrop
    {"poll"}, // whether the log takes a line
    {"ppoll"},
    {"wait4"}, // the front
    {"getpid"},
};

// Calls of the accept loop, and of its children before they enter their own sandboxes, that no table
// above has. The children's filters are added to the listener's, which lets no process run a program,
// read another process, mount or load anything, or make an internet socket.
constexpr AllowedCall own_listener_calls[] = {
    {"accept4"}, // the loop
    {"close_range"},
    {"kill"}, // sessions, at shutdown; a verifier, by the monitor
    {"clone", {{{0, ~flags_of_fork, 0}}}}, // fork(2)
    {"set_robust_list"},
    {"rseq"},
    {"gettid"},
    {"dup2"},
    {"dup3"},
    {"fcntl"},
    {"flock"},
    {"recvmsg", {is(2, MSG_TRUNC)}}, // the answer of a verifier
    {"sendto", {at_most(3, MSG_DONTWAIT | MSG_NOSIGNAL), equals(4, 0)}}, // refusals; notifier
    {"ioctl", {is(1, TCGETS)}}, // isatty(3)
    {"getsockopt"},
    {"setsockopt"},
    {"getpeername"},
    {"getsockname"},
    {"socketpair", {is(0, AF_UNIX)}}, // the channel
    {"socket", {is(0, AF_UNIX)}}, // syslog
    {"connect"},
    {"pipe2"},
    {"open"}, // configuration, accounts, users, the log
    {"access"},
    {"faccessat"},
    {"faccessat2"},
    {"stat"},
    {"readlink"},
    {"mkdir"},
    {"mkdirat"},
    {"chmod"},
    {"fchmodat"},
    {"fchmod"},
    {"fchown"}, // a new users file that replaces the old one
    {"flistxattr"},
    {"fgetxattr"}, // whether an access control list lets a user read the users file
    {"fsetxattr"},
    {"fremovexattr"},
    {"unlink"},
    {"rename"},
    {"renameat"},
    {"readv"},
    {"writev"},
    {"ftruncate"},
    {"fdatasync"},
    {"fchdir"}, // entering a sandbox
    {"chroot"},
    {"setgroups", {is(0, 1)}},
    {"setfsgid"}, // all four only to permitted identities, see harden_listener()
    {"setfsuid"},
    {"setresgid"},
    {"setresuid"},
    {"getuid"},
    {"geteuid"},
    {"getgid"},
    {"getegid"},
    {"getresuid"},
    {"getresgid"},
    {"getppid"},
    {"capget"},
    {"capset"},
    {"prctl"},
    {"getrlimit"},
    {"setrlimit"},
    {"prlimit64"},
    {"seccomp"},
    {"landlock_create_ruleset"},
    {"landlock_add_rule"},
    {"landlock_restrict_self"},
    {"rt_sigaction"},
    {"setitimer"}, // ends the wait for a turnstile
    {"tgkill"}, // abort(3)
    {"uname"}, // gethostname(3)
    {"sched_getaffinity"}, // processors
    {"sysinfo"},
    {"mlock"},
    {"munlock"},
    {"mprotect", {no_code(2)}},
    {"futex"},
    {"clock_getres"},
    {"nanosleep"},
    {"exit"},
    {"arch_prctl"}, // the start of a program
    {"set_tid_address"},
    {"umask"},
    {"chdir"},
    {"signalfd4"},
    {"getsockname"},
};
// clang-format on

template <std::size_t... Sizes> constexpr auto joined(const AllowedCall (&... tables)[Sizes]) {
  std::array<AllowedCall, (Sizes + ...)> all{};
  auto end = all.begin();
  ((end = std::copy(std::begin(tables), std::end(tables), end)), ...);
  return all;
}

constexpr auto front_calls = joined(common_calls, own_front_calls);
constexpr auto verifier_calls = joined(common_calls, own_verifier_calls);
constexpr auto keeper_calls = joined(common_calls, own_keeper_calls);
/// Includes the children's calls, as a call must pass the listener's and the child's own filter.
constexpr auto listener_calls =
    joined(common_calls, own_front_calls, own_verifier_calls, own_keeper_calls, own_listener_calls);

} // namespace

std::span<const AllowedCall> allowed_calls(Role role) {
  switch (role) {
  case Role::front: return front_calls;
  case Role::verifier: return verifier_calls;
  case Role::keeper: return keeper_calls;
  case Role::listener: break;
  }
  return listener_calls;
}

} // namespace sandbox

// SPDX-License-Identifier: ISC
// Confines itself as a role and then does what the role must not do. The tests read its output.
#include "base/system_error.hpp"
#include "sandbox/identity.hpp"
#include "sandbox/restart_key.hpp"
#include "sandbox/sandbox.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <map>
#include <seccomp.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using sandbox::Role;

constexpr unsigned patience = 60; // seconds until SIGALRM ends a call that should have been fatal

Role role_named(const std::string& name) {
  const std::map<std::string, Role> roles{
      {"front", Role::front}, {"keeper", Role::keeper}, {"verifier", Role::verifier}};
  return roles.at(name);
}

/// Confines this process like `role` for good. Root first becomes the owner of the Maildir.
void confine_as(const std::string& role, const char* maildir) {
  const int fd = base::check(open(maildir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), maildir);
  struct stat facts {};
  base::check(fstat(fd, &facts), "fstat");
  if (geteuid() == 0)
    sandbox::become({facts.st_uid, facts.st_gid});
  if (role == "listener" || role == "session")
    sandbox::harden_listener({}); // it is not root any more
  if (role == "session")
    sandbox::forget_restart_key();
  else if (role != "listener")
    sandbox::confine(role_named(role), role == "keeper" ? fd : -1);
}

/// The outcome of `action` in a process of its own.
std::string outcome_of(const std::function<void()>& action) {
  std::fflush(stdout);
  const pid_t child = base::check(fork(), "fork");
  if (child == 0) {
    alarm(patience);
    action();
    _exit(0);
  }
  int status = 0;
  base::check(waitpid(child, &status, 0), "waitpid");
  if (!WIFSIGNALED(status))
    return "exit " + std::to_string(WEXITSTATUS(status));
  return WTERMSIG(status) == SIGSYS ? "SIGSYS" : "signal " + std::to_string(WTERMSIG(status));
}

/// Ends with the error number of a call, 0 for success.
[[noreturn]] void end_with(long result) {
  const int error = errno;
  syscall(SYS_exit_group, result < 0 ? error : 0);
  std::abort();
}

void call_by_number(long number) {
  syscall(number, 0, 0, 0, 0, 0, 0);
  end_with(0);
}

/// Prints number and outcome of every system call that is named by its number.
int sweep(const std::string& role, const char* maildir, int count, char** numbers) {
  for (int i = 0; i < count; ++i) {
    const auto outcome = outcome_of([&] {
      confine_as(role, maildir);
      call_by_number(std::atol(numbers[i]));
    });
    std::printf("%s %s\n", numbers[i], outcome.c_str());
  }
  return 0;
}

int resolve(int count, char** names) {
  for (int i = 0; i < count; ++i)
    std::printf("%s %d\n", names[i], seccomp_syscall_resolve_name(names[i]));
  return 0;
}

long map(int protection) {
  const long result =
      syscall(SYS_mmap, nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return result;
}

#ifdef __x86_64__
/// Calls getpid(2) of i386, where numbers differ, so that no filter for x86-64 would fit.
long call_of_i386() {
  long result = 20; // getpid
  asm volatile("int $0x80" : "+a"(result) : : "memory");
  return result;
}
#endif

int attempt(const std::string& role, const char* maildir, const std::string& what,
            const char* first, const char* second) {
  using Action = std::function<long()>;
  const std::map<std::string, Action> actions{
      {"read-file", [&] { return syscall(SYS_openat, AT_FDCWD, first, O_RDONLY); }},
      {"write-file", [&] { return syscall(SYS_openat, AT_FDCWD, first, O_WRONLY); }},
      {"create-file",
       [&] { return syscall(SYS_openat, AT_FDCWD, first, O_WRONLY | O_CREAT, 0600); }},
      {"list", [&] { return syscall(SYS_openat, AT_FDCWD, first, O_RDONLY | O_DIRECTORY); }},
      {"remove", [&] { return syscall(SYS_unlinkat, AT_FDCWD, first, 0); }},
      {"rename", [&] { return syscall(SYS_renameat2, AT_FDCWD, first, AT_FDCWD, second, 0); }},
      {"link", [&] { return syscall(SYS_linkat, AT_FDCWD, first, AT_FDCWD, second, 0); }},
      {"map-memory", [] { return map(PROT_READ | PROT_WRITE); }},
      {"map-code", [] { return map(PROT_READ | PROT_EXEC); }},
      {"map-writable-code", [] { return map(PROT_READ | PROT_WRITE | PROT_EXEC); }},
      {"futex-wait", [] { return syscall(SYS_futex, nullptr, 0, 0, nullptr); }},
      {"duplicate", [] { return syscall(SYS_fcntl, 0, F_DUPFD, 3); }},
      {"run-nothing-with-key",
       [] { return syscall(SYS_execve, "/", nullptr, nullptr, 0, 0, sandbox::restart_key); }},
      {"x32-getpid", [] { return syscall(0x40000000L + SYS_getpid); }},
#ifdef __x86_64__
      {"i386-getpid", call_of_i386},
#endif
  };
  const auto& action = actions.at(what);
  const auto outcome = outcome_of([&] {
    confine_as(role, maildir);
    end_with(action());
  });
  std::printf("%s\n", outcome.c_str());
  return 0;
}

} // namespace

/// resolve NAME... | sweep ROLE MAILDIR NUMBER... | attempt ROLE MAILDIR WHAT [PATH [PATH]]
int main(int argc, char** argv) {
  const std::string task = argc > 1 ? argv[1] : "";
  if (task == "resolve")
    return resolve(argc - 2, argv + 2);
  if (task == "sweep" && argc >= 4)
    return sweep(argv[2], argv[3], argc - 4, argv + 4);
  if (task == "attempt" && argc >= 5)
    return attempt(argv[2], argv[3], argv[4], argc > 5 ? argv[5] : "", argc > 6 ? argv[6] : "");
  return 64;
}

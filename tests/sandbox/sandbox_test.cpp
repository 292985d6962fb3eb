// SPDX-License-Identifier: ISC
// The limits of each role's sandbox, tried from inside.
#include "sandbox/sandbox.hpp"

#include "configuration_paths.hpp"
#include "support/child.hpp"
#include "support/scratch_dir.hpp"
#include "support/scratch_maildir.hpp"

#include <cerrno>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <ostream>
#include <set>
#include <string_view>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace sandbox;
using support::ScratchMaildir;

namespace {

constexpr Role roles[] = {Role::front, Role::verifier, Role::keeper};

/// The status of a child that is confined and then makes one system call.
template <class Call> int confined(Role role, const Call& call, int maildir = -1) {
  return support::Child([&] {
           const bool has_landlock = confine(role, maildir);
           return call(has_landlock);
         })
      .wait();
}

bool died(int status) {
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

/// True when `call` kills the process, and in a build with sanitizers, which has no filter.
template <class Call> bool is_deadly(Role role, const Call& call) {
  const int status = confined(role, [&](bool) {
    if (SODAPOP_SANITIZED)
      return 77;
    call();
    return 0;
  });
  return died(status) || (WIFEXITED(status) && WEXITSTATUS(status) == 77);
}

struct Forbidden {
  const char* name;
  long number;
};
constexpr Forbidden forbidden_to_all[] = {
    {"socket", SYS_socket},
    {"connect", SYS_connect},
    {"bind", SYS_bind},
    {"execve", SYS_execve},
    {"execveat", SYS_execveat},
    {"clone", SYS_clone},
    {"clone3", SYS_clone3},
    {"ptrace", SYS_ptrace},
    {"process_vm_readv", SYS_process_vm_readv},
    {"kill", SYS_kill},
    {"tgkill", SYS_tgkill},
    {"setresuid", SYS_setresuid},
    {"prctl", SYS_prctl},
    {"mprotect", SYS_mprotect},
    {"io_uring_setup", SYS_io_uring_setup},
    {"bpf", SYS_bpf},
    {"keyctl", SYS_keyctl},
    {"memfd_create", SYS_memfd_create},
    {"ioctl", SYS_ioctl},
    {"dup", SYS_dup},
    {"mount", SYS_mount},
    {"chroot", SYS_chroot},
    {"fchmod", SYS_fchmod},
    {"open_by_handle_at", SYS_open_by_handle_at},
    {"pidfd_open", SYS_pidfd_open},
};

} // namespace

TEST_CASE("the lists of allowed calls are short, and name nothing that reaches out") {
  CHECK(allowed_calls(Role::front).size() <= 20);
  CHECK(allowed_calls(Role::keeper).size() <= 35);
  for (const auto role : roles)
    for (const auto& call : allowed_calls(role))
      for (const auto& forbidden : forbidden_to_all)
        CHECK(std::string_view(call.name) != forbidden.name);
  for (const auto role : {Role::front, Role::verifier})
    for (const auto& call : allowed_calls(role))
      for (const std::string_view name : {"open", "openat", "openat2", "creat", "unlink"})
        CHECK(call.name != name);
}

TEST_CASE("every forbidden system call kills every role") {
  for (const auto role : roles)
    for (const auto& call : forbidden_to_all) {
      CAPTURE(call.name);
      CAPTURE(static_cast<int>(role));
      CHECK(is_deadly(role, [&] { syscall(call.number, 0, 0, 0, 0, 0, 0); }));
    }
}

TEST_CASE("front and verifier open no file") {
  for (const auto role : {Role::front, Role::verifier})
    CHECK(is_deadly(role, [] { syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY); }));
}

TEST_CASE("no role maps memory that can be executed") {
  for (const auto role : roles) {
    CHECK(is_deadly(role, [] {
      syscall(SYS_mmap, nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }));
    const int plain = confined(role, [](bool) {
      return mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
                     MAP_FAILED
                 ? 1
                 : 0;
    });
    CHECK(plain == 0);
  }
}

TEST_CASE("a keeper takes no lock, so that it keeps no other user out of a slot") {
  for (const int command : {F_OFD_SETLK, F_OFD_SETLKW, F_SETLK, F_DUPFD})
    CHECK(is_deadly(Role::keeper, [&] {
      struct flock lock {};
      lock.l_type = F_RDLCK;
      fcntl(0, command, &lock);
    }));
  CHECK(is_deadly(Role::keeper, [] { flock(0, LOCK_SH | LOCK_NB); }));
}

TEST_CASE("a keeper may ask whether another session waits") {
  const auto ask = [] {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    fcntl(0, F_OFD_GETLK, &lock);
  };
  const int plain = confined(Role::keeper, [&](bool) {
    ask();
    return 0;
  });
  CHECK(plain == 0);
  for (const auto role : {Role::front, Role::verifier})
    CHECK(is_deadly(role, ask));
}

TEST_CASE("messages are sent and received with few flags") {
  const auto send_with = [](int flags) {
    return [=] { syscall(SYS_sendmsg, -1, nullptr, flags); };
  };
  const auto take_with = [](int flags) {
    return [=] { syscall(SYS_recvmsg, -1, nullptr, flags); };
  };
  for (const auto role : {Role::front, Role::keeper}) {
    for (const int flags : {int{MSG_OOB}, int{MSG_DONTROUTE}, int{MSG_FASTOPEN}, -1})
      CHECK(is_deadly(role, send_with(flags)));
    for (const int flags : {int{MSG_OOB}, int{MSG_ERRQUEUE}, int{MSG_WAITALL}, -1})
      CHECK(is_deadly(role, take_with(flags)));
    const int plain = confined(role, [&](bool) {
      for (const int flags : {0, int{MSG_NOSIGNAL}})
        send_with(flags)();
      for (const int flags : {0, int{MSG_CMSG_CLOEXEC}, MSG_PEEK | MSG_DONTWAIT})
        take_with(flags)();
      return 0;
    });
    CHECK(plain == 0);
  }
}

TEST_CASE("a front sends to its client alone, and ends only its own side of the connection") {
  const auto send_to = [](int fd, int flags, long address) {
    return [=] { syscall(SYS_sendto, fd, nullptr, 0, flags, address, 0); };
  };
  CHECK(is_deadly(Role::front, send_to(2, 0, 0)));
  CHECK(is_deadly(Role::front, send_to(1, MSG_OOB, 0)));
  CHECK(is_deadly(Role::front, send_to(1, 0, 4096)));
  CHECK(is_deadly(Role::front, [] { shutdown(1, SHUT_RD); }));
  CHECK(is_deadly(Role::front, [] { shutdown(2, SHUT_WR); }));
  const int plain = confined(Role::front, [&](bool) {
    send_to(1, MSG_DONTWAIT | MSG_NOSIGNAL, 0)();
    shutdown(1, SHUT_WR);
    return 0;
  });
  CHECK(plain == 0);
}

TEST_CASE("no file gets longer than the role needs") {
  const support::ScratchDir dir;
  const auto longest = [&](Role role, rlim_t most) {
    const base::UniqueFd fd(open(dir.path("file").c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600));
    return support::Child([&] {
             signal(SIGXFSZ, SIG_IGN);
             confine(role, -1, config::Settings::Sandbox::tolerate, {.file_octets = most});
             int size = 0;
             while (size < 10 && write(fd.get(), "x", 1) == 1)
               ++size;
             return size;
           })
        .exit_status();
  };
  CHECK(longest(Role::verifier, 0) == 0);
  CHECK(longest(Role::keeper, 0) == 0);
  CHECK(longest(Role::keeper, 7) == 7);
}

TEST_CASE("a process of each role has an hour of processor time, or less from a service manager") {
  int there[2], back[2];
  REQUIRE(pipe2(there, O_CLOEXEC) == 0);
  REQUIRE(pipe2(back, O_CLOEXEC) == 0);
  for (const auto role : roles)
    for (const rlim_t given : {rlim_t{3600}, rlim_t{1200}}) {
      char octet = 'x';
      support::Child child([&] {
        const rlimit time{given, given == 3600 ? RLIM_INFINITY : given};
        setrlimit(RLIMIT_CPU, &time);
        confine(role);
        return write(there[1], &octet, 1) == 1 && read(back[0], &octet, 1) == 1 ? 0 : 1;
      });
      REQUIRE(read(there[0], &octet, 1) == 1);
      rlimit now{};
      REQUIRE(prlimit(child.pid(), RLIMIT_CPU, nullptr, &now) == 0);
      CHECK(now.rlim_cur == given);
      CHECK(now.rlim_max == given);
    }
}

TEST_CASE("a process is killed at the end of its processor time") {
  support::Child child([] {
    const rlimit second{1, 1};
    setrlimit(RLIMIT_CPU, &second);
    confine(Role::keeper);
    const volatile bool goes_on = true;
    while (goes_on) {
    }
    return 0;
  });
  const int status = child.wait();
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGKILL);
}

TEST_CASE("a process of each role gets no more memory than it needs") {
  if (SODAPOP_SANITIZED) {
    support::skipped("a sanitizer needs terabytes");
    return;
  }
  const auto can_map = [](Role role, std::size_t mebibytes, rlim_t hash_octets) {
    return support::Child([&] {
             confine(role, -1, config::Settings::Sandbox::tolerate, {.hash_octets = hash_octets});
             return mmap(nullptr, mebibytes << 20, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED;
           }).exit_status() == 1;
  };
  CHECK(can_map(Role::front, 200, 0));
  CHECK_FALSE(can_map(Role::front, 256, 0));
  CHECK(can_map(Role::keeper, 1990, 0));
  CHECK_FALSE(can_map(Role::keeper, 2048, 0));
  CHECK(can_map(Role::verifier, 200, 0));
  CHECK_FALSE(can_map(Role::verifier, 256, 0));
  CHECK(can_map(Role::verifier, 256, rlim_t{64} << 20));
  CHECK_FALSE(can_map(Role::verifier, 256 + 64, rlim_t{64} << 20));
}

TEST_CASE("a keeper reaches its Maildir and no other file") {
  const ScratchMaildir mail, other;
  mail.put("new/1.a");
  other.put("new/2.b");
  const auto root = mail.root();
  const auto outside = other.path("new/2.b"), inside = mail.path("new/1.a");
  const int status = confined(
      Role::keeper,
      [&](bool has_landlock) {
        if (!has_landlock)
          return 77;
        const auto refused = [](int folder, const char* path, int flags) {
          return openat(folder, path, flags, 0600) < 0 && errno == EACCES;
        };
        const auto opens = [](int folder, const char* path) {
          return openat(folder, path, O_RDONLY) >= 0;
        };
        const bool all = opens(root.get(), "new/1.a") && opens(AT_FDCWD, inside.c_str()) &&
                         refused(AT_FDCWD, outside.c_str(), O_RDONLY) &&
                         refused(root.get(), "..", O_RDONLY | O_DIRECTORY) &&
                         refused(AT_FDCWD, "/etc/passwd", O_RDONLY) &&
                         refused(AT_FDCWD, "/proc/self/status", O_RDONLY) &&
                         refused(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY) &&
                         refused(AT_FDCWD, "/tmp/sodapop-test-made", O_WRONLY | O_CREAT);
        return all ? 0 : 1;
      },
      root.get());
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77)
    support::skipped("this kernel has no Landlock");
  else
    CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("limits are set, and every role is closed to debuggers and new privileges") {
  for (const auto role : roles) {
    int ends[2], stay[2];
    REQUIRE(pipe(ends) == 0);
    REQUIRE(pipe(stay) == 0);
    const support::Child child([&] {
      confine(role);
      char end = 0;
      return write(ends[1], "x", 1) == 1 && read(stay[0], &end, 1) >= 0 ? 0 : 1;
    });
    char letter = 0;
    REQUIRE(read(ends[0], &letter, 1) == 1);
    rlimit descriptors{}, processes{}, core{};
    if (prlimit(child.pid(), RLIMIT_NOFILE, nullptr, &descriptors) == 0) {
      CHECK(descriptors.rlim_max <= (role == Role::front ? 16 : role == Role::keeper ? 4096 : 32));
      CHECK(prlimit(child.pid(), RLIMIT_NPROC, nullptr, &processes) == 0);
      CHECK(processes.rlim_max == 0);
      CHECK(prlimit(child.pid(), RLIMIT_CORE, nullptr, &core) == 0);
      CHECK(core.rlim_max == 0);
    }
    const auto path = "/proc/" + std::to_string(child.pid()) + "/status";
    std::ifstream file(path);
    const std::string status{std::istreambuf_iterator<char>(file), {}};
    CHECK(status.find("NoNewPrivs:\t1") != status.npos);
    for (const int fd : {ends[0], ends[1], stay[0], stay[1]})
      close(fd);
  }
}

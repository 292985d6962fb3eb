// SPDX-License-Identifier: ISC
// processes BASE ROOT UID [PORT]: plays the dialogue of floor up to STAT in the processes of
// sodapopd, with its sandboxes and changes of identity, and without anything else that a server
// needs. Its cost above that of floor is the cost of privilege separation alone. BASE is as for
// floor, ROOT an empty directory, UID the uid that the keeper takes. With PORT it listens there on
// 127.0.0.1 and forks no verifier: the own accept loop and a proof that needs none. Run it as root.
// Never serve mail with it.
#include "sandbox/identity.hpp"
#include "sandbox/sandbox.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using sandbox::Role;

constexpr base::Identity nobody{65534, 65534};

void confine_as(const char* root, Role role) {
  sandbox::enter_empty_root(root);
  sandbox::become(nobody);
  sandbox::confine(role);
}

void put(int fd, std::string_view text) {
  if (write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    _exit(1);
}

/// The text of one read without its line end. Ends the process when nothing comes.
std::string_view take(int fd) {
  static std::array<char, 512> block;
  const auto size = read(fd, block.data(), block.size());
  if (size <= 0)
    _exit(0);
  const std::string_view text(block.data(), static_cast<size_t>(size));
  return text.substr(0, text.find_last_not_of("\r\n") + 1);
}

/// The answer of the other process.
std::string_view ask(int channel, std::string_view question) {
  put(channel, question);
  return take(channel);
}

[[noreturn]] void be_front(int channel, const char* root) {
  confine_as(root, Role::front);
  put(1, "+OK\r\n");
  std::string user;
  for (;;) {
    const auto line = take(0);
    if (line.starts_with("USER "))
      user = line.substr(5);
    else if (line.starts_with("PASS "))
      ask(channel, user);
    else if (line.starts_with("STAT")) {
      put(1, std::string("+OK ").append(ask(channel, "stat")).append("\r\n"));
      continue;
    }
    put(1, "+OK\r\n");
    if (line.starts_with("QUIT"))
      _exit(0);
  }
}

void verify(const char* root) {
  int ends[2];
  const bool made = pipe2(ends, O_CLOEXEC) == 0;
  const pid_t child = made ? fork() : -1;
  if (child == 0) {
    confine_as(root, Role::verifier);
    put(ends[1], "yes");
    _exit(0);
  }
  if (child < 0 || take(ends[0]) != "yes" || waitpid(child, nullptr, 0) != child)
    _exit(1);
}

/// The number of messages and their octets.
std::string listed(DIR* directory) {
  long count = 0, octets = 0;
  struct stat facts;
  while (const dirent* entry = directory == nullptr ? nullptr : readdir(directory))
    if (entry->d_name[0] != '.' && fstatat(dirfd(directory), entry->d_name, &facts, 0) == 0) {
      ++count;
      octets += facts.st_size;
    }
  return std::to_string(count) + " " + std::to_string(octets);
}

void keep(int channel, const std::string& maildir, uid_t uid) {
  sandbox::become({uid, uid});
  const int root = open(maildir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // The filter does not have what fdopendir(3) calls.
  DIR* directory = fdopendir(openat(root, "cur", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  sandbox::confine(Role::keeper, root);
  put(channel, "granted");
  take(channel);
  put(channel, listed(directory));
}

/// One connection, on descriptors 0 and 1.
int serve(char** argv, bool has_verifier) {
  int channel[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) != 0)
    return 1;
  const int on = 1;
  setsockopt(1, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const pid_t front = fork();
  if (front == 0)
    be_front(channel[1], argv[2]);
  for (const int fd : {channel[1], 0, 1})
    close(fd);
  const std::string user(take(channel[0]));
  if (has_verifier)
    verify(argv[2]);
  keep(channel[0], std::string(argv[1]) + "/" + user + "/Maildir",
       static_cast<uid_t>(std::strtoul(argv[3], nullptr, 10)));
  waitpid(front, nullptr, 0);
  return 0;
}

int listen_on(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool listens = bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                       listen(fd, SOMAXCONN) == 0;
  return listens ? fd : -1;
}

/// Forks a process for each connection, and forgets it when it ends.
void accept_all(int listener, char** argv) {
  signal(SIGCHLD, SIG_IGN);
  for (int fd = 0; (fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)) >= 0; close(fd))
    if (fork() == 0) {
      signal(SIGCHLD, SIG_DFL);
      for (const int end : {0, 1})
        dup2(fd, end);
      close(fd);
      _exit(serve(argv, false));
    }
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 4)
    return 64;
  if (argc == 4)
    return serve(argv, true);
  accept_all(listen_on(static_cast<uint16_t>(std::strtoul(argv[4], nullptr, 10))), argv);
  return 1;
}

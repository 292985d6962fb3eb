// SPDX-License-Identifier: ISC
// startcost N PROGRAM [ARGUMENT...]: starts the program N times, one after the other, with a socket
// pair as standard input and output, and prints the median of the microseconds from execve(2) to
// the end of its first line, as a line of JSON.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vector>

namespace {

double microseconds() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

/// Reads the greeting up to the end of its line. Ends the program if there is none.
void read_line(int fd) {
  char block[512];
  for (ssize_t count; (count = read(fd, block, sizeof block)) > 0;)
    if (std::string_view(block, static_cast<size_t>(count)).ends_with('\n')) {
      if (!std::string_view(block, static_cast<size_t>(count)).starts_with("+OK"))
        break;
      return;
    }
  std::fputs("the program did not greet\n", stderr);
  std::exit(1);
}

double start_once(char** command) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    fail("socketpair");
  char* no_environment[] = {nullptr};
  // After vfork(2) the child shares this memory until execve(2), so that the time it sets stays.
  volatile double begin = 0;
  const pid_t child = vfork();
  if (child < 0)
    fail("vfork");
  if (child == 0) {
    dup2(ends[1], 0);
    dup2(ends[1], 1);
    begin = microseconds();
    execve(command[0], command, no_environment);
    _exit(127);
  }
  close(ends[1]);
  read_line(ends[0]);
  const double took = microseconds() - begin;
  shutdown(ends[0], SHUT_WR);
  char rest[512];
  while (read(ends[0], rest, sizeof rest) > 0)
    ;
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return took;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 3)
    return 64;
  std::vector<double> all(std::max<std::size_t>(1, std::strtoul(argv[1], nullptr, 10)));
  for (auto& one : all)
    one = start_once(argv + 2);
  std::nth_element(all.begin(), all.begin() + static_cast<long>(all.size() / 2), all.end());
  std::printf("{\"microseconds\": %.2f}\n", all[all.size() / 2]);
}

// SPDX-License-Identifier: ISC
#include "privsep/startup.hpp"

#include "base/system_error.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace privsep {

namespace {

void fill_standard_descriptors() {
  for (int fd = 0; fd <= 2; ++fd)
    if (fcntl(fd, F_GETFD) < 0 && base::check(open("/dev/null", O_RDWR), "open /dev/null") != fd)
      std::abort();
  base::check(close_range(3, ~0U, 0), "close_range");
}

/// inetd and xinetd put the client's socket on descriptor 2 as well, where every library that
/// complains would write to the client.
void take_standard_error_from_client() {
  struct stat errors {
  }, connection{};
  base::check(fstat(2, &errors), "fstat");
  base::check(fstat(0, &connection), "fstat");
  if (errors.st_dev != connection.st_dev || errors.st_ino != connection.st_ino ||
      S_ISCHR(errors.st_mode))
    return;
  const int null = base::check(open("/dev/null", O_RDWR | O_CLOEXEC), "open /dev/null");
  base::check(dup2(null, 2), "dup2");
  close(null);
}

void reset_signals() {
  for (const int signal_number : {SIGCHLD, SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGALRM})
    signal(signal_number, SIG_DFL);
  for (const int signal_number : {SIGPIPE, SIGXFSZ}) // the failing write tells
    signal(signal_number, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  base::check(sigprocmask(SIG_SETMASK, &none, nullptr), "sigprocmask");
}

/// One of them is set, if any; an inherited one can only mislead a log, never a decision.
std::optional<base::Address> address_from_launcher() {
  for (const char* name : {"TCPREMOTEIP", "REMOTE_ADDR", "REMOTE_HOST"})
    if (const char* value = std::getenv(name))
      if (auto address = base::Address::parse(value))
        return address;
  return {};
}

} // namespace

Connection take_over_process() {
  fill_standard_descriptors();
  take_standard_error_from_client();
  reset_signals();
  umask(077);
  const rlimit no_core{0, 0};
  base::check(setrlimit(RLIMIT_CORE, &no_core), "setrlimit");
  base::check(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl");
  // A reply must not wait for the acknowledgement of the one before. Fails on what is no TCP
  // socket.
  const int on = 1;
  setsockopt(1, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Connection connection{base::Address::of_peer(0), "local"};
  const auto told = address_from_launcher();
  clearenv();
  if (connection.peer)
    connection.from = connection.peer->text();
  if (connection.is_local() && told)
    connection.from = told->text();
  return connection;
}

} // namespace privsep

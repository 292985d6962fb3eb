// SPDX-License-Identifier: ISC
#include "server/startup.hpp"

#include "base/connection_options.hpp"
#include "base/number.hpp"
#include "base/secret.hpp"
#include "base/signal_blocker.hpp"
#include "base/system_error.hpp"
#include "base/unique_fd.hpp"
#include "login/certificate_name.hpp"
#include "sandbox/restart_key.hpp"
#include "server/restart.hpp"

#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace server {

namespace {

constexpr int first_passed = 3; // sd_listen_fds(3)

/// The number in `variable`; 0 when the variable is missing or not a number.
int number_in(const char* variable) {
  const char* text = std::getenv(variable);
  return text != nullptr ? base::parse_number<int>(text).value_or(0) : 0;
}

/// The number of sockets that a launcher has passed to this process; sockets for another process do
/// not count.
int passed_sockets() {
  if (number_in("LISTEN_PID") != getpid())
    return 0;
  const int count = number_in("LISTEN_FDS");
  if (count < 1 || count > max_passed_sockets)
    throw std::runtime_error("LISTEN_FDS must be a number from 1 to " +
                             std::to_string(max_passed_sockets));
  return count;
}

bool is_listening(int fd) {
  int listening = 0;
  socklen_t size = sizeof listening;
  return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

void fill_standard_descriptors() {
  for (int fd = 0; fd <= 2; ++fd)
    if (fcntl(fd, F_GETFD) < 0 && base::check(open("/dev/null", O_RDWR), "open /dev/null") != fd)
      std::abort();
}

/// Takes what the listener has left before it started its program again: its sockets, and the log's
/// name for this process, which would be that of /proc/self/exe.
void take_over_restart(Launch& launch) {
  prctl(PR_SET_NAME, "sodapopd", 0, 0, 0);
  launch.restarted = listener::load_restart_state(number_in(restart_variable));
  launch.sockets = launch.restarted->sockets;
  sandbox::restart_key = launch.restarted->key;
  base::wipe(&launch.restarted->key, sizeof launch.restarted->key);
}

/// Takes the sockets of a launcher, and closes all other descriptors.
void take_over_sockets(Launch& launch) {
  const int passed = passed_sockets();
  base::check(close_range(static_cast<unsigned>(first_passed + passed), ~0U, 0), "close_range");
  for (int i = 0; i < passed; ++i)
    launch.sockets.push_back(first_passed + i);
}

/// Those that a listener has blocked before its restart stay so: it has to take them.
void reset_signals(bool is_restart) {
  for (const int signal_number : {SIGCHLD, SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGALRM})
    signal(signal_number, SIG_DFL);
  for (const int signal_number : {SIGPIPE, SIGXFSZ}) // the failing write reports the error
    signal(signal_number, SIG_IGN);
  if (!is_restart)
    base::unblock_signals();
}

/// A launcher sets at most one of these variables. The zone of a link-local address (RFC 4007,
/// section 11), such as %eth0, is left out: the client would count as one of this host without one.
std::optional<base::Address> address_from_launcher() {
  for (const char* name : {"TCPREMOTEIP", "REMOTE_ADDR", "REMOTE_HOST"})
    if (const char* value = std::getenv(name))
      if (auto address = base::Address::parse({value, std::strcspn(value, "%")}))
        return address;
  return {};
}

base::Client find_client() {
  base::set_connection_options(1);
  auto client = base::Client::at(0, base::Address::of_peer(0));
  if (client.is_local())
    if (const auto told = address_from_launcher())
      client.address = told;
  if (const char* name = std::getenv("SSL_CLIENT_DN");
      name != nullptr && std::strlen(name) <= login::max_distinguished_name)
    client.certificate.distinguished_name = name;
  return client;
}

} // namespace

bool is_same_file(int one, int other) {
  struct stat first {
  }, second{};
  return fstat(one, &first) == 0 && fstat(other, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

void take_standard_error_from_client(int connection) {
  struct stat errors {};
  base::check(fstat(2, &errors), "fstat");
  if (!S_ISCHR(errors.st_mode) && is_same_file(connection, 2))
    replace_by_dev_null({2});
}

void replace_by_dev_null(std::initializer_list<int> descriptors) {
  const base::UniqueFd null(base::check(open("/dev/null", O_RDWR | O_CLOEXEC), "open /dev/null"));
  for (const int fd : descriptors)
    base::check(dup2(null.get(), fd), "dup2");
}

Launch take_over_process() {
  Launch launch;
  const bool is_restart = std::getenv(restart_variable) != nullptr;
  reset_signals(is_restart); // a failure is told with SIGPIPE ignored
  fill_standard_descriptors();
  if (is_restart)
    take_over_restart(launch);
  else
    take_over_sockets(launch);
  take_standard_error_from_client(0);
  umask(077);
  const rlimit no_core{0, 0};
  base::check(setrlimit(RLIMIT_CORE, &no_core), "setrlimit");
  base::check(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "prctl");
  if (const char* path = std::getenv("NOTIFY_SOCKET"))
    launch.notify_socket = path;
  launch.client = find_client();
  // A connection has a peer, so descriptor 0 is checked only without one.
  if (launch.sockets.empty() && !launch.client.peer && is_listening(0))
    launch.sockets.push_back(0);
  clearenv();
  return launch;
}

} // namespace server

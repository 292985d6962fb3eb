// SPDX-License-Identifier: ISC
#include "listener/restart_state.hpp"

#include "base/secret.hpp"
#include "base/system_error.hpp"

#include <cstdint>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <unistd.h>

namespace listener {

namespace {

/// The beginning of the file. The program that reads it is the same file as the one that wrote it,
/// so that the objects stand there as they are.
struct Header {
  std::uint64_t sockets;
  std::uint64_t sessions;
  std::uint64_t key;
  int progress;
};

template <class One> void write_all(int fd, std::span<const One> objects) {
  static_assert(std::is_trivially_copyable_v<One>);
  const auto octets = static_cast<ssize_t>(objects.size_bytes());
  if (base::check(write(fd, objects.data(), objects.size_bytes()), "write the state") != octets)
    throw std::runtime_error("no space for the state of a restart");
}

template <class One> void read_all(int fd, std::span<One> objects) {
  const auto octets = static_cast<ssize_t>(objects.size_bytes());
  if (base::check(read(fd, objects.data(), objects.size_bytes()), "read the state") != octets)
    throw std::runtime_error("the state of a restart is cut off");
}

} // namespace

base::UniqueFd save(const RestartState& state, const std::string& directory) {
  auto path = directory + "/restart.XXXXXX";
  base::UniqueFd file(base::check(mkstemp(path.data()), path));
  base::check(unlink(path.c_str()), path);
  Header header{state.sockets.size(), state.sessions.size(), state.key, state.progress};
  const base::Wiper wiper(header);
  write_all<Header>(file.get(), std::span(&header, 1));
  write_all<int>(file.get(), state.sockets);
  write_all<Session>(file.get(), state.sessions);
  base::check(lseek(file.get(), 0, SEEK_SET), "lseek");
  return file;
}

RestartState load_restart_state(int fd) {
  const base::UniqueFd file(fd);
  Header header;
  const base::Wiper wiper(header);
  read_all(fd, std::span(&header, 1));
  const auto size = static_cast<std::uint64_t>(base::check(lseek(fd, 0, SEEK_END), "lseek"));
  if (header.sockets > size || header.sessions > size ||
      size != sizeof header + header.sockets * sizeof(int) + header.sessions * sizeof(Session))
    throw std::runtime_error("not the state of a restart");
  base::check(lseek(fd, sizeof header, SEEK_SET), "lseek");
  RestartState state{std::vector<int>(header.sockets), SessionTable(header.sessions), header.key,
                     header.progress};
  read_all<int>(fd, state.sockets);
  read_all<Session>(fd, state.sessions);
  return state;
}

} // namespace listener

// SPDX-License-Identifier: ISC
#include "state/session_registry.hpp"

#include "base/mapped_file.hpp"
#include "base/system_error.hpp"
#include "base/time_of_day.hpp"

#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace state {

namespace {

constexpr unsigned first_range = 64;

constexpr int careful = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

struct LockedPlace {
  std::string path;
  base::UniqueFd lock; ///< For reading only, which is enough for flock(2).
};

/// Nothing when another process has the lock.
std::optional<LockedPlace> lock_place(const std::string& directory, unsigned place) {
  auto path = directory + "/" + std::to_string(10'000 + place).substr(1);
  const auto open_it = [&path] { return ::open(path.c_str(), O_RDONLY | O_CREAT | careful, 0600); };
  int fd = open_it();
  if (fd < 0 && errno == ENOENT && (mkdir(directory.c_str(), 0700) == 0 || errno == EEXIST))
    fd = open_it();
  base::UniqueFd file(base::check(fd, path));
  if (flock(file.get(), LOCK_EX | LOCK_NB) == 0)
    return LockedPlace{std::move(path), std::move(file)};
  if (errno != EWOULDBLOCK)
    base::throw_errno("lock a file of " + directory);
  return {};
}

/// Takes digits of the id, which is random already.
unsigned seed_of(std::string_view session) {
  unsigned seed = 0;
  session = session.substr(0, 2 * sizeof seed);
  std::from_chars(session.begin(), session.end(), seed, 16);
  return seed;
}

std::optional<LockedPlace> lock_any(const std::string& directory, unsigned seed) {
  for (unsigned range = first_range; range < session_places; range *= 2)
    if (auto place = lock_place(directory, seed % range))
      return place;
  for (unsigned i = 0; i < session_places; ++i)
    if (auto place = lock_place(directory, (seed + i) % session_places))
      return place;
  return {};
}

/// Writes all octets to the file before mapping it: on a full disk, a later write to the mapping
/// would raise SIGBUS.
char* map_record(const std::string& path, const SessionRecord& record) {
  const base::UniqueFd file(base::check(::open(path.c_str(), O_RDWR | careful), path));
  const auto text = format_session(record);
  if (base::check(pwrite(file.get(), text.data(), text.size(), 0),
                  "write to the list of sessions") != static_cast<ssize_t>(text.size()))
    throw std::system_error(ENOSPC, std::generic_category(), "write to the list of sessions");
  void* page = mmap(nullptr, text.size(), PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (page == MAP_FAILED)
    base::throw_errno("map a file of the list of sessions");
  return static_cast<char*>(page);
}

} // namespace

void RegisteredSession::Unmap::operator()(char* page) const noexcept {
  munmap(page, session_record_octets);
}

std::optional<RegisteredSession> RegisteredSession::take(const std::string& directory,
                                                         SessionRecord record) {
  auto place = lock_any(directory, seed_of(record.session));
  if (!place)
    return {};
  Page page(map_record(place->path, record));
  return RegisteredSession(std::move(place->lock), std::move(page), std::move(record));
}

void RegisteredSession::note(std::uint64_t retrieved) noexcept {
  const std::int64_t now = base::seconds_since_1970();
  if (now == record_.idle_since)
    return;
  record_.idle_since = now;
  record_.retrieved = retrieved;
  write();
}

void RegisteredSession::note_update() noexcept {
  record_.is_updating = true;
  write();
}

void RegisteredSession::write() noexcept {
  if (!page_ || !base::are_there(page_.get(), session_record_octets))
    return;
  try {
    std::memcpy(page_.get(), format_session(record_).data(), session_record_octets);
  } catch (const std::bad_alloc&) {
    // The list is less important than the session.
  }
}

} // namespace state

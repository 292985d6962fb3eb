// SPDX-License-Identifier: ISC
#include "state/lost_lines.hpp"

#include "base/system_error.hpp"
#include "state/private_file.hpp"

#include <exception>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace state {

namespace {

using LostNumber = base::LostLines::element_type;

constexpr std::size_t lost_octets = sizeof(LostNumber);
static_assert(LostNumber::is_always_lock_free); // a process that is killed holds up no other

/// Written, as a page that the file system has not room for would end the process at its first use.
void make_room(int fd) {
  struct stat facts;
  base::check(::fstat(fd, &facts), "fstat");
  constexpr char zeros[lost_octets] = {};
  if (facts.st_size < static_cast<off_t>(lost_octets))
    base::check(::pwrite(fd, zeros, lost_octets, 0), "write lost-lines");
}

base::LostLines map_number(int fd) {
  void* const place = ::mmap(nullptr, lost_octets, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (place == MAP_FAILED)
    base::throw_errno("map lost-lines");
  return base::LostLines(static_cast<LostNumber*>(place));
}

} // namespace

base::LostLines share_lost_lines(const std::string& runtime_directory) noexcept {
  try {
    const auto file = open_private(runtime_directory + "/lost-lines");
    if (!file)
      return nullptr;
    make_room(file->get());
    return map_number(file->get());
  } catch (const std::exception&) {
    return nullptr;
  }
}

} // namespace state

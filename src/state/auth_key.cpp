// SPDX-License-Identifier: ISC
#include "state/auth_key.hpp"

#include "base/digest.hpp"
#include "state/private_file.hpp"

#include <array>
#include <fcntl.h>
#include <unistd.h>

namespace state {

base::Result<base::Secret, std::string_view> open_auth_key(const std::string& path,
                                                           std::string_view boot) {
  const auto key = open_key_file(path);
  if (!key)
    return base::Refused{key.error() == key_file_problem::not_private
                             ? auth_cache_problem::not_private
                             : auth_cache_problem::wrong_length};
  auto digest = base::blake2b<auth_key_octets>(boot, key->reveal());
  const base::Wiper wiper(digest);
  return base::Secret({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

namespace {

base::Result<std::string, std::string_view> read_boot() {
  constexpr std::size_t uuid_octets = 36;
  std::array<char, uuid_octets> id;
  const base::UniqueFd fd(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
  if (!fd || ::read(fd.get(), id.data(), id.size()) != static_cast<ssize_t>(id.size()))
    return base::Refused{auth_cache_problem::unknown_boot};
  return std::string(id.data(), id.size());
}

} // namespace

base::Result<std::string, std::string_view> current_boot() {
  static const auto boot = read_boot();
  return boot;
}

} // namespace state

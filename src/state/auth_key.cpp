// SPDX-License-Identifier: ISC
#include "state/auth_key.hpp"

#include "base/system_error.hpp"
#include "state/private_file.hpp"

#include <array>
#include <fcntl.h>
#include <sodium/crypto_generichash.h>
#include <unistd.h>

namespace state {

namespace {

base::Secret digest_of(std::string_view boot, std::string_view key) {
  std::array<char, auth_key_octets> digest;
  const base::Wiper wiper(digest);
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>(boot.data()), boot.size(),
                     reinterpret_cast<const unsigned char*>(key.data()), key.size());
  return base::Secret({digest.data(), digest.size()});
}

} // namespace

std::string_view description(AuthCacheProblem problem) {
  switch (problem) {
  case AuthCacheProblem::not_private:
    return "auth-key or auth-cache is not a regular file that only its account may read and write";
  case AuthCacheProblem::wrong_length: return "auth-key does not have 32 octets";
  case AuthCacheProblem::unknown_boot: return "the id of this boot cannot be read from /proc";
  }
  return "unknown problem";
}

base::Result<base::Secret, AuthCacheProblem> open_auth_key(const std::string& path,
                                                           std::string_view boot) {
  const auto key = open_key_file(path);
  if (!key)
    return base::Refused{key.error() == KeyFileProblem::not_private
                             ? AuthCacheProblem::not_private
                             : AuthCacheProblem::wrong_length};
  return digest_of(boot, key->reveal());
}

base::Result<std::string, AuthCacheProblem> current_boot() {
  constexpr std::size_t uuid_octets = 36;
  std::array<char, uuid_octets> id;
  const base::UniqueFd fd(::open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
  if (!fd || ::read(fd.get(), id.data(), id.size()) != static_cast<ssize_t>(id.size()))
    return base::Refused{AuthCacheProblem::unknown_boot};
  return std::string(id.data(), id.size());
}

} // namespace state

// SPDX-License-Identifier: ISC
#include "credentials/base64url.hpp"

#include <sodium/utils.h>

namespace credentials {

std::optional<std::string> decode_base64url(std::string_view text) {
  std::string octets(text.size() * 3 / 4, '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(octets.data()), octets.size(), text.data(),
                        text.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
    return {};
  octets.resize(size);
  return octets;
}

} // namespace credentials

// SPDX-License-Identifier: ISC
// Takes the place of checkpassword_main.cpp in a build without checkpassword.
#include "server/checkpassword_main.hpp"

namespace server {

std::optional<int> reply_to_checkpassword(int, char**) noexcept {
  return {}; // it is an unknown option like any other
}

} // namespace server

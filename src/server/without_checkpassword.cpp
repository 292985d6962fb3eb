// SPDX-License-Identifier: ISC
// Takes the place of checkpassword_main.cpp in a build without checkpassword.
#include "server/checkpassword_main.hpp"

#include <sysexits.h>

namespace server {

bool is_checkpassword_reply(int, char**) {
  return false; // it is an unknown option like any other
}

int reply_to_checkpassword(int, char**) noexcept {
  return EX_USAGE;
}

} // namespace server

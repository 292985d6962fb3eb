// SPDX-License-Identifier: ISC
// The request of a front for a login.
#pragma once

#include "ipc/request.hpp"

#include <string_view>

namespace support {

inline ipc::LoginRequest login_request(std::string_view name, std::string_view password,
                                       pop3::Mechanism mechanism = pop3::Mechanism::plain) {
  ipc::LoginRequest request;
  request.mechanism = mechanism;
  request.name_length = static_cast<std::uint32_t>(name.copy(&request.name[0], 255));
  request.password_length = static_cast<std::uint32_t>(
      password.copy(&request.password[0], ipc::max_secret(traits_of(mechanism).proof)));
  return request;
}

} // namespace support

// SPDX-License-Identifier: ISC
#include "login/attempt_digest.hpp"

#include "users/login_name.hpp"

namespace login {

std::string name_meant_by(std::string_view said, const config::NameSettings& settings) {
  return users::login_name(said, settings);
}

passwords::Digest digest_of_name(std::string_view site_key, std::string_view name) {
  return passwords::name_digest(site_key, name);
}

passwords::Digest digest_of_password(std::string_view site_key, std::string_view name,
                                     std::string_view password) {
  std::string text(name);
  text.append(1, '\0').append(password);
  auto digest = passwords::personal_digest("sodapop-wrong", text, site_key);
  base::wipe(text.data(), text.size());
  return digest;
}

} // namespace login

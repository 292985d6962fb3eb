// SPDX-License-Identifier: ISC
#include "verifier/verdict.hpp"

namespace verifier {

bool is_acceptable(const Verdict& verdict, const config::Settings& settings, uid_t own) {
  if (verdict.maildir.front() != '/' || verdict.maildir.back() != '\0')
    return false;
  if (own != 0)
    return verdict.uid == own;
  return verdict.uid != 0 && verdict.gid != 0 && verdict.uid >= settings.minimum_uid;
}

} // namespace verifier

// SPDX-License-Identifier: ISC
#include "state/site_key.hpp"

namespace state {

base::Result<base::Secret, KeyFileProblem> open_site_key(const std::string& state_directory) {
  return open_key_file(state_directory + "/site-key");
}

} // namespace state

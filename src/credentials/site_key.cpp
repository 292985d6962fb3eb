// SPDX-License-Identifier: ISC
#include "credentials/site_key.hpp"

namespace credentials {

base::Result<base::Secret, KeyFileProblem> open_site_key(const std::string& state_directory) {
  return open_key_file(state_directory + "/site-key");
}

} // namespace credentials

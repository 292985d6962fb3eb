// SPDX-License-Identifier: ISC
#include "admin/scram_options.hpp"

namespace admin {

Options ScramOptions::options() {
  return {
      {"--scram,!--no-scram", &is_wanted_,
       "Whether to keep a verifier for SCRAM-SHA-256 (--scram)"},
      {"--scram-iterations NUMBER",
       Number{&iterations_, passwords::least_scram_iterations, most_iterations},
       "Iterations of the verifier (100000)"},
  };
}

std::optional<std::string> ScramOptions::value(const base::Secret& password,
                                               std::string_view hash) const {
  if (!is_wanted_)
    return {};
  return to_text(passwords::make_scram(password, iterations_)) + ";" + passwords::scram_tag(hash);
}

} // namespace admin

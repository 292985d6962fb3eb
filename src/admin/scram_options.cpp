// SPDX-License-Identifier: ISC
#include "admin/scram_options.hpp"

#include "admin/decimal_check.hpp"

namespace admin {

void ScramOptions::declare(CLI::App& command) {
  command.add_flag("--scram,!--no-scram", is_wanted_,
                   "Whether to keep a verifier for SCRAM-SHA-256 (--scram)");
  command.add_option("--scram-iterations", iterations_, "Iterations of the verifier (100000)")
      ->check(CLI::Validator(CLI::Range(passwords::least_scram_iterations, most_iterations))
                  .description(""))
      ->check(decimal_check())
      ->type_name("NUMBER");
}

std::optional<std::string> ScramOptions::value(const base::Secret& password,
                                               std::string_view hash) const {
  if (!is_wanted_)
    return {};
  return to_text(passwords::make_scram(password, iterations_)) + ";" + passwords::scram_tag(hash);
}

} // namespace admin

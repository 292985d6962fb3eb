// SPDX-License-Identifier: ISC
#include "admin/storage_options.hpp"

#include "admin/failure.hpp"
#include "users/scram_entry.hpp"

namespace admin {

Options CostOptions::options() {
  // The upper bounds are those that hash-memory-limit and hash-operations-limit have.
  const std::string group = "Hash cost";
  return {
      {"--cost owasp|interactive|moderate|sensitive", Choice{&preset_},
       "What the hash costs: a preset (owasp)", Rules{.group = group}},
      {"--hash-memory MIB", Number{&memory_, 1, 4096}, "Memory of the hash, instead of a preset",
       Rules{.group = group, .without = "--cost"}},
      {"--hash-operations NUMBER", Number{&operations_, 1, 1000},
       "Passes of the hash, with --hash-memory",
       Rules{.group = group, .with = "--hash-memory", .without = "--cost"}},
  };
}

passwords::Cost CostOptions::cost() const {
  constexpr std::uint64_t mebi = 1024 * 1024;
  if (memory_ != 0)
    return {memory_ * mebi, operations_};
  for (const auto& preset : passwords::presets())
    if (preset.name == preset_)
      return preset.cost;
  return passwords::owasp_cost;
}

passwords::Cost CostOptions::cost_within(const passwords::Cost& ceiling) const {
  const auto chosen = cost();
  if (!passwords::within(chosen, ceiling))
    throw Failure("the server would refuse a hash of that cost: raise hash-memory-limit or "
                  "hash-operations-limit first");
  return chosen;
}

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
  return users::scram_entry(passwords::make_scram(password, iterations_), hash);
}

} // namespace admin

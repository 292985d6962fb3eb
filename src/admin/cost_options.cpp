// SPDX-License-Identifier: ISC
#include "admin/cost_options.hpp"

#include "admin/decimal_check.hpp"
#include "admin/failure.hpp"

#include <vector>

namespace admin {

namespace {

std::vector<std::string> preset_names() {
  std::vector<std::string> names;
  for (const auto& preset : passwords::presets())
    names.emplace_back(preset.name);
  return names;
}

} // namespace

void CostOptions::declare(CLI::App& command) {
  auto* preset = command.add_option("--cost", preset_, "What the hash costs: a preset (owasp)")
                     ->check(CLI::Validator(CLI::IsMember(preset_names())).description(""))
                     ->type_name("owasp|interactive|moderate|sensitive");
  // The upper bounds are those that hash-memory-limit and hash-operations-limit have.
  auto* memory =
      command.add_option("--hash-memory", memory_, "Memory of the hash, instead of a preset")
          ->check(CLI::Validator(CLI::Range(1u, 4096u)).description(""))
          ->check(decimal_check())
          ->type_name("MIB");
  auto* operations =
      command
          .add_option("--hash-operations", operations_, "Passes of the hash, with --hash-memory")
          ->check(CLI::Validator(CLI::Range(1u, 1000u)).description(""))
          ->check(decimal_check())
          ->type_name("NUMBER");
  memory->needs(operations)->excludes(preset);
  operations->needs(memory)->excludes(preset);
  for (auto* option : {preset, memory, operations})
    option->group("Hash cost");
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

} // namespace admin

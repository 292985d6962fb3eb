// SPDX-License-Identifier: ISC
#include "admin/storage_options.hpp"

#include "users/authenticate.hpp"
#include "users/scram_entry.hpp"

namespace admin {

Options cost_options() {
  // The upper bounds are those that hash-memory-limit and hash-operations-limit have.
  const std::string group = "Hash cost";
  const Rules memory{
      .takes = Takes::number, .least = 1, .most = 4096, .group = group, .without = "--cost"};
  auto operations = memory;
  operations.most = 1000;
  operations.with = "--hash-memory";
  return {{"--cost owasp|interactive|moderate|sensitive", "What the hash costs: a preset (owasp)",
           Rules{.takes = Takes::word, .group = group}},
          {"--hash-memory MIB", "Memory of the hash, instead of a preset", memory},
          {"--hash-operations NUMBER", "Passes of the hash, with --hash-memory", operations}};
}

std::optional<passwords::Cost> cost_of(const Values& given) {
  constexpr std::uint64_t mebi = 1024 * 1024;
  if (const auto memory = given.number("--hash-memory"))
    return passwords::Cost{*memory * mebi, given.number("--hash-operations").value()};
  for (const auto& preset : passwords::presets())
    if (preset.name == given.text("--cost"))
      return preset.cost;
  return {};
}

Options storage_options() {
  return Options{{"--scram", "Keep a verifier for SCRAM-SHA-256 as well"},
                 {"--no-scram", "Keep none, whatever the setting scram says",
                  Rules{.without = "--scram"}},
                 {"--scram-iterations NUMBER", "Keep one of these iterations (600000)",
                  Rules{.takes = Takes::number,
                        .least = passwords::least_scram_iterations,
                        .most = most_iterations}}} +
         cost_options();
}

Storage storage_of(const Values& given, const config::Settings& settings) {
  Storage storage{cost_of(given).value_or(passwords::owasp_cost), {}};
  if (!passwords::within(storage.cost, users::ceiling_of(settings)))
    throw UsageError("the server would refuse a hash of that cost: raise hash-memory-limit or "
                     "hash-operations-limit first");
  const auto iterations = given.number("--scram-iterations");
  const bool is_wanted = given.flag("--scram") || iterations || settings.makes_scram();
  if (is_wanted && !given.flag("--no-scram"))
    storage.iterations = iterations.value_or(passwords::default_scram_iterations);
  return storage;
}

StoredPassword store(const base::Secret& password, const Storage& storage) {
  StoredPassword stored{passwords::make(password, storage.cost), {}};
  if (storage.iterations)
    stored.scram =
        users::scram_entry(passwords::make_scram(password, *storage.iterations), stored.hash);
  return stored;
}

} // namespace admin

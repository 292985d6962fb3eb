// SPDX-License-Identifier: ISC
#include "admin/commands.hpp"
#include "admin/fields.hpp"
#include "admin/storage_options.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <system_error>
#include <thread>

namespace admin {

namespace {

/// Milliseconds of one verification: the median of three.
double measure(const passwords::Cost& cost) {
  const base::Secret password("correct horse battery staple");
  const auto hash = passwords::decoy(cost);
  std::array<double, 3> times{};
  for (auto& time : times) {
    const auto start = std::chrono::steady_clock::now();
    passwords::verify(hash, password);
    time =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  }
  std::ranges::sort(times);
  return times[1];
}

void print_row(std::string_view name, const passwords::Cost& cost, unsigned at_once) {
  std::cout << std::left << std::setw(12) << name << std::right << std::setw(8)
            << cost.memory / (1024 * 1024) << std::setw(12) << cost.operations << std::flush;
  try {
    const double time = measure(cost);
    std::cout << std::fixed << std::setprecision(1) << std::setw(14) << time << std::setw(10)
              << 1000 * at_once / time << '\n';
  } catch (const std::system_error& error) {
    std::cout << "  " << error.code().message() << '\n';
  }
}

void add_object(std::string_view name, const passwords::Cost& cost, unsigned at_once,
                Fields& fields) {
  fields.text("name", name);
  fields.number("memory-mib", cost.memory / (1024 * 1024));
  fields.number("operations", cost.operations);
  try {
    const double time = measure(cost);
    fields.number("microseconds", static_cast<std::uint64_t>(1000 * time));
    fields.number("logins-per-second", static_cast<std::uint64_t>(1000 * at_once / time));
  } catch (const std::system_error& error) {
    fields.text("problem", error.code().message());
  }
  fields.end_object();
}

void print_head(unsigned at_once) {
  std::cout << "name        memory  operations  milliseconds  logins/s\n"
            << "             (MiB)                (median)  (" << at_once << " at once)\n";
}

int benchmark(const config::Settings& settings, const Values& given) {
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  const unsigned slots = settings.hash_slots == 0 ? cores : settings.hash_slots;
  const unsigned at_once = std::min(slots, cores);
  const bool json = given.flag("--json");
  Fields fields(json ? Fields::Form::array : Fields::Form::lines);
  const auto add = [&](std::string_view name, const passwords::Cost& cost) {
    json ? add_object(name, cost, at_once, fields) : print_row(name, cost, at_once);
  };
  if (!json)
    print_head(at_once);
  if (const auto cost = cost_of(given))
    add("chosen", *cost);
  else
    for (const auto& preset : passwords::presets())
      add(preset.name, preset.cost);
  fields.finish();
  return 0;
}

} // namespace

Commands benchmark_hash() {
  return {{"benchmark-hash", "Measure what verifying a password costs",
           "For each preset or for the cost given: the time on this host, and how many logins a "
           "second\nthat allows.",
           Options{{"--json", "Print an array of objects"}} + cost_options(), benchmark}};
}

} // namespace admin

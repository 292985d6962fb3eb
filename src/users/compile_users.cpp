// SPDX-License-Identifier: ISC
#include "users/compile_users.hpp"

#include "base/file_replacement.hpp"
#include "base/system_error.hpp"
#include "users/compiled_users.hpp"

#include <ctime>

namespace users {

namespace {

using Outcome = CompiledWriter::Outcome;

constexpr std::int64_t nanoseconds = 1'000'000'000;
/// The kernel's clock for files ticks every 10 ms at the slowest. A second change within one tick
/// does not change the mtime, so a tick must have passed before the file is read.
constexpr std::int64_t tick = 20'000'000;

void wait_for_tick(const struct stat& text) {
  timespec now{};
  base::check(::clock_gettime(CLOCK_REALTIME, &now), "clock_gettime");
  const auto age =
      (now.tv_sec - text.st_mtim.tv_sec) * nanoseconds + (now.tv_nsec - text.st_mtim.tv_nsec);
  const timespec pause{0, tick};
  if (age < tick)
    ::nanosleep(&pause, nullptr);
}

bool is_changed(const std::string& path, const struct stat& then) {
  struct stat now;
  if (::lstat(path.c_str(), &now) != 0)
    return true;
  return now.st_dev != then.st_dev || now.st_ino != then.st_ino || !header_of(then).is_of(now);
}

/// False when the compiled form is full.
bool copy(const UsersFile& text, const CompileReport& report, CompiledWriter& writer,
          CompileCounts& counts) {
  bool is_full = false;
  const auto add = [&](const User& user, std::uint64_t number, std::string_view line) {
    const auto outcome = writer.add(user, line);
    is_full = outcome == Outcome::full;
    counts.users += outcome == Outcome::added ? 1 : 0;
    counts.duplicates += outcome == Outcome::duplicate ? 1 : 0;
    if (outcome == Outcome::duplicate && report.on_duplicate)
      report.on_duplicate(number, user.name);
    return !is_full;
  };
  text.for_each_line(add, [&](std::uint64_t number, LineProblem problem) {
    ++counts.malformed;
    if (report.on_bad_line)
      report.on_bad_line(number, problem);
  });
  return !is_full;
}

} // namespace

std::string_view description(CompileProblem problem) {
  switch (problem) {
  case CompileProblem::too_large: return "has too many users: compiled they need more than 4 GiB";
  case CompileProblem::changed: return "was changed while it was compiled: do it again";
  }
  return "unknown problem";
}

base::Result<CompileCounts, CompileProblem> compile_users(const UsersFile& text,
                                                          const std::string& path,
                                                          const CompileReport& report,
                                                          std::uint64_t most_octets) {
  wait_for_tick(text.facts());
  base::FileReplacement replacement(path + std::string(compiled_suffix));
  CompiledWriter writer(replacement.fd(), most_octets);
  CompileCounts counts;
  if (!copy(text, report, writer, counts))
    return base::Refused{CompileProblem::too_large};
  writer.finish(header_of(text.facts()));
  replacement.copy_attributes(text.facts());
  if (is_changed(path, text.facts()))
    return base::Refused{CompileProblem::changed};
  replacement.commit();
  return counts;
}

} // namespace users

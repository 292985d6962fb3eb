// SPDX-License-Identifier: ISC
#include "base/trusted_directory.hpp"

#include <array>
#include <climits>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

namespace base {

namespace {

enum class Last { directory, file };

/// In a directory with the sticky bit others can make files, but cannot replace those of root.
const char* problem_with(const struct stat& facts, bool sticky_is_safe) {
  const bool is_link = S_ISLNK(facts.st_mode);
  if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
    return " is owned by neither root nor the account that uses it";
  const bool is_writable = !is_link && (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  if (is_writable && !(sticky_is_safe && (facts.st_mode & S_ISVTX) != 0))
    return " is writable by its group or by everybody";
  return nullptr;
}

std::optional<std::string> walk(const std::string& path, Last last) {
  bool has_link = false;
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const bool is_last = end == std::string::npos;
    const auto step = path.substr(0, end);
    struct stat facts;
    if (::lstat(step.c_str(), &facts) != 0)
      return {};
    has_link = has_link || S_ISLNK(facts.st_mode);
    if (is_last && last == Last::file)
      break;
    if (const auto* problem = problem_with(facts, !is_last))
      return step + problem;
  }
  std::array<char, PATH_MAX> target;
  if (has_link && ::realpath(path.c_str(), target.data()) != nullptr)
    return walk(target.data(), last);
  return {};
}

} // namespace

std::optional<std::string> problem_with_directory(const std::string& path) {
  return walk(path, Last::directory);
}

std::optional<std::string> problem_with_directories_above(const std::string& path) {
  return walk(path, Last::file);
}

} // namespace base

// SPDX-License-Identifier: ISC
#include "admin/check/check.hpp"

#include <set>
#include <sys/stat.h>
#include <sys/statvfs.h>

namespace admin {

namespace {

/// What is used up; some is kept for root alone.
const char* lack_of(const struct statvfs& system, bool is_root) {
  if (system.f_blocks > 0 && (is_root ? system.f_bfree : system.f_bavail) == 0)
    return "no space is free";
  if (system.f_files > 0 && (is_root ? system.f_ffree : system.f_favail) == 0)
    return "no new file can be made, as no inode is free";
  return nullptr;
}

void check_file_system(const CheckContext& context, const std::string& directory,
                       Findings& findings) {
  struct statvfs system;
  if (::statvfs(directory.c_str(), &system) != 0)
    return; // a missing directory is another finding
  const FindingsAt at(directory, findings);
  if ((system.f_flag & ST_RDONLY) != 0)
    at.error("file-system-read-only", "its file system is mounted read-only",
             "Mount it for writing, or name another directory");
  else if (const auto* lack = lack_of(system, context.server.uid == 0))
    at.error("file-system-full", lack, "Remove files there, or enlarge the file system");
}

} // namespace

void check_file_systems(const CheckContext& context, Findings& findings) {
  const auto& settings = context.settings;
  std::vector<std::string> directories{settings.runtime_directory, settings.state_directory};
  if (settings.log.starts_with('/'))
    directories.push_back(parent_of(settings.log));
  std::set<dev_t> seen;
  for (const auto& directory : directories) {
    struct stat facts;
    if (::stat(directory.c_str(), &facts) == 0 && seen.insert(facts.st_dev).second)
      check_file_system(context, directory, findings);
  }
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "base/trusted_file.hpp"

#include "base/access_list.hpp"
#include "base/system_error.hpp"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

namespace base {

std::string_view description(FileProblem problem) {
  switch (problem) {
  case FileProblem::not_regular: return "is not a regular file";
  case FileProblem::writable_by_others: return "is writable by its group or by everybody";
  case FileProblem::foreign_owner: return "is owned by neither root nor the account that uses it";
  }
  return "unknown problem";
}

Result<TrustedFile, FileProblem> open_trusted(const std::string& path) {
  // Without O_NONBLOCK, opening a FIFO would wait for a writer.
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  const int error = errno;
  struct stat last;
  if (!fd && error == ELOOP && ::lstat(path.c_str(), &last) == 0 && S_ISLNK(last.st_mode))
    return Refused{FileProblem::not_regular};
  if (!fd)
    throw_errno(path, error);
  return trust(std::move(fd));
}

Result<TrustedFile, FileProblem> trust(UniqueFd fd) {
  struct stat facts;
  check(::fstat(fd.get(), &facts), "fstat");
  if (!S_ISREG(facts.st_mode))
    return Refused{FileProblem::not_regular};
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return Refused{FileProblem::writable_by_others};
  if (facts.st_uid != 0 && facts.st_uid != ::geteuid())
    return Refused{FileProblem::foreign_owner};
  return TrustedFile{std::move(fd), facts};
}

bool TrustedFile::readable_by(uid_t uid, gid_t gid, std::span<const gid_t> groups) const {
  if (uid == 0 || uid == facts.st_uid)
    return true;
  std::vector<gid_t> all(groups.begin(), groups.end());
  all.push_back(gid);
  const bool group_reads = (facts.st_mode & S_IRGRP) != 0;
  // While there is a list, this bit is of its mask: without it, no entry lets a user or group read.
  if (const auto listed =
          group_reads ? list_lets_read(fd.get(), facts.st_gid, uid, all) : std::nullopt)
    return *listed;
  if (std::ranges::find(all, facts.st_gid) != all.end())
    return group_reads;
  return (facts.st_mode & S_IROTH) != 0;
}

} // namespace base

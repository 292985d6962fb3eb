// SPDX-License-Identifier: ISC
// A directory that lives as long as a test case, in memory where the system offers that.
#pragma once

#include <string>

namespace support {

class ScratchDir {
 public:
  ScratchDir();
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;
  ~ScratchDir();

  const std::string& path() const { return path_; }
  std::string path(const std::string& name) const { return path_ + "/" + name; }

 protected:
  explicit ScratchDir(const std::string& parent);

 private:
  std::string path_;
};

} // namespace support

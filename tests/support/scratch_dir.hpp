// SPDX-License-Identifier: ISC
// A directory that lives as long as a test case, in memory where the system offers that.
#pragma once

#include <boost/filesystem/operations.hpp>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace support {

class ScratchDir {
 public:
  ScratchDir() {
    if (::mkdtemp(path_.data()) == nullptr)
      throw std::runtime_error("mkdtemp");
  }
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;
  ~ScratchDir() {
    boost::system::error_code ignored;
    boost::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  std::string path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_ = std::string(::access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp") +
                      "/sodapop-test-XXXXXX";
};

} // namespace support

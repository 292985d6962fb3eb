// SPDX-License-Identifier: ISC
#include "support/scratch_dir.hpp"

#include <boost/filesystem/operations.hpp>
#include <cstdlib>
#include <stdexcept>
#include <unistd.h>

namespace support {

ScratchDir::ScratchDir()
    : ScratchDir(::access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp") {}

ScratchDir::ScratchDir(const std::string& parent) : path_(parent + "/sodapop-test-XXXXXX") {
  if (::mkdtemp(path_.data()) == nullptr)
    throw std::runtime_error("mkdtemp");
}

ScratchDir::~ScratchDir() {
  boost::system::error_code ignored;
  boost::filesystem::remove_all(path_, ignored);
}

} // namespace support

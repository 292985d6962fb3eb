// SPDX-License-Identifier: ISC
#include "support/scratch_maildir.hpp"

#include "maildir/folder.hpp"
#include "maildir/folder_watch.hpp"

#include <algorithm>
#include <boost/filesystem/directory.hpp>
#include <boost/filesystem/operations.hpp>
#include <unistd.h>

namespace support {

namespace fs = boost::filesystem;

ScratchMaildir::ScratchMaildir() {
  for (const auto* folder : {"new", "cur", "tmp"})
    fs::create_directory(path(folder));
}

void ScratchMaildir::move(const std::string& from, const std::string& to) const {
  fs::rename(path(from), path(to));
}

void ScratchMaildir::remove(const std::string& name) const {
  fs::remove(path(name));
}

void ScratchMaildir::settle() const {
  for (const auto* folder : {"new", "cur"}) {
    const auto fd = maildir::open_folder(root().get(), folder);
    while (maildir::FolderWatch(fd.get()).may_have_changed())
      usleep(1000);
  }
}

std::vector<std::string> ScratchMaildir::files() const {
  std::vector<std::string> names;
  for (const std::string folder : {"cur", "new"})
    for (const auto& entry : fs::directory_iterator(path(folder)))
      names.push_back(folder + "/" + entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace support

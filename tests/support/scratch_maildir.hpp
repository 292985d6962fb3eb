// SPDX-License-Identifier: ISC
// A Maildir on disk for a test case.
#pragma once

#include "maildir/maildir.hpp"
#include "support/scratch_dir.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace support {

class ScratchMaildir {
 public:
  ScratchMaildir() {
    for (const auto* folder : {"new", "cur", "tmp"})
      boost::filesystem::create_directory(path(folder));
  }

  const std::string& path() const { return dir_.path(); }
  /// `name` is below the Maildir, such as cur/1.a:2,S.
  std::string path(const std::string& name) const { return dir_.path(name); }

  void put(const std::string& name, std::string_view text = "a\n") const {
    std::ofstream(path(name), std::ios::binary) << text;
  }
  void move(const std::string& from, const std::string& to) const {
    boost::filesystem::rename(path(from), path(to));
  }
  void remove(const std::string& name) const { boost::filesystem::remove(path(name)); }
  std::string text(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// All files of new/ and cur/, in order.
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const std::string folder : {"cur", "new"})
      for (const auto& entry : boost::filesystem::directory_iterator(path(folder)))
        names.push_back(folder + "/" + entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  base::UniqueFd root() const {
    return base::UniqueFd(::open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  maildir::Maildir open() const {
    auto opened = maildir::Maildir::open(root());
    REQUIRE(opened.has_value());
    opened->scan();
    return std::move(*opened);
  }

 private:
  ScratchDir dir_;
};

} // namespace support

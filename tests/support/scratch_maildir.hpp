// SPDX-License-Identifier: ISC
// A Maildir on disk for a test case.
#pragma once

#include "maildir/maildir.hpp"
#include "support/files.hpp"
#include "support/scratch_dir.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <vector>

namespace support {

class ScratchMaildir {
 public:
  ScratchMaildir();

  const std::string& path() const { return dir_.path(); }
  /// `name` is below the Maildir, such as cur/1.a:2,S.
  std::string path(const std::string& name) const { return dir_.path(name); }

  void put(const std::string& name, std::string_view text = "a\n") const {
    write_file(path(name), text);
  }
  void move(const std::string& from, const std::string& to) const;
  void remove(const std::string& name) const;
  std::string text(const std::string& name) const { return read_file(path(name)); }
  /// Waits until another change of a folder would show in its time.
  void settle() const;
  /// All files of new/ and cur/, in order.
  std::vector<std::string> files() const;

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

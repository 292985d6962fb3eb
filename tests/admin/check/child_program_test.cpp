// SPDX-License-Identifier: ISC
#include "admin/check/child_program.hpp"

#include "base/text_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <ostream>
#include <stdexcept>
#include <sys/stat.h>

using admin::ChildProgram;
using std::chrono::seconds;

namespace {

const base::UniqueFd& shell() {
  static const base::UniqueFd file(::open("/bin/sh", O_RDONLY | O_CLOEXEC));
  return file;
}

} // namespace

TEST_CASE("a program reads its input, and its output and its errors are kept apart") {
  const auto in = admin::nameless_file("word\n");
  const auto out = admin::nameless_file("");
  ChildProgram program(shell(), {"sh", "-c", "read line; echo \"got $line\"; echo no >&2"},
                       {in.get(), out.get()});
  CHECK(program.wait(seconds(10)));
  CHECK(program.succeeded());
  CHECK(program.errors() == "no\n");
  ::lseek(out.get(), 0, SEEK_SET);
  CHECK(base::read_text(out.get(), "output") == "got word\n");
}

TEST_CASE("a status other than 0 is no success") {
  const auto none = admin::nameless_file("");
  ChildProgram program(shell(), {"sh", "-c", "exit 3"}, {none.get(), none.get()});
  CHECK(program.wait(seconds(10)));
  CHECK_FALSE(program.succeeded());
}

TEST_CASE("a program that takes too long is killed") {
  const auto none = admin::nameless_file("");
  ChildProgram program(shell(), {"sh", "-c", "while :; do :; done"}, {none.get(), none.get()});
  CHECK_FALSE(program.wait(seconds(0)));
  CHECK_FALSE(program.succeeded());
}

TEST_CASE("a preparation works in the child process alone, and an exception there is told") {
  const auto none = admin::nameless_file("");
  const auto mask = ::umask(022);
  {
    ChildProgram program(shell(), {"sh", "-c", "umask >&2"}, {none.get(), none.get()},
                         [] { ::umask(077); });
    CHECK(program.wait(seconds(10)));
    CHECK(program.errors() == "0077\n");
  }
  CHECK(::umask(mask) == 022);
  ChildProgram program(shell(), {"sh"}, {none.get(), none.get()},
                       [] { throw std::runtime_error("not today"); });
  CHECK(program.wait(seconds(10)));
  CHECK_FALSE(program.succeeded());
  CHECK(program.errors() == "not today\n");
}

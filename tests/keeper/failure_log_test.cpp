// SPDX-License-Identifier: ISC
#include "keeper/failure_log.hpp"

#include "support/files.hpp"
#include "support/scratch_dir.hpp"
#include "support/wire_text.hpp"

#include <cerrno>
#include <doctest/doctest.h>
#include <ostream>

using keeper::FailureLog;

namespace {

std::system_error failure(int error) {
  return {error, std::generic_category(), "read"};
}

} // namespace

TEST_CASE("a failure is logged with the name, and told to be permanent or not") {
  const support::ScratchDir dir;
  const auto log = base::Log::open(dir.path("log"), "t");
  FailureLog failures(log);
  CHECK(failures.failed(failure(EACCES), "1.a") == ipc::Outcome::permanent);
  CHECK(failures.failed(failure(EIO), "2.b") == ipc::Outcome::temporary);
  failures.size_changed("3.c");
  const auto text = support::read_file(dir.path("log"));
  CHECK(text.find("problem=\"read: Permission denied\" name=1.a") != text.npos);
  CHECK(text.find("problem=\"read: Input/output error\" name=2.b") != text.npos);
  CHECK(text.find("problem=size-changed name=3.c") != text.npos);
}

TEST_CASE("what only a person can mend is permanent, what comes and goes is passing") {
  for (const int error : {EACCES, EPERM, EROFS, E2BIG, EFBIG, ELOOP, EISDIR, ENAMETOOLONG, ENXIO}) {
    CAPTURE(error);
    CHECK(keeper::is_permanent(failure(error)));
    CHECK_FALSE(keeper::is_passing(failure(error)));
  }
  for (const int error : {EAGAIN, EINTR, EMFILE, ENFILE, ENOMEM, ESTALE, ETIMEDOUT}) {
    CAPTURE(error);
    CHECK_FALSE(keeper::is_permanent(failure(error)));
    CHECK(keeper::is_passing(failure(error)));
  }
  CHECK_FALSE(keeper::is_permanent(failure(EIO)));
  CHECK_FALSE(keeper::is_passing(failure(EIO)));
}

TEST_CASE("a session logs most_lines failures at most, of all kinds together") {
  const support::ScratchDir dir;
  const auto log = base::Log::open(dir.path("log"), "t");
  FailureLog failures(log);
  for (std::uint32_t i = 1; i < FailureLog::most_lines; ++i)
    (void)failures.failed(failure(EIO), "1.a");
  failures.size_changed("last");
  failures.size_changed("beyond");
  CHECK(failures.failed(failure(EACCES), "beyond") == ipc::Outcome::permanent);
  const auto text = support::read_file(dir.path("log"));
  CHECK(support::count_of(text, '\n') == FailureLog::most_lines);
  CHECK(text.find("name=last") != text.npos);
  CHECK(text.find("beyond") == text.npos);
}

TEST_CASE("UPDATE's failures are counted in a line for each kind, and nothing else is told") {
  const support::ScratchDir dir;
  const auto log = base::Log::open(dir.path("log"), "t");
  const FailureLog failures(log);
  failures.updated({.removed = 7, .gone = 1, .flagged = 2});
  CHECK(support::read_file(dir.path("log")).empty());
  failures.updated({.removed = 7, .failed = 3, .flagged = 2, .unflagged = 4, .sync_error = EIO});
  const auto text = support::read_file(dir.path("log"));
  CHECK(support::count_of(text, '\n') == 3);
  CHECK(text.find("problem=messages-not-removed count=3") != text.npos);
  CHECK(text.find("problem=messages-not-flagged count=4") != text.npos);
  CHECK(text.find("problem=not-synced count=9 error=\"Input/output error\"") != text.npos);
}

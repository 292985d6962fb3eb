// SPDX-License-Identifier: ISC
// Messages that the system does not let us read, for now or for good.
#include "maildir/maildir.hpp"

#include "support/child.hpp"
#include "support/failing_call.hpp"
#include "support/scratch_maildir.hpp"

#include <doctest/doctest.h>
#include <functional>
#include <ostream>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <system_error>

using maildir::Maildir;
using support::ScratchMaildir;

namespace {

enum Status { as_expected = 0, other = 1 };

/// The errno with which the message cannot be measured; 0 when it can.
int error_of(Maildir& mail, pop3::MessageNumber message) {
  try {
    (void)mail.octets(message);
  } catch (const std::system_error& error) {
    return error.code().value();
  }
  return 0;
}

/// Runs `act`, which says whether all was as expected, in a process that may be damaged.
bool in_child(const std::function<bool()>& act) {
  return support::Child([&] { return act() ? as_expected : other; }).exit_status() == as_expected;
}

bool has_index_of(const ScratchMaildir& mail, Maildir& opened, std::string_view lines) {
  opened.save_index();
  return mail.text("sodapop.index").starts_with("sodapop-index 2 " + std::string(lines) + " ");
}

} // namespace

TEST_CASE("a message that cannot be read has no size, and the others have theirs") {
  for (const std::uint32_t error : {EIO, ESTALE, ENOMEM, EINTR}) {
    CAPTURE(error);
    const ScratchMaildir mail;
    mail.put("new/1.a", "a\n");
    mail.put("new/2.bad", "1234567\n");
    mail.put("new/3.c", "c\n");
    CHECK(in_child([&] {
      auto opened = mail.open();
      opened.use_index(base::Secret(std::string(32, 'k')));
      return support::fail_reads(8, error) && opened.octets(1) == 3 &&
             error_of(opened, 2) == static_cast<int>(error) && opened.octets(3) == 3 &&
             !opened.is_size_known(2) && error_of(opened, 2) == static_cast<int>(error) &&
             has_index_of(mail, opened, "2");
    }));
  }
}

TEST_CASE("a file that ends before its length has no size") {
  const ScratchMaildir mail;
  mail.put("new/1.short", "1234567\n");
  CHECK(in_child([&] {
    auto opened = mail.open();
    return support::fail_reads(8, 0) && error_of(opened, 1) == EIO;
  }));
}

TEST_CASE("a message is measured when there are descriptors again") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "a\n");
  CHECK(in_child([&] {
    auto opened = mail.open();
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    const auto before = limit.rlim_cur;
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_NOFILE, &limit);
    const bool failed = error_of(opened, 1) == EMFILE;
    limit.rlim_cur = before;
    setrlimit(RLIMIT_NOFILE, &limit);
    return failed && opened.octets(1) == 3;
  }));
}

TEST_CASE("a fault that has passed at the second reading is none") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "a\n");
  mail.put("new/2.b", "1234567\n");
  mail.put("tmp/2.b", "other\n");
  CHECK(in_child([&] {
    auto opened = mail.open();
    const bool is_ready = support::fail_reads(8, EIO) && opened.octets(1) == 3;
    mail.move("tmp/2.b", "new/2.b"); // the first file was opened ahead
    return is_ready && opened.octets(2) == 7;
  }));
}

TEST_CASE("a message that cannot be read may be listed with the length of its file") {
  const ScratchMaildir mail;
  mail.put("new/1.bad", "1\n34567\n");
  mail.put("new/2.gone", "1\n34567\n");
  CHECK(in_child([&] {
    auto opened = mail.open();
    opened.use_index(base::Secret(std::string(32, 'k')));
    if (!support::fail_reads(8, EIO) || error_of(opened, 1) != EIO)
      return false;
    mail.remove("new/2.gone");
    return opened.use_length(1) == 8 && opened.octets(1) == 8 && opened.use_length(2) == 0 &&
           opened.octets(2) == 0 && !opened.has_other_size(1);
  }));
  auto next = mail.open();
  CHECK(next.octets(1) == 10);
}

TEST_CASE("a message that is renamed before each attempt to open it is not told to be empty") {
  const ScratchMaildir mail;
  mail.put("new/1.a", "a\n");
  CHECK(in_child([&] {
    auto opened = mail.open();
    constexpr std::uint32_t flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    return support::fail_calls({SYS_openat, 2, flags, flags}, ENOENT) &&
           error_of(opened, 1) == EAGAIN;
  }));
}

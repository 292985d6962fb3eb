// SPDX-License-Identifier: ISC
// The search for messages that are not where they were, when the folders cannot be listed.
#include "maildir/maildir.hpp"

#include "support/scratch_maildir.hpp"

#include <cerrno>
#include <chrono>
#include <dirent.h>
#include <doctest/doctest.h>
#include <ostream>
#include <sys/syscall.h>
#include <system_error>
#include <thread>
#include <unistd.h>

using support::ScratchMaildir;

namespace {

bool listing_fails = false;
int failed_listings = 0;

/// Listings fail, slowly, as long as this exists.
struct FailingListings {
  FailingListings() {
    listing_fails = true;
    failed_listings = 0;
  }
  FailingListings(const FailingListings&) = delete;
  FailingListings& operator=(const FailingListings&) = delete;
  ~FailingListings() { listing_fails = false; }
};

} // namespace

/// Takes the place of the C library's function in this program.
ssize_t getdents64(int folder, void* space, std::size_t octets) noexcept {
  if (!listing_fails)
    return syscall(SYS_getdents64, folder, space, octets);
  ++failed_listings;
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  errno = EIO;
  return -1;
}

TEST_CASE("many messages cost few listings that fail, and each message fails") {
  constexpr pop3::MessageNumber messages = 10;
  const ScratchMaildir mail;
  for (pop3::MessageNumber i = 1; i <= messages; ++i)
    mail.put("new/" + std::to_string(i));
  auto opened = mail.open();
  for (pop3::MessageNumber i = 1; i <= messages; ++i)
    mail.remove("new/" + std::to_string(i));
  {
    const FailingListings failing;
    for (pop3::MessageNumber i = 1; i <= messages; ++i)
      CHECK_THROWS_AS((void)opened.open_message(i), std::system_error);
    CHECK(failed_listings <= 3);
  }
  pop3::Marks all(messages);
  for (pop3::MessageNumber i = 1; i <= messages; ++i)
    all.set(i);
  CHECK(opened.update(all, pop3::Marks(messages), true).gone == messages); // looks at once
}

// SPDX-License-Identifier: ISC
// Another program that renames messages while the Maildir is listed.
#include "maildir/maildir.hpp"

#include "support/child.hpp"
#include "support/scratch_maildir.hpp"

#include <chrono>
#include <cstdio>
#include <doctest/doctest.h>
#include <ostream>
#include <set>

using maildir::Maildir;
using std::chrono::steady_clock;
using support::Child;
using support::ScratchMaildir;

namespace {

constexpr unsigned messages = 3000; // more than one getdents64(2) lists

std::string base_of(unsigned message) {
  return std::to_string(1'000'000'000 + message) + ".M1P2.host.example";
}

/// Sets and clears the flag of one message after the other, until it is killed.
int rename_for_ever(const ScratchMaildir& mail) {
  for (unsigned i = 0;; ++i) {
    const auto name = "cur/" + base_of(i % messages) + ":2,";
    if (i / messages % 2 != 0) // it is seen
      mail.move(name + "S", name);
    else
      mail.move(name, name + "S");
  }
}

} // namespace

TEST_CASE("no message is missed or found twice while another program renames") {
  const ScratchMaildir mail;
  for (unsigned i = 0; i < messages; ++i)
    mail.put("cur/" + base_of(i) + ":2,");
  const Child renamer([&] { return rename_for_ever(mail); });
  auto opened = mail.open();
  unsigned wrong = 0;
  for (const auto end = steady_clock::now() + std::chrono::seconds(1); steady_clock::now() < end;) {
    opened.scan();
    wrong += opened.count() == messages ? 0 : 1;
  }
  CHECK(wrong == 0);
}

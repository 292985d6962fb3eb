// SPDX-License-Identifier: ISC
// A process that a listener has forked, with the test as its client.
#include "server/session.hpp"

#include "pop3/refusal.hpp"
#include "support/child.hpp"
#include "support/scratch_maildir.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <ostream>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sysexits.h>

using support::Child;

namespace {

/// A session without login, for an ordinary account.
server::SessionPlan plan_for(const support::ScratchMaildir& mail) {
  server::SessionPlan plan;
  plan.settings.log = mail.path("log");
  plan.profile.hostname = "pop.example.org";
  plan.owner = server::PreauthenticatedUser{"alice", mail.path()};
  return plan;
}

void open_to_all(const support::ScratchMaildir& mail) {
  for (const auto* folder : {"", "/new", "/cur", "/tmp"})
    REQUIRE(chmod((mail.path() + folder).c_str(), 0777) == 0);
}

bool become_nobody() {
  constexpr uid_t nobody = 65534;
  return getuid() != 0 ||
         (setresgid(nobody, nobody, nobody) == 0 && setresuid(nobody, nobody, nobody) == 0);
}

/// All octets up to the end of the other side.
std::string read_all(int fd) {
  std::string text;
  char block[4096];
  for (ssize_t octets; (octets = read(fd, block, sizeof block)) > 0;)
    text.append(block, static_cast<std::size_t>(octets));
  return text;
}

class SessionProcess {
 public:
  /// `prepare` runs in the process before its first act.
  template <class Prepare>
  SessionProcess(server::SessionPlan plan, const Prepare& prepare)
      : ends_(make_pair()), child_([&]() -> int {
          if (!become_nobody())
            return support::not_prepared;
          prepare();
          server::run_session_process(ends_[1].get(), {}, plan, base::Log(), {});
        }) {
    ends_[1].reset();
  }

  std::string talk(std::string_view text) {
    CHECK(send(ends_[0].get(), text.data(), text.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(text.size()));
    return replies();
  }
  /// All up to the end, with nothing sent: the process may have closed its side already.
  std::string replies() { return read_all(ends_[0].get()); }
  int exit_status() { return child_.exit_status(); }

 private:
  static std::array<base::UniqueFd, 2> make_pair() {
    int ends[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    return {base::UniqueFd(ends[0]), base::UniqueFd(ends[1])};
  }

  std::array<base::UniqueFd, 2> ends_;
  Child child_;
};

} // namespace

TEST_CASE("a session is served on the connection that was accepted") {
  const support::ScratchMaildir mail;
  open_to_all(mail);
  SessionProcess process(plan_for(mail), [] {});
  const auto replies = process.talk("STAT\r\nQUIT\r\n");
  CHECK(replies.starts_with("+OK POP3 server ready on pop.example.org\r\n+OK 0 0\r\n+OK"));
  CHECK(process.exit_status() == EX_OK);
}

TEST_CASE("descriptors of the listener are closed") {
  const support::ScratchMaildir mail;
  open_to_all(mail);
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  base::UniqueFd reader(ends[0]), writer(ends[1]);
  SessionProcess process(plan_for(mail), [] {});
  writer.reset();
  CHECK(read_all(reader.get()).empty()); // ends although the session goes on
  process.talk("QUIT\r\n");
  CHECK(process.exit_status() == EX_OK);
}

TEST_CASE("a client is told when there is no process for it") {
  const support::ScratchMaildir mail;
  SessionProcess process(plan_for(mail), [] {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_NPROC, &none);
  });
  CHECK(process.replies() == pop3::cannot_start);
  CHECK(process.exit_status() == EX_OSERR);
}

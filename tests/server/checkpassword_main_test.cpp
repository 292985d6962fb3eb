// SPDX-License-Identifier: ISC
// The command that a checkpassword program runs, with and without a verifier at descriptor 4.
#include "server/checkpassword_main.hpp"

#include "support/child.hpp"
#include "verifier/checkpassword/checkpassword_reply.hpp"
#include "verifier/verifier_process.hpp"

#include <cstdlib>
#include <doctest/doctest.h>
#include <ostream>
#include <string>
#include <sys/socket.h>
#include <vector>

using Words = std::vector<std::string>;

namespace {

constexpr int reply_fd = 4; // fixed by the checkpassword interface

std::optional<int> call(Words words) {
  words.insert(words.begin(), "sodapopd");
  std::vector<char*> argv;
  argv.reserve(words.size());
  for (auto& word : words)
    argv.push_back(word.data());
  return server::reply_to_checkpassword(static_cast<int>(words.size()), argv.data());
}

/// The exit status of the command with `to` as descriptor 4, or without it if `to` is negative.
int reply(const Words& words, int to) {
  return support::Child([&] {
           setenv("HOME", "/home/alice", 1);
           close(2);
           if (to < 0)
             close(reply_fd);
           else
             dup2(to, reply_fd);
           return call(words).value_or(support::not_prepared);
         })
      .exit_status();
}

const Words good{"--checkpassword-reply", "alice", "%h/Maildir", "192.0.2.7"};

} // namespace

TEST_CASE("the option is the first word, or the program was started for something else") {
  CHECK_FALSE(call({}));
  CHECK_FALSE(call({"--help", "--checkpassword-reply"}));
}

TEST_CASE("the verdict goes to descriptor 4") {
  int ends[2];
  REQUIRE(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
  CHECK(reply(good, ends[1]) == 0);
  verifier::ReplyMessage message;
  REQUIRE(recv(ends[0], &message, sizeof message, MSG_DONTWAIT) == sizeof message);
  CHECK(message.kind == verifier::Verdict::Kind::granted);
  CHECK(verifier::text_of(message.maildir) == "/home/alice/Maildir");
  close(ends[0]);
  close(ends[1]);
}

TEST_CASE("without a reader, and with other arguments, it was misused") {
  constexpr int misused = 2;
  CHECK(reply(good, -1) == misused);
  CHECK(reply({"--checkpassword-reply"}, -1) == misused);
  auto more = good;
  more.emplace_back("more");
  CHECK(reply(more, -1) == misused);
}

// SPDX-License-Identifier: ISC
// Gatekeeper and Maildrop as the front sees them: stubs that ask the monitor and the keeper over
// the channel. Runs in the front. Believes what the other side says, but checks that it fits.
#pragma once

#include "pop3/gatekeeper.hpp"
#include "privsep/channel.hpp"
#include "privsep/message.hpp"

#include <memory>
#include <vector>

namespace privsep {

/// One request, one answer. Throws what Channel throws, and ProtocolViolation when the answer is
/// not of the kind that was asked for.
class Requester {
 public:
  explicit Requester(Channel& channel) : channel_(channel) {}

  template <class Message> void tell(const Message& request) { channel_.send(bytes_of(request)); }
  /// The next answer, which must be an `Expected`. A descriptor that comes along goes to `fd`, and
  /// is a violation where none is wanted.
  template <class Expected> Expected receive(base::UniqueFd* fd = nullptr) {
    const auto answer = receive_any(sizeof(Expected), fd);
    if (const auto* expected = std::get_if<Expected>(&answer))
      return *expected;
    throw ProtocolViolation("answer to another question");
  }

 private:
  Answer receive_any(std::size_t size, base::UniqueFd* fd);

  Channel& channel_;
  std::vector<std::byte> space_; // as large as the answers so far
};

class RemoteMaildrop : public pop3::Maildrop {
 public:
  RemoteMaildrop(Channel& channel, pop3::MessageNumber count)
      : requester_(channel), count_(count), size_changed_(count) {}

  pop3::MessageNumber count() const override { return count_; }
  pop3::Octets octets(pop3::MessageNumber message) override;
  std::string unique_id(pop3::MessageNumber message) override;
  std::unique_ptr<pop3::MessageSource> open(pop3::MessageNumber message, pop3::Purpose) override;
  pop3::UpdateResult update(const pop3::Marks& deleted, const pop3::Marks& retrieved) override;

 private:
  void fetch_sizes(pop3::MessageNumber first);
  void compare(pop3::MessageNumber message, pop3::Octets sent);
  void send_marks(const pop3::Marks& deleted, const pop3::Marks& retrieved);

  Requester requester_;
  pop3::MessageNumber count_;
  std::vector<pop3::Octets> octets_;            // those known so far; filled page by page
  pop3::Marks size_changed_;                    // those that the keeper was told of
  std::unique_ptr<UniqueIdsAnswer> unique_ids_; // the page in use
};

class RemoteGatekeeper : public pop3::Gatekeeper {
 public:
  explicit RemoteGatekeeper(Channel& channel) : channel_(channel) {}

  base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial>
  login(const pop3::Credentials& credentials) override;
  /// For a session that needs no login: waits for the answer that comes unasked.
  base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial> await();

 private:
  Channel& channel_;
};

} // namespace privsep

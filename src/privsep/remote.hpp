// SPDX-License-Identifier: ISC
// Gatekeeper and Maildrop as the front sees them: stubs that ask the monitor and the keeper over
// the channel. Runs in the front. Believes what the other side says, but checks that it fits.
#pragma once

#include "pop3/gatekeeper.hpp"
#include "privsep/channel.hpp"
#include "privsep/message.hpp"
#include "privsep/message_file.hpp"

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
  template <class Expected> void receive(Expected& answer, base::UniqueFd* fd = nullptr) {
    const auto size = receive_into(std::as_writable_bytes(std::span(&answer, 1)), fd);
    if (size != sizeof answer || !is_valid(answer))
      throw ProtocolViolation("answer to another question, or malformed");
  }
  template <class Expected> Expected receive(base::UniqueFd* fd = nullptr) {
    Expected answer;
    receive(answer, fd);
    return answer;
  }

 private:
  std::size_t receive_into(std::span<std::byte> space, base::UniqueFd* fd);

  Channel& channel_;
};

/// Messages that are opened at once for a client that takes them in their order, which is what the
/// front's limit of descriptors has room for.
constexpr pop3::MessageNumber open_ahead = 8;

class RemoteMaildrop : public pop3::Maildrop {
 public:
  RemoteMaildrop(Channel& channel, pop3::MessageNumber count)
      : requester_(channel), count_(count), size_changed_(count) {}

  pop3::MessageNumber count() const override { return count_; }
  pop3::Octets octets(pop3::MessageNumber message) override;
  std::string unique_id(pop3::MessageNumber message) override;
  /// A client that takes one message after the other has the next ones opened along with this one:
  /// the keeper is woken once for several.
  std::unique_ptr<pop3::MessageSource> open(pop3::MessageNumber message, pop3::Purpose) override;
  pop3::UpdateResult update(const pop3::Marks& deleted, const pop3::Marks& retrieved) override;

 private:
  /// The keeper's answer about one message.
  struct Opened {
    pop3::MessageNumber message = 0;
    Outcome outcome{};
    std::unique_ptr<MessageFile> file;
  };

  void fetch_sizes(pop3::MessageNumber first);
  void fetch_unique_ids(pop3::MessageNumber first);
  void open_from(pop3::MessageNumber message);
  Opened receive_opened(pop3::MessageNumber message);
  Opened take_opened(pop3::MessageNumber message);
  void compare(pop3::MessageNumber message, pop3::Octets sent);
  void send_marks(const pop3::Marks& deleted, const pop3::Marks& retrieved);

  Requester requester_;
  pop3::MessageNumber count_;
  std::vector<pop3::Octets> octets_;            // those known so far; filled page by page
  pop3::Marks size_changed_;                    // those that the keeper was told of
  std::unique_ptr<UniqueIdsAnswer> unique_ids_; // the page in use
  std::vector<Opened> opened_;                  // ahead of the client
  pop3::MessageNumber last_opened_ = 0;         // for the client
};

class RemoteGatekeeper : public pop3::Gatekeeper {
 public:
  explicit RemoteGatekeeper(Channel& channel) : channel_(channel) {}

  base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial>
  login(const pop3::Credentials& credentials) override;
  base::Result<pop3::ScramOffer, pop3::Denial> scram_start(const pop3::ScramStart& start) override;
  base::Result<pop3::ScramSignature, pop3::Denial>
  scram_check(const pop3::ScramFinal& final) override;
  base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial> scram_finish() override;
  /// For a session that needs no login: waits for the answer that comes unasked.
  base::Result<std::unique_ptr<pop3::Maildrop>, pop3::Denial> await();

 private:
  Channel& channel_;
};

} // namespace privsep

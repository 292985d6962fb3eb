// SPDX-License-Identifier: ISC
// The Maildrop as the front sees it: a stub that asks the keeper over the channel. Runs in the
// front. Believes what the other side says, but checks that it fits.
#pragma once

#include "front/message_file.hpp"
#include "front/requester.hpp"
#include "pop3/maildrop.hpp"

#include <memory>
#include <vector>

namespace front {

/// Messages that are opened at once for a client that takes them in their order, which is what the
/// front's limit of descriptors has room for.
constexpr pop3::MessageNumber open_ahead = 8;

class RemoteMaildrop : public pop3::Maildrop {
 public:
  RemoteMaildrop(ipc::Channel& channel, pop3::MessageNumber count, bool is_read_only = false)
      : requester_(channel), count_(count), is_read_only_(is_read_only), size_changed_(count) {}

  pop3::MessageNumber count() const override { return count_; }
  bool is_read_only() const override { return is_read_only_; }
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
    ipc::Outcome outcome{};
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
  bool is_read_only_;
  std::vector<pop3::Octets> octets_;                 // those known so far; filled page by page
  pop3::Marks size_changed_;                         // those that the keeper was told of
  std::unique_ptr<ipc::UniqueIdsAnswer> unique_ids_; // the page in use
  std::vector<Opened> opened_;                       // ahead of the client
  pop3::MessageNumber last_opened_ = 0;              // for the client
};

} // namespace front

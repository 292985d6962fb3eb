// SPDX-License-Identifier: ISC
// The front's implementation of Maildrop: a stub that sends requests to the keeper over the
// channel. Runs in the front. Trusts the values in answers, but checks that they are within limits.
#pragma once

#include "front/message_file.hpp"
#include "front/requester.hpp"
#include "pop3/maildrop.hpp"

#include <map>
#include <memory>
#include <vector>

namespace front {

class RemoteMaildrop : public pop3::Maildrop {
 public:
  /// Each function throws what Requester throws.
  RemoteMaildrop(Requester requester, pop3::MessageNumber count, bool is_read_only = false)
      : requester_(std::move(requester)), count_(count), is_read_only_(is_read_only),
        size_changed_(count) {}

  pop3::MessageNumber count() const override { return count_; }
  bool is_read_only() const override { return is_read_only_; }
  pop3::Octets octets(pop3::MessageNumber message) override;
  std::string_view unique_id(pop3::MessageNumber message) override;
  /// When a client opens messages in order, the next messages are opened along with `message`, up
  /// to ipc::max_opened at once, so that the keeper is woken once for several messages.
  std::unique_ptr<pop3::MessageSource> open(pop3::MessageNumber message) override;
  pop3::UpdateResult update(const pop3::Marks& deleted, const pop3::Marks& retrieved) override;

 private:
  /// The keeper's answer about one message.
  struct Opened {
    ipc::Outcome outcome;
    std::unique_ptr<MessageFile> file;

    /// False when there is no file, or when it was removed or changed since it was opened.
    bool is_usable() const { return file && file->is_as_opened(); }
  };

  /// The page of sizes or unique-ids that begins with `first`.
  template <class Page, class Request> std::unique_ptr<Page> fetch(pop3::MessageNumber first);
  void open_from(pop3::MessageNumber message);
  void receive_opened(pop3::MessageNumber message, std::uint32_t count);
  std::unique_ptr<MessageFile> file_of(pop3::MessageNumber message,
                                       const ipc::OpenAnswer::Entry& entry, base::UniqueFd fd);
  void compare(pop3::MessageNumber message, pop3::Octets sent);
  void report(pop3::MessageNumber message, const MessageFile::Failure& failure);
  void send_marks(const pop3::Marks& deleted, const pop3::Marks& retrieved);

  Requester requester_;
  pop3::MessageNumber count_;
  bool is_read_only_;
  std::vector<pop3::Octets> octets_;                 // sizes known so far; filled page by page
  pop3::Marks size_changed_;                         // messages whose changed size was reported
  std::unique_ptr<ipc::UniqueIdsAnswer> unique_ids_; // the page in use
  std::map<pop3::MessageNumber, Opened> opened_;     // opened ahead of the client's commands
  pop3::MessageNumber last_opened_ = 0;              // last message that the client requested
};

} // namespace front

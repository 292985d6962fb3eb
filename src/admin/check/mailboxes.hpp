// SPDX-License-Identifier: ISC
// Checks the Maildirs of users: that each can use it from the root directory to cur, new and tmp,
// and what lies in it that no client sees. Two child processes look at a batch of Maildirs each.
#pragma once

#include "admin/account.hpp"
#include "admin/check/maildir_look.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace admin {

class Mailboxes {
 public:
  /// Maildirs that one process looks at.
  static constexpr std::size_t batch_size = 256;
  /// The time for a batch. Then the process is killed, and another one looks at each Maildir, which
  /// has as_user's time.
  static constexpr std::chrono::seconds batch_limit{30};

  /// Refers to both arguments.
  Mailboxes(const CheckContext& context, Findings& findings)
      : context_(context), findings_(findings) {}

  /// Checks the Maildir of a user, now or later, unless the line itself prevents the login, which
  /// check_user reports.
  void add(const users::User& user);
  /// Waits for the last results, and adds the findings. Says in a note what is in folders that POP3
  /// does not show.
  void finish();

 private:
  struct Batch {
    explicit Batch(std::vector<Mailbox> all) : mailboxes(std::move(all)) {}
    std::vector<Mailbox> mailboxes;
    std::optional<WorkInChild> looks;
  };

  void start_batch();
  void end_batch();
  void tell_all(const Mailbox& mailbox, std::optional<std::vector<Seen>> seen);
  std::vector<Seen> look_again(const Mailbox& mailbox);
  void tell(const Mailbox& mailbox, const Seen& seen);

  const CheckContext& context_;
  Findings& findings_;
  std::vector<Mailbox> waiting_;
  std::deque<Batch> running_; ///< At most two.
  std::size_t confirmed_ = 0; ///< How many users look_again() has found a mistake for.
  std::uint64_t users_with_folders_ = 0, in_folders_ = 0;
  std::string first_folder_;
};

} // namespace admin

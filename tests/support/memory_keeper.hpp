// SPDX-License-Identifier: ISC
// The other side of the front's channel, played by a thread: it answers from a list of messages,
// or with the wrong answers of a test.
#pragma once

#include "ipc/answer.hpp"
#include "ipc/channel.hpp"
#include "ipc/request.hpp"
#include "support/copies.hpp"

#include <functional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace support {

class MemoryKeeper {
 public:
  using Answering = std::function<void(MemoryKeeper&, const ipc::Request&)>;

  /// Answers until the other side is gone. `answer` is called for each request, by default
  /// answer_well().
  explicit MemoryKeeper(
      ipc::Channel channel, std::vector<std::string> messages = {},
      Answering answer = [](MemoryKeeper& keeper, const ipc::Request& one) {
        keeper.answer_well(one);
      });
  ~MemoryKeeper() { join(); }

  /// Waits until the other side is gone. Afterwards a test may read `requests`.
  void join();

  void answer_well(const ipc::Request& request);
  template <class Message> void send(const Message& message, int fd = -1) {
    send(message, copies(fd));
  }
  template <class Message> void send(const Message& message, std::span<const base::UniqueFd> fds) {
    channel_.send(ipc::bytes_of(message), fds);
  }
  /// Answers the last request, an OpenRequest: each message is the stored file `fd`, and has
  /// `length` octets.
  void send_files(int fd, std::uint64_t length);
  /// Closes the channel in the middle of a session.
  void leave() { channel_ = ipc::Channel(base::UniqueFd()); }

  std::vector<ipc::Request> requests; ///< All that were received, in order.

 private:
  void run();

  ipc::Channel channel_;
  std::vector<std::string> messages_;
  Answering answer_;
  std::thread thread_;
};

/// The entry of a message that was opened: the stored file `fd`, which has `length` octets.
ipc::OpenAnswer::Entry entry_of(int fd, std::uint64_t length);

/// An answer with these entries.
ipc::OpenAnswer open_answer(const std::vector<ipc::OpenAnswer::Entry>& entries);

/// A descriptor of a file in memory that holds `text`.
base::UniqueFd memory_file(const std::string& text);

} // namespace support

// SPDX-License-Identifier: ISC
// The channel and the keeper of a RemoteMaildrop or RemoteGatekeeper under test.
#pragma once

#include "front/remote_maildrop.hpp"
#include "support/memory_keeper.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// A front's end of a channel, with a keeper at the other.
struct RemoteFixture {
  std::pair<ipc::Channel, ipc::Channel> ends = ipc::Channel::make_pair();
  ipc::Channel channel = std::move(ends.first);
  MemoryKeeper keeper;

  explicit RemoteFixture(std::size_t messages)
      : keeper(std::move(ends.second), std::vector<std::string>(messages, "a\n")) {}
  /// Calls `answer` for every request.
  explicit RemoteFixture(std::function<void(MemoryKeeper&)> answer)
      : keeper(std::move(ends.second), {},
               [answer](MemoryKeeper& one, const ipc::Request&) { answer(one); }) {}
  ~RemoteFixture() { end(); }

  const std::vector<ipc::Request>& end() {
    channel = ipc::Channel(base::UniqueFd());
    keeper.join();
    return keeper.requests;
  }
};

} // namespace support

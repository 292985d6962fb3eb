// SPDX-License-Identifier: ISC
// What stands around a RemoteMaildrop or RemoteGatekeeper under test.
#pragma once

#include "privsep/remote.hpp"
#include "support/memory_keeper.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace support {

/// A front's end of a channel, with a keeper at the other.
struct Scene {
  std::pair<privsep::Channel, privsep::Channel> ends = privsep::Channel::make_pair();
  privsep::Channel channel = std::move(ends.first);
  MemoryKeeper keeper;

  explicit Scene(std::size_t messages)
      : keeper(std::move(ends.second), std::vector<std::string>(messages, "a\n")) {}
  /// Whatever is asked, `answer` is what comes.
  explicit Scene(std::function<void(MemoryKeeper&)> answer)
      : keeper(std::move(ends.second), {},
               [answer](MemoryKeeper& one, const privsep::Request&) { answer(one); }) {}
  ~Scene() { end(); }

  const std::vector<privsep::Request>& end() {
    channel = privsep::Channel(base::UniqueFd());
    keeper.join();
    return keeper.requests;
  }
};

} // namespace support

// SPDX-License-Identifier: ISC
#include "verifier/hash_slot.hpp"

#include "state/octet_lock.hpp"
#include "support/child.hpp"
#include "support/files.hpp"
#include "support/scratch_dir.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <string>

using namespace verifier;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

/// A site with one slot, which is taken.
struct BusySite {
  support::ScratchDir dir;
  config::Settings settings;
  base::Log log = base::Log::open(dir.path("log"), "t");
  ipc::Channel ours{base::UniqueFd()}, fronts{base::UniqueFd()};
  state::HashSlots held;

  BusySite() : held(dir.path("hash-slots"), 1) {
    settings.runtime_directory = settings.state_directory = dir.path();
    settings.hash_slots = 1;
    auto ends = ipc::Channel::make_pair();
    ours = std::move(ends.first);
    fronts = std::move(ends.second);
    REQUIRE(held.acquire({Clock::now()}).has_value());
  }

  base::Result<state::HashSlots, Verdict> take(const base::Client& client,
                                               Clock::duration patience) {
    const VerifierContext context{settings, log, {}, client};
    const VerdictLog verdicts(log, settings, "alice");
    return take_hash_slot({context, ours, Clock::now() + patience}, verdicts);
  }
  bool has_locked(off_t first, off_t length) const {
    const auto file = state::open_lock_file(dir.path("hash-slots"));
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_start = first;
    lock.l_len = length;
    REQUIRE(fcntl(file.get(), F_OFD_GETLK, &lock) == 0);
    return lock.l_type != F_UNLCK;
  }
  /// Whether a login of `client` that waits takes the turnstile of a network in this time.
  bool waits_with_a_network(const base::Client& client, int patience = 10'000) {
    const support::Child waiter([&] { return take(client, 60s) ? 0 : 1; });
    for (int left = patience; left > 0 && !has_locked(state::HashSlots::most, 0); --left)
      usleep(1000);
    return has_locked(state::HashSlots::most, 0);
  }
};

base::Client client_at(std::string_view peer, std::string_view told) {
  return {base::Address::parse(peer), base::Address::parse(told)};
}

} // namespace

TEST_CASE("clients of another host wait with their network, those of this host without one") {
  BusySite site;
  CHECK(site.waits_with_a_network(client_at("192.0.2.1", "192.0.2.1")));
  CHECK(site.waits_with_a_network(client_at("127.0.0.1", "192.0.2.1")));
  CHECK_FALSE(site.waits_with_a_network({}, 200));
  CHECK_FALSE(site.waits_with_a_network(client_at("127.0.0.1", "127.0.0.1"), 200));
  auto own = client_at("192.0.2.9", "192.0.2.9");
  own.has_own_address = true;
  CHECK_FALSE(site.waits_with_a_network(own, 200));
}

TEST_CASE("without a slot the verdict is temporary, and logged unless the front is gone") {
  BusySite site;
  const auto late = site.take({}, 0s);
  REQUIRE_FALSE(late.has_value());
  CHECK(late.error().kind == Verdict::Kind::temporary);
  const auto log = support::read_file(site.dir.path("log"));
  CHECK(log.find("reason=no-hash-slot") != std::string::npos);
  site.fronts = ipc::Channel(base::UniqueFd());
  const auto start = Clock::now();
  const auto alone = site.take({}, 60s);
  CHECK(Clock::now() - start < 5s);
  REQUIRE_FALSE(alone.has_value());
  CHECK(alone.error().kind == Verdict::Kind::temporary);
  CHECK(support::read_file(site.dir.path("log")) == log);
}

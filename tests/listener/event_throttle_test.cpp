// SPDX-License-Identifier: ISC
#include "listener/event_throttle.hpp"

#include "support/scratch_dir.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <ostream>
#include <vector>

using base::Event;
using listener::Clock;
using listener::EventThrottle;
using Kind = EventThrottle::Kind;
using namespace std::chrono_literals;

namespace {

const auto start = Clock::now();

struct Written {
  support::ScratchDir directory;
  std::string path = directory.path("log");
  base::Log log = base::Log::open(path, "test");

  /// The events of the log without the text in front of them.
  std::vector<std::string> events() const {
    std::vector<std::string> all;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
      all.push_back(line.substr(line.find("event=") + 6));
    return all;
  }
};

Event refused(int number) {
  return Event("refused").with("number", static_cast<std::uint64_t>(number));
}

using Events = std::vector<std::string>;

} // namespace

TEST_CASE("the first of a kind is told at once, the next after a pause, with the count of others") {
  Written written;
  EventThrottle throttle(written.log);
  for (int i = 0; i < 5; ++i)
    throttle.write(Kind::full, refused(i), start + i * 1ms);
  CHECK(written.events() == Events{"refused number=0 suppressed=0"});
  throttle.write(Kind::full, refused(5), start + EventThrottle::pause - 1ns);
  CHECK(written.events().size() == 1);
  throttle.write(Kind::full, refused(6), start + EventThrottle::pause);
  CHECK(written.events() ==
        Events{"refused number=0 suppressed=0", "refused number=6 suppressed=5"});
}

TEST_CASE("a suppressed event is told when its pause is over, even if no other follows") {
  Written written;
  EventThrottle throttle(written.log);
  CHECK(throttle.due() == Clock::time_point::max());
  for (int i = 0; i < 3; ++i)
    throttle.write(Kind::full, refused(i), start);
  CHECK(throttle.due() == start + EventThrottle::pause);
  throttle.write_due(start + EventThrottle::pause - 1ns);
  CHECK(written.events().size() == 1);
  throttle.write_due(start + EventThrottle::pause);
  CHECK(written.events().back() == "refused number=2 suppressed=1");
  CHECK(throttle.due() == Clock::time_point::max());
  throttle.write_due(start + 1h);
  CHECK(written.events().size() == 2);
}

TEST_CASE("a line that was caught up begins another pause") {
  Written written;
  EventThrottle throttle(written.log);
  throttle.write(Kind::full, refused(0), start);
  throttle.write(Kind::full, refused(1), start);
  throttle.write_due(start + EventThrottle::pause);
  throttle.write(Kind::full, refused(2), start + EventThrottle::pause + 1ms);
  CHECK(written.events().size() == 2);
  CHECK(throttle.due() == start + 2 * EventThrottle::pause);
}

TEST_CASE("one kind does not silence another") {
  Written written;
  EventThrottle throttle(written.log);
  throttle.write(Kind::full, refused(0), start);
  throttle.write(Kind::source_full, refused(1), start);
  throttle.write(Kind::fork_failed, refused(2), start);
  CHECK(written.events().size() == 3);
}

TEST_CASE("at the end the kept events are told, with the count of others") {
  Written written;
  EventThrottle throttle(written.log);
  for (int i = 0; i < 4; ++i)
    throttle.write(Kind::full, refused(i), start);
  throttle.write_kept();
  CHECK(written.events() ==
        Events{"refused number=0 suppressed=0", "refused number=3 suppressed=2"});
}

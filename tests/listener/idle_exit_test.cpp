// SPDX-License-Identifier: ISC
#include "listener/idle_exit.hpp"

#include <doctest/doctest.h>
#include <ostream>

using listener::IdleExit;
using namespace std::chrono_literals;

namespace {

constexpr auto begin = IdleExit::Clock::time_point() + 1h;
constexpr auto never = IdleExit::Clock::time_point::max();

config::Settings settings_with(std::uint32_t idle_exit) {
  config::Settings settings;
  settings.idle_exit = idle_exit;
  return settings;
}

} // namespace

TEST_CASE("a listener ends so long after its last client") {
  IdleExit exit(true, begin);
  CHECK((exit.due(false, settings_with(5)) == begin + 5s));
  exit.note_client(begin + 3s);
  CHECK((exit.due(false, settings_with(5)) == begin + 8s));
  CHECK((exit.due(true, settings_with(5)) == never));
  CHECK((exit.due(false, settings_with(0)) == never));
}

TEST_CASE("without a launcher it does not end") {
  CHECK((IdleExit(false, begin).due(false, settings_with(5)) == never));
}

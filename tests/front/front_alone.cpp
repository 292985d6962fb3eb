// SPDX-License-Identifier: ISC
// One session without login attempts, served by a front that is linked with nothing but what it may
// know; front_alone_test.py looks at what came along.
#include "front/front.hpp"
#include "sandbox/sandbox.hpp"

int main() {
  auto [channel, monitor] = ipc::Channel::make_pair();
  const config::Settings settings;
  front::Front front(channel, settings, {}, false);
  sandbox::confine(sandbox::Role::front);
  front.run();
}

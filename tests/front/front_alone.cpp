// SPDX-License-Identifier: ISC
// Serves one session without login attempts by a front that is linked only with the code that it
// may use. front_alone_test.py checks which code was linked.
#include "front/front.hpp"
#include "sandbox/sandbox.hpp"

#include <unistd.h>

int main() {
  auto [channel, monitor] = ipc::Channel::make_pair();
  front::Front front(channel, {}, {}, front::Front::Opening::login);
  sandbox::confine(sandbox::Role::front);
  front.run();
  _exit(0); // as the server does: in the sandbox nothing else has to happen
}

// SPDX-License-Identifier: ISC
// Planted faults, for a sodapopd that is made for one test and never installed: before the front
// talks POP3, it reads from the client beyond the end of a buffer, as confined as ever; and the
// verifier crashes with one password. The linker's option --wrap puts this in the place of
// front::Front::run() and passwords::verify().
#include "base/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <unistd.h>

namespace front {
class Front;
}

extern "C" {
void front_run(front::Front*) __asm__("__real__ZN5front5Front3runEv");
void front_run_after_fault(front::Front*) __asm__("__wrap__ZN5front5Front3runEv");
bool verify(std::string_view, const base::Secret&) __asm__(
    "__real__ZN9passwords6verifyESt17basic_string_viewIcSt11char_traitsIcEERKN4base6SecretE");
bool verify_or_crash(std::string_view, const base::Secret&) __asm__(
    "__wrap__ZN9passwords6verifyESt17basic_string_viewIcSt11char_traitsIcEERKN4base6SecretE");
}

namespace {

constexpr std::size_t longest_overflow = 256;

struct Facts {
  std::uint64_t distance; ///< From the beginning of the buffer to the canary. An attacker knows it.
  std::uint64_t canary;   ///< So that the test can tell what an attacker has to guess.
};

std::uint64_t own_canary() {
  std::uint64_t canary = 0;
  asm volatile("mov %%fs:0x28, %0" : "=r"(canary));
  return canary;
}

void send(const void* octets, std::size_t size) {
  [[maybe_unused]] const auto written = write(1, octets, size);
}

/// In a frame of its own: the copy of the canary must not stand behind the buffer.
[[gnu::noinline]] void tell_facts(const char* buffer) {
  Facts facts{0, own_canary()};
  while (std::memcmp(buffer + facts.distance, &facts.canary, sizeof facts.canary) != 0)
    ++facts.distance;
  send(&facts, sizeof facts);
}

[[gnu::noinline]] void read_beyond_the_buffer() {
  char buffer[72] = {}; // no padding behind it, where an old copy of the canary might be
  char* place = buffer;
  asm volatile("" : "+r"(place) : : "memory"); // hides the size of the buffer from the compiler
  tell_facts(place);
  [[maybe_unused]] const auto octets = read(0, place, longest_overflow);
}

} // namespace

bool verify_or_crash(std::string_view stored, const base::Secret& password) {
  if (password.reveal() == "crash")
    __builtin_trap();
  return verify(stored, password);
}

void front_run_after_fault(front::Front* self) {
  read_beyond_the_buffer();
  constexpr std::string_view survived = "survived\r\n";
  send(survived.data(), survived.size());
  front_run(self);
}

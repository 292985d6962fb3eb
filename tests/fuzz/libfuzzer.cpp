// SPDX-License-Identifier: ISC
// The entry point that libFuzzer calls, for the one target of its program.
#include "fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Target::first()->run(fuzz::Input(data, size));
  return 0;
}

// SPDX-License-Identifier: ISC
// Plays every dialogue file named as an argument. The exit status is the number of failures.
#include "support/dialogue.hpp"

#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>

namespace {

std::vector<std::string> surprises_in(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (text.empty())
    return {"cannot be read, or empty"};
  try {
    return support::play(support::parse_dialogue(text));
  } catch (const std::exception& mistake) {
    return {mistake.what()};
  }
}

} // namespace

int main(int argc, char** argv) {
  int failed = argc < 2 ? 1 : 0;
  for (int i = 1; i < argc; ++i) {
    const auto surprises = surprises_in(argv[i]);
    failed += surprises.empty() ? 0 : 1;
    std::printf("%s %s\n", surprises.empty() ? "ok    " : "FAILED", argv[i]);
    for (const auto& surprise : surprises)
      std::printf("  %s\n", surprise.c_str());
  }
  std::printf("%d dialogues, %d failed\n", argc - 1, failed);
  return failed;
}

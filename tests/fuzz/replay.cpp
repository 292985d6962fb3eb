// SPDX-License-Identifier: ISC
#include "fuzz/target.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory))
    if (entry.is_regular_file())
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

void run(const fuzz::Target& target, const std::string& input) {
  // A block of exactly this length, so that a sanitizer notices a read beyond it.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  target.run(fuzz::Input(bytes.data(), bytes.size()));
}

void replay(const fuzz::Target& target, const fs::path& path) {
  std::printf("%s\n", path.c_str());
  std::ifstream file(path, std::ios::binary);
  run(target, std::string(std::istreambuf_iterator<char>(file), {}));
}

/// Feeds the client's lines of a dialogue to the session target: in both states, whole and octet by
/// octet.
void replay_dialogue(const fuzz::Target& target, const fs::path& path) {
  std::printf("%s\n", path.c_str());
  std::ifstream file(path);
  std::string said;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("C:"))
      said.append(line, std::min<std::size_t>(line.starts_with("C: ") ? 3 : 2, line.size()))
          .append("\r\n");
  for (const char setup : {'\1', '\3'})
    for (const char split : {'\0', '\1'})
      run(target, std::string{setup, split} + said);
}

} // namespace

/// replay TARGET CORPUS [DIALOGUES]: feeds every file of the corpus, and the dialogues where there
/// are any, to the target of this name. Prints each file's name first, so that the last one tells
/// which input failed. A corpus without files is a failure.
int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const auto* target = argc < 3 ? nullptr : fuzz::Target::find(argv[1]);
  if (!target) {
    std::fprintf(stderr, "replay: no target of this name, or no corpus\n");
    return EXIT_FAILURE;
  }
  const auto corpus = files_in(argv[2]);
  for (const auto& path : corpus)
    replay(*target, path);
  if (argc > 3)
    for (const auto& path : files_in(argv[3]))
      if (path.extension() == ".txt")
        replay_dialogue(*target, path);
  std::printf("%zu inputs\n", corpus.size());
  return corpus.empty() ? EXIT_FAILURE : EXIT_SUCCESS;
}

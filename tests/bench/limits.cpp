// SPDX-License-Identifier: ISC
// Measures the time that this machine takes for a folder of messages. Prints the seconds as a line
// of JSON.
//
//   limits sort FOLDER    reads the names and sorts them
//   limits count FOLDER   reads the names, then every file from beginning to end, and counts its LF
//                         octet by octet, as a straightforward program does (built without vector
//                         instructions for that loop, so that the bound is the same for all
//                         compilers)
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

std::vector<std::string> names_in(const char* folder) {
  std::vector<std::string> names;
  DIR* directory = opendir(folder);
  if (directory == nullptr)
    return names;
  while (const dirent* entry = readdir(directory))
    if (entry->d_name[0] != '.')
      names.emplace_back(entry->d_name);
  closedir(directory);
  return names;
}

std::size_t count_line_feeds(const char* folder, const std::vector<std::string>& names) {
  static char block[64 << 10];
  const int directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  std::size_t found = 0;
  for (const auto& name : names) {
    const int file = openat(directory, name.c_str(), O_RDONLY | O_CLOEXEC);
    for (ssize_t count; (count = read(file, block, sizeof block)) > 0;)
      for (ssize_t at = 0; at < count; ++at)
        found += block[at] == '\n' ? 1 : 0;
    close(file);
  }
  close(directory);
  return found;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3)
    return 64;
  const auto begin = std::chrono::steady_clock::now();
  auto names = names_in(argv[2]);
  std::size_t line_feeds = 0;
  if (std::string(argv[1]) == "sort")
    std::sort(names.begin(), names.end());
  else
    line_feeds = count_line_feeds(argv[2], names);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("{\"seconds\": %.9f, \"count\": %zu, \"line_feeds\": %zu}\n", took.count(),
              names.size(), line_feeds);
}

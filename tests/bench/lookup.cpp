// SPDX-License-Identifier: ISC
// lookup USERS COUNT ROUNDS: opens the compiled form of the users file and finds a user in it, as
// each login does. The names are user0000000@example.org and so on, with numbers below COUNT.
// Prints as JSON the microseconds of a look-up and the octets of memory that the first one took.
#include "base/system_error.hpp"
#include "users/user_store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

std::string name_of(unsigned long number) {
  const auto digits = std::to_string(number);
  return "user" + std::string(7 - std::min<std::size_t>(digits.size(), 7), '0') + digits +
         "@example.org";
}

void look_up(const char* users, const std::string& name) {
  const auto store = users::UserStore::open(users);
  if (!store || !store->is_compiled() || !store->find(name, {}) || store->find("nobody", {}))
    std::abort();
}

long resident_octets() {
  long size = 0, resident = 0;
  auto* file = std::fopen("/proc/self/statm", "re");
  if (file == nullptr || std::fscanf(file, "%ld %ld", &size, &resident) != 2)
    std::abort();
  std::fclose(file);
  return resident * ::sysconf(_SC_PAGESIZE);
}

/// The octets of memory that one look-up takes while the file is still mapped.
long memory_of_one(const char* users, const std::string& name) {
  const auto before = resident_octets();
  const auto store = users::UserStore::open(users);
  if (!store || !store->find(name, {}))
    std::abort();
  return resident_octets() - before;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 4)
    return 1;
  std::mt19937 random(1);
  const auto count = std::strtoul(argv[2], nullptr, 10);
  std::vector<double> times(std::strtoul(argv[3], nullptr, 10));
  (void)resident_octets();
  const auto memory = memory_of_one(argv[1], name_of(count / 2));
  for (auto& time : times) {
    const auto name = name_of(random() % count);
    const auto start = std::chrono::steady_clock::now();
    look_up(argv[1], name);
    time =
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
  }
  std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
  std::printf("{\"microseconds\": %.2f, \"memory\": %ld}\n", times[times.size() / 2], memory);
}

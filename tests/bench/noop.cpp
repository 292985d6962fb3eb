// SPDX-License-Identifier: ISC
// The smallest program with a greeting: writes one line to standard output and ends. Linked
// statically, it shows the cost of starting any program.
#include <unistd.h>

int main() {
  [[maybe_unused]] const auto written = write(1, "+OK\r\n", 5);
  _exit(0);
}

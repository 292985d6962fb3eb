// SPDX-License-Identifier: ISC
// cat FILE: greets, waits for input, then sends the file as it is, read and written in blocks of
// 128 KiB.
#include <fcntl.h>
#include <unistd.h>

int main(int argc, char** argv) {
  static char block[128 << 10];
  const int file = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0 || write(1, "+OK\r\n", 5) != 5 || read(0, block, sizeof block) <= 0)
    _exit(1);
  for (ssize_t count; (count = read(file, block, sizeof block)) > 0;)
    for (ssize_t sent = 0; sent < count;) {
      const auto now = write(1, block + sent, static_cast<size_t>(count - sent));
      if (now < 0)
        _exit(1);
      sent += now;
    }
  _exit(0);
}

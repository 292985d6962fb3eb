// SPDX-License-Identifier: ISC
// floor BASE [sync]: plays the POP3 dialogue on standard input and output for the messages in
// BASE/USER/Maildir/cur, without anything else that a server needs: no password, no check, no lock,
// no log, no separation, and sizes are those of the file system. Linked statically, it is the lower
// bound of the cost of a server that is started for each connection. Never serve mail with it. With
// "sync", QUIT waits until the removals are on the disk.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

constexpr size_t capacity = size_t{256} << 10;

struct Message {
  const char* name;
  off_t size;
  bool deleted;
};

char input[4096];
size_t input_begin = 0, input_end = 0;
char* output = nullptr;
size_t output_size = 0;
Message* messages = nullptr;
size_t message_count = 0;
bool sizes_known = false;
int folder = -1;

void flush() {
  for (size_t sent = 0; sent < output_size;) {
    const auto count = write(1, output + sent, output_size - sent);
    if (count <= 0)
      _exit(1);
    sent += static_cast<size_t>(count);
  }
  output_size = 0;
}

void put(const char* octets, size_t count) {
  while (count > 0) {
    if (output_size == capacity)
      flush();
    const size_t part = std::min(count, capacity - output_size);
    std::memcpy(output + output_size, octets, part);
    output_size += part;
    octets += part;
    count -= part;
  }
}

void put(const char* text) {
  put(text, std::strlen(text));
}

/// Gives the next command without its line end. Writes the answers when no input is left.
char* read_line() {
  for (;;) {
    char* begin = input + input_begin;
    if (void* found = std::memchr(begin, '\n', input_end - input_begin)) {
      char* end = static_cast<char*>(found);
      input_begin = static_cast<size_t>(end - input) + 1;
      *end = '\0';
      if (end > begin && end[-1] == '\r')
        end[-1] = '\0';
      return begin;
    }
    std::memmove(input, begin, input_end - input_begin);
    input_end -= input_begin;
    input_begin = 0;
    flush();
    const auto count = read(0, input + input_end, sizeof input - input_end);
    if (count <= 0)
      _exit(0);
    input_end += static_cast<size_t>(count);
  }
}

/// Copies `name` behind the names before it, in blocks that are never freed.
const char* keep(const char* name) {
  static char* block = nullptr;
  static size_t left = 0;
  const size_t size = std::strlen(name) + 1;
  if (size > left) {
    left = capacity;
    block = static_cast<char*>(std::malloc(left));
  }
  char* place = block;
  std::memcpy(place, name, size);
  block += size;
  left -= size;
  return place;
}

void read_folder(const char* base, const char* user) {
  char path[4096];
  std::snprintf(path, sizeof path, "%s/%s/Maildir/cur", base, user);
  DIR* directory = opendir(path);
  if (directory == nullptr)
    _exit(1);
  folder = dirfd(directory);
  size_t room = 0;
  while (const dirent* entry = readdir(directory)) {
    if (entry->d_name[0] == '.')
      continue;
    if (message_count == room) {
      room = room == 0 ? 64 : room * 2;
      messages = static_cast<Message*>(std::realloc(messages, room * sizeof(Message)));
    }
    messages[message_count++] = {keep(entry->d_name), 0, false};
  }
  std::sort(messages, messages + message_count, [](const Message& one, const Message& other) {
    return std::strcmp(one.name, other.name) < 0;
  });
}

void read_sizes() {
  struct stat facts;
  for (size_t i = 0; i < message_count && !sizes_known; ++i)
    messages[i].size = fstatat(folder, messages[i].name, &facts, 0) == 0 ? facts.st_size : 0;
  sizes_known = true;
}

void put_stat() {
  read_sizes();
  long sum = 0;
  for (size_t i = 0; i < message_count; ++i)
    sum += messages[i].size;
  char text[64];
  std::snprintf(text, sizeof text, "+OK %zu %ld\r\n", message_count, sum);
  put(text);
}

void put_list() {
  read_sizes();
  put("+OK\r\n");
  char text[64];
  for (size_t i = 0; i < message_count; ++i) {
    std::snprintf(text, sizeof text, "%zu %ld\r\n", i + 1, static_cast<long>(messages[i].size));
    put(text);
  }
  put(".\r\n");
}

void put_unique_ids() {
  put("+OK\r\n");
  char text[32];
  for (size_t i = 0; i < message_count; ++i) {
    std::snprintf(text, sizeof text, "%zu ", i + 1);
    put(text);
    put(messages[i].name, std::strcspn(messages[i].name, ":"));
    put("\r\n");
  }
  put(".\r\n");
}

/// Stuffs dots and makes CRLF of LF; `at_line_begin` is carried from block to block.
void put_block(const char* begin, const char* end, bool& at_line_begin) {
  while (begin < end) {
    if (at_line_begin && *begin == '.')
      put(".", 1);
    const void* found = std::memchr(begin, '\n', static_cast<size_t>(end - begin));
    at_line_begin = found != nullptr;
    const char* line_end = at_line_begin ? static_cast<const char*>(found) : end;
    put(begin, static_cast<size_t>(line_end - begin));
    if (at_line_begin)
      put("\r\n", 2);
    begin = line_end + 1;
  }
}

void put_message(size_t index) {
  static char* block = static_cast<char*>(std::malloc(capacity));
  const int file = openat(folder, messages[index].name, O_RDONLY | O_CLOEXEC);
  bool at_line_begin = true;
  put("+OK\r\n");
  for (ssize_t count; (count = read(file, block, capacity)) > 0;)
    put_block(block, block + count, at_line_begin);
  close(file);
  put(at_line_begin ? ".\r\n" : "\r\n.\r\n");
}

[[noreturn]] void quit(bool sync) {
  bool removed = false;
  for (size_t i = 0; i < message_count; ++i)
    if (messages[i].deleted)
      removed = unlinkat(folder, messages[i].name, 0) == 0;
  if (sync && removed)
    fsync(folder);
  put("+OK\r\n");
  flush();
  _exit(0);
}

bool is(const char* line, const char* verb) {
  return std::strncmp(line, verb, std::strlen(verb)) == 0;
}

/// The index of the message that a command such as "RETR 7" names.
size_t index_in(const char* line) {
  const size_t number = std::strtoul(line + 5, nullptr, 10);
  if (number == 0 || number > message_count)
    _exit(1);
  return number - 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2)
    return 64;
  const bool sync = argc > 2;
  const int on = 1;
  setsockopt(1, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  output = static_cast<char*>(std::malloc(capacity));
  char user[256] = "";
  put("+OK\r\n");
  for (;;) {
    const char* line = read_line();
    if (is(line, "USER ")) {
      std::snprintf(user, sizeof user, "%s", line + 5);
      put("+OK\r\n");
    } else if (is(line, "PASS ")) {
      read_folder(argv[1], user);
      put("+OK\r\n");
    } else if (is(line, "STAT")) {
      put_stat();
    } else if (is(line, "LIST")) {
      put_list();
    } else if (is(line, "UIDL")) {
      put_unique_ids();
    } else if (is(line, "RETR ")) {
      put_message(index_in(line));
    } else if (is(line, "DELE ")) {
      messages[index_in(line)].deleted = true;
      put("+OK\r\n");
    } else if (is(line, "QUIT")) {
      quit(sync);
    } else {
      put("-ERR\r\n");
    }
  }
}

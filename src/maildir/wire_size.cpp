// SPDX-License-Identifier: ISC
#include "maildir/wire_size.hpp"

#include "base/system_error.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <unistd.h>

namespace maildir {

namespace {

// The compilers do not turn a plain loop into vector code at -O2; GCC and Clang know this type.
using Lanes = std::uint8_t __attribute__((vector_size(16)));
constexpr std::size_t most_rounds = 255; // maximum count in a lane

constexpr std::size_t read_block = 128 * 1024;

/// Octets of the shortest file in which holes are looked for, with three system calls.
constexpr std::uint64_t worth_a_look = std::uint64_t{1} << 20;

Lanes load(const char* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}

/// The number of LF without CR before them among the `count` octets at `text`; text[-1] is read.
std::uint64_t bare_line_feeds(const char* text, std::size_t count) {
  std::uint64_t bare = 0;
  while (count >= sizeof(Lanes)) {
    Lanes found{};
    const auto rounds = std::min(count / sizeof(Lanes), most_rounds);
    for (std::size_t i = 0; i < rounds; ++i, text += sizeof(Lanes))
      found += (load(text) == '\n') & (load(text - 1) != '\r') & 1;
    for (std::size_t lane = 0; lane < sizeof(Lanes); ++lane)
      bare += found[lane];
    count -= rounds * sizeof(Lanes);
  }
  for (; count > 0; --count, ++text)
    bare += *text == '\n' && text[-1] != '\r' ? 1 : 0;
  return bare;
}

struct Range {
  std::uint64_t start;
  std::uint64_t end;
};

/// The first range of a file, from `at` on and before `length`, that is data and no hole. Moves the
/// file's position to its start. Where only a hole is left, gives the last octet, so that reading
/// it tells whether the file is still as long. Where the file system tells no holes, all is data.
/// `at` is less than `length`.
Range next_data(int fd, std::uint64_t at, std::uint64_t length) {
  const auto seek = [fd](std::uint64_t to, int whence) {
    return lseek(fd, static_cast<off_t>(to), whence);
  };
  const auto data = seek(at, SEEK_DATA);
  auto start = data < 0 ? at : static_cast<std::uint64_t>(data);
  if ((data < 0 && errno == ENXIO) || start >= length)
    start = length - 1;
  const auto hole = seek(start, SEEK_HOLE);
  auto end = hole < 0 ? length : static_cast<std::uint64_t>(hole);
  if (end <= start || end > length)
    end = length;
  base::check(seek(start, SEEK_SET), "read a message");
  return {start, end};
}

} // namespace

void WireSize::add(std::string_view block) {
  if (block.empty())
    return;
  const bool starts_bare = block.front() == '\n' && last_ != '\r';
  octets_ += block.size() + (starts_bare ? 1 : 0);
  octets_ += bare_line_feeds(block.data() + 1, block.size() - 1);
  last_ = block.back();
}

std::uint64_t WireSize::octets() const {
  return last_ == '\n' ? octets_ : octets_ + 2;
}

void WireSize::add_hole(std::uint64_t octets) {
  octets_ += octets;
  if (octets > 0)
    last_ = '\0';
}

std::uint64_t wire_octets(int fd, std::uint64_t length, const std::function<void()>& before_block) {
  static std::array<char, read_block> block;
  WireSize size;
  std::uint64_t end_of_data = length < worth_a_look ? length : 0;
  for (std::uint64_t at = 0; at < length;) {
    before_block();
    if (at >= end_of_data) {
      const auto data = next_data(fd, at, length);
      size.add_hole(data.start - at);
      at = data.start;
      end_of_data = data.end;
    }
    const auto wanted = std::min<std::uint64_t>(end_of_data - at, block.size());
    const auto octets = base::check(read(fd, block.data(), wanted), "read a message");
    if (octets == 0)
      base::throw_errno("a message is shorter than its length", EIO);
    size.add({block.data(), static_cast<std::size_t>(octets)});
    at += static_cast<std::uint64_t>(octets);
  }
  return size.octets();
}

} // namespace maildir

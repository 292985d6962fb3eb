// SPDX-License-Identifier: ISC
#include "front/output.hpp"

#include "base/system_error.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <stdexcept>
#include <sys/mman.h>

namespace front {

Output::Output()
    : small_(std::make_unique_for_overwrite<char[]>(small_octets)), data_(small_.get()) {}

void Output::append(std::string_view text) {
  if (text.size() > capacity_ - size_)
    grow();
  if (text.size() > capacity_ - size_)
    throw std::length_error("no space for a reply");
  std::memcpy(data_ + size_, text.data(), text.size());
  filled(text.size());
}

std::span<char> Output::block() {
  grow();
  return {data_ + large_octets, block_octets};
}

std::span<char> Output::space() {
  grow();
  return {data_ + size_, capacity_ - size_};
}

void Output::filled(std::size_t octets) {
  assert(octets <= capacity_ - size_);
  size_ += octets;
  most_ = std::max(most_, size_);
}

void Output::release() {
  assert(empty());
  large_.reset();
  data_ = small_.get();
  capacity_ = small_octets;
  most_ = 0;
}

// Not from the heap, which might keep released memory.
void Output::grow() {
  if (large_)
    return;
  void* memory =
      mmap(nullptr, mapped_octets, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    base::throw_errno("mmap");
  large_.reset(static_cast<char*>(memory));
  std::memcpy(large_.get(), data_, size_);
  data_ = large_.get();
  capacity_ = large_octets;
}

void Output::Unmap::operator()(char* memory) const {
  munmap(memory, mapped_octets);
}

} // namespace front

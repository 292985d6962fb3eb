// SPDX-License-Identifier: ISC
#include "state/session_progress.hpp"

#include "base/system_error.hpp"

#include <algorithm>
#include <fcntl.h>
#include <span>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/stat.h>

namespace state {

namespace {

base::UniqueFd make_memory() {
  base::UniqueFd memory(
      base::check(memfd_create("sodapopd-progress", MFD_CLOEXEC), "memfd_create"));
  base::check(ftruncate(memory.get(), ProgressTable::places), "ftruncate");
  return memory;
}

ProgressMapping map_progress(int memory) {
  struct stat facts {};
  base::check(fstat(memory, &facts), "the progress of sessions");
  if (facts.st_size != ProgressTable::places)
    throw std::runtime_error("not the progress of sessions");
  base::check(fcntl(memory, F_SETFD, FD_CLOEXEC), "fcntl");
  void* first = mmap(nullptr, ProgressTable::places, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
  if (first == MAP_FAILED)
    base::throw_errno("map the progress of sessions");
  return ProgressMapping(static_cast<SharedProgress*>(first));
}

} // namespace

void UnmapProgress::operator()(SharedProgress* first) const noexcept {
  munmap(first, ProgressTable::places);
}

void ProgressMark::hide_from_children() {
  if (all_)
    base::check(madvise(all_.get(), ProgressTable::places, MADV_DONTFORK), "madvise");
}

void ProgressMark::set(Progress progress) noexcept {
  if (all_)
    all_.get()[place_] = progress;
}

void ProgressMark::finish() noexcept {
  set(Progress::logged_in);
  all_.reset();
}

ProgressTable::ProgressTable(base::UniqueFd memory)
    : memory_(memory ? std::move(memory) : make_memory()), all_(map_progress(memory_.get())) {}

std::size_t ProgressTable::take() {
  const std::span<SharedProgress> all(all_.get(), places);
  const auto free = std::ranges::find(all.first(places - 1), Progress::none,
                                      [](const SharedProgress& one) { return one.load(); });
  *free = Progress::waiting;
  return static_cast<std::size_t>(free - all.begin());
}

} // namespace state

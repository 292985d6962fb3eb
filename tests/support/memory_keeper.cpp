// SPDX-License-Identifier: ISC
#include "support/memory_keeper.hpp"

#include "support/wire_text.hpp"

#include <algorithm>
#include <sys/mman.h>
#include <sys/stat.h>

namespace support {

using namespace ipc;

MemoryKeeper::MemoryKeeper(Channel channel, std::vector<std::string> messages, Answering answer)
    : channel_(std::move(channel)), messages_(std::move(messages)), answer_(std::move(answer)),
      thread_([this] { run(); }) {}

void MemoryKeeper::join() {
  if (thread_.joinable())
    thread_.join();
}

void MemoryKeeper::run() {
  std::vector<std::byte> space(max_request);
  try {
    for (;;) {
      const auto received = channel_.receive(space);
      const auto request = decode_request(std::span(space).first(received.size));
      if (!request)
        return;
      requests.push_back(*request);
      answer_(*this, *request);
    }
  } catch (const std::exception&) {
    // The front has ended, or the test has left.
  }
}

void MemoryKeeper::answer_well(const Request& request) {
  const auto count = static_cast<std::uint32_t>(messages_.size());
  if (std::holds_alternative<LoginRequest>(request)) {
    LoginAnswer answer;
    answer.granted = 1;
    answer.count = count;
    send(answer);
  } else if (const auto* sizes = std::get_if<SizesRequest>(&request)) {
    SizesAnswer answer{};
    answer.first = sizes->message;
    answer.count = std::min(page_messages, count - sizes->message + 1);
    for (std::uint32_t i = 0; i < answer.count; ++i)
      answer.octets[i] = wire_octets(messages_[sizes->message - 1 + i]);
    send(answer);
  } else if (const auto* ids = std::get_if<UniqueIdsRequest>(&request)) {
    UniqueIdsAnswer answer{};
    answer.first = ids->message;
    answer.count = std::min(page_messages, count - ids->message + 1);
    for (std::uint32_t i = 0; i < answer.count; ++i)
      answer.ids[i] = pop3::UniqueId::of("id" + std::to_string(ids->message + i));
    send(answer);
  } else if (const auto* open = std::get_if<OpenRequest>(&request)) {
    std::vector<OpenAnswer::Entry> entries;
    std::vector<base::UniqueFd> files;
    for (std::uint32_t i = 0; i < open->count; ++i) {
      const auto& text = messages_.at(open->message - 1 + i);
      files.push_back(memory_file(text));
      entries.push_back(entry_of(files.back().get(), text.size()));
    }
    send(open_answer(entries), files);
  } else if (std::holds_alternative<CommitRequest>(request)) {
    send(CommitAnswer());
  } else if (std::holds_alternative<SilenceRequest>(request)) {
    send(SilenceAnswer());
  }
}

void MemoryKeeper::send_files(int fd, std::uint64_t length) {
  const auto count = std::get<OpenRequest>(requests.back()).count;
  send(open_answer(std::vector(count, entry_of(fd, length))), copies(fd, count));
}

OpenAnswer::Entry entry_of(int fd, std::uint64_t length) {
  struct stat facts {};
  fstat(fd, &facts);
  return {.length = length, .outcome = Outcome::done, .modified = facts.st_mtim};
}

OpenAnswer open_answer(const std::vector<OpenAnswer::Entry>& entries) {
  OpenAnswer answer;
  answer.count = static_cast<std::uint32_t>(entries.size());
  std::copy(entries.begin(), entries.end(), answer.entries.begin());
  return answer;
}

base::UniqueFd memory_file(const std::string& text) {
  base::UniqueFd fd(memfd_create("message", MFD_CLOEXEC));
  for (std::size_t at = 0; at < text.size();) {
    const auto octets = write(fd.get(), text.data() + at, text.size() - at);
    if (octets <= 0)
      break;
    at += static_cast<std::size_t>(octets);
  }
  lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

} // namespace support

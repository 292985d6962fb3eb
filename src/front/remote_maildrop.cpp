// SPDX-License-Identifier: ISC
#include "front/remote_maildrop.hpp"

#include "ipc/request.hpp"

#include <algorithm>
#include <cstring>

namespace front {

namespace {

using pop3::MessageNumber;

constexpr pop3::Octets unknown = ipc::SizesAnswer::no_size;

MessageNumber page_start(MessageNumber message) {
  return (message - 1) / ipc::page_messages * ipc::page_messages + 1;
}

void expect_done(ipc::Outcome outcome) {
  if (outcome != ipc::Outcome::done)
    throw pop3::StoreFailure(outcome == ipc::Outcome::permanent
                                 ? pop3::StoreFailure::Kind::permanent
                                 : pop3::StoreFailure::Kind::temporary);
}

/// Copies the marks that one page covers, from byte `offset` on.
void copy_page(std::span<const std::uint8_t> bytes, std::size_t offset,
               std::span<std::uint8_t> page) {
  const auto part = bytes.subspan(offset, std::min(page.size(), bytes.size() - offset));
  std::copy(part.begin(), part.end(), page.begin());
}

} // namespace

template <class Page, class Request>
std::unique_ptr<Page> RemoteMaildrop::fetch(MessageNumber first) {
  requester_.send(Request{.message = first});
  auto page = std::make_unique_for_overwrite<Page>(); // large, and mostly unused
  requester_.receive(Awaited::maildrop, *page);
  expect_done(page->outcome);
  if (page->first != first || page->count != std::min(ipc::page_messages, count_ - first + 1))
    throw ipc::ProtocolViolation("wrong page");
  return page;
}

pop3::Octets RemoteMaildrop::octets(MessageNumber message) {
  if (octets_.empty())
    octets_.assign(count_, unknown);
  if (octets_.at(message - 1) == unknown) {
    const auto page = fetch<ipc::SizesAnswer, ipc::SizesRequest>(page_start(message));
    std::copy_n(page->octets.begin(), page->count, octets_.begin() + page->first - 1);
  }
  if (octets_.at(message - 1) == unknown)
    throw pop3::StoreFailure(pop3::StoreFailure::Kind::temporary);
  return octets_.at(message - 1);
}

std::string_view RemoteMaildrop::unique_id(MessageNumber message) {
  const auto first = page_start(message);
  if (!unique_ids_ || unique_ids_->first != first)
    unique_ids_ = fetch<ipc::UniqueIdsAnswer, ipc::UniqueIdsRequest>(first);
  return unique_ids_->ids.at(message - first).view();
}

std::unique_ptr<pop3::MessageSource> RemoteMaildrop::open(MessageNumber message) {
  auto opened = opened_.extract(message);
  if (!opened || !opened.mapped().is_usable()) {
    open_from(message);
    opened = opened_.extract(message);
  }
  last_opened_ = message;
  if (opened.mapped().outcome == ipc::Outcome::gone)
    return nullptr;
  expect_done(opened.mapped().outcome);
  return std::move(opened.mapped().file);
}

/// Opens `message` and, when it follows the last opened message, some messages after it. The answer
/// is received at once: a descriptor that waits in the channel counts against all sessions of its
/// user (unix(7), ETOOMANYREFS).
void RemoteMaildrop::open_from(MessageNumber message) {
  const bool is_next = last_opened_ != 0 && message == last_opened_ + 1;
  const auto count = is_next ? std::min(ipc::max_opened, count_ - message + 1) : 1;
  opened_.clear();
  requester_.send(ipc::OpenRequest{{.message = message}, count});
  receive_opened(message, count);
}

void RemoteMaildrop::receive_opened(MessageNumber message, std::uint32_t count) {
  std::vector<base::UniqueFd> fds;
  const auto answer = requester_.receive<ipc::OpenAnswer>(Awaited::maildrop, &fds);
  const auto entries = std::span(answer.entries).first(answer.count);
  const auto files =
      std::ranges::count(entries, ipc::Outcome::done, &ipc::OpenAnswer::Entry::outcome);
  if (answer.count != count || fds.size() != static_cast<std::size_t>(files))
    throw ipc::ProtocolViolation("not an entry for each message, or a descriptor for each file");
  auto fd = fds.begin();
  for (const auto& entry : entries) {
    Opened opened{entry.outcome, nullptr};
    if (entry.outcome == ipc::Outcome::done)
      opened.file = file_of(message, entry, std::move(*fd++));
    opened_.emplace(message++, std::move(opened));
  }
}

std::unique_ptr<MessageFile> RemoteMaildrop::file_of(MessageNumber message,
                                                     const ipc::OpenAnswer::Entry& entry,
                                                     base::UniqueFd fd) {
  return std::make_unique<MessageFile>(
      std::move(fd), entry.length, entry.modified,
      [this, message](pop3::Octets octets) { compare(message, octets); },
      [this, message](const MessageFile::Failure& failure) { report(message, failure); });
}

/// A size that the client has got stays for this session. The report to the keeper is for the sizes
/// of the next session.
void RemoteMaildrop::compare(MessageNumber message, pop3::Octets sent) {
  const auto told = octets_.empty() ? unknown : octets_.at(message - 1);
  if (told == unknown || told == sent || size_changed_.has(message))
    return;
  size_changed_.set(message);
  requester_.send(ipc::SizeChangedRequest{.message = message});
}

/// For the log: the name is known to the keeper alone.
void RemoteMaildrop::report(MessageNumber message, const MessageFile::Failure& failure) {
  if (failure.error != 0)
    requester_.send(
        ipc::ReadFailedRequest{{.message = message}, static_cast<std::uint32_t>(failure.error)});
  else
    requester_.send(ipc::CodedRequest{{.message = message}, failure.coding});
}

pop3::UpdateResult RemoteMaildrop::update(const pop3::Marks& deleted,
                                          const pop3::Marks& retrieved) {
  send_marks(deleted, retrieved);
  const auto answer = requester_.ask<ipc::CommitAnswer>(ipc::CommitRequest(), Awaited::update);
  expect_done(answer.outcome);
  return {answer.removed, answer.failed};
}

void RemoteMaildrop::send_marks(const pop3::Marks& deleted, const pop3::Marks& retrieved) {
  for (MessageNumber first = 1; first <= count_; first += ipc::marks_messages) {
    ipc::MarksRequest request;
    request.first = first;
    copy_page(deleted.bytes(), (first - 1) / 8, request.deleted);
    copy_page(retrieved.bytes(), (first - 1) / 8, request.retrieved);
    requester_.send_when_possible(request);
  }
}

} // namespace front

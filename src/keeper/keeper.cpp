// SPDX-License-Identifier: ISC
#include "keeper/keeper.hpp"

#include "base/signal_blocker.hpp"
#include "ipc/left_report.hpp"
#include "maildir/attempt.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <system_error>
#include <vector>

namespace keeper {

namespace {

/// A page of entries that are not set yet. It is large, and few of its pages of memory are touched
/// when there are few messages.
template <class Page>
std::unique_ptr<Page> new_page(pop3::MessageNumber first, std::uint32_t messages) {
  auto page = std::make_unique_for_overwrite<Page>();
  page->first = first;
  page->count = std::min(ipc::page_messages, messages - first + 1);
  return page;
}

} // namespace

void Keeper::serve() {
  permissions_.enter(ipc::Phase::transaction);
  try {
    answer_requests();
  } catch (const ipc::ChannelClosed&) {
    report_ = ipc::left_report(channel_); // nothing is committed without its request
  } catch (const std::exception&) {
    release_maildrop(); // the sizes are valid: the keeper has read them itself
    throw;
  }
  release_maildrop();
  log_end();
}

void Keeper::answer_requests() {
  static std::array<std::byte, ipc::max_request> space; // touched as far as messages are long
  while (!report_) {
    const auto received = channel_.receive(space);
    const auto request = ipc::decode_request(std::span(space).first(received.size));
    if (!received.fds.empty() || !request || !permissions_.take(*request))
      throw ipc::ProtocolViolation("request not permitted");
    take(*request);
    note_use(*request);
  }
}

/// A request is left without an answer when the front waits no longer: its report, or the end of
/// the channel, comes next.
void Keeper::take(const ipc::Request& request) {
  try {
    std::visit(
        [this]<class One>(const One& one) {
          if constexpr (One::permission.is_in(ipc::Phase::transaction))
            answer(one);
          else
            throw ipc::ProtocolViolation("no login here");
        },
        request);
  } catch (const FrontLeft&) {
  }
}

void Keeper::note_use(const ipc::Request& request) {
  if (!std::holds_alternative<ipc::SilenceRequest>(request))
    registered_.note(opened_messages_);
}

void Keeper::answer(const ipc::SizesRequest& request) {
  check_number(request.message);
  const auto page = new_page<ipc::SizesAnswer>(request.message, count());
  for (std::uint32_t i = 0; i < page->count; ++i)
    page->octets[i] = size_of(request.message + i);
  channel_.send(ipc::bytes_of(*page));
}

/// One unreadable message must not hide the sizes of the others.
std::uint64_t Keeper::size_of(std::uint32_t message) {
  std::uint64_t octets = ipc::SizesAnswer::no_size;
  if (const auto failure = maildir::failure_of([&] { octets = maildir_->octets(message); })) {
    failures_.failed(*failure, maildir_->file_name(message));
    if (!is_passing(*failure))
      octets = maildir_->use_length(message);
  }
  return octets;
}

void Keeper::answer(const ipc::UniqueIdsRequest& request) {
  check_number(request.message);
  const auto page = new_page<ipc::UniqueIdsAnswer>(request.message, count());
  for (std::uint32_t i = 0; i < page->count; ++i)
    page->ids[i] = maildir_->unique_id(request.message + i);
  channel_.send(ipc::bytes_of(*page));
}

void Keeper::answer(const ipc::OpenRequest& request) {
  check_number(request.message);
  check_number(request.message + request.count - 1);
  ipc::OpenAnswer reply;
  reply.count = request.count;
  std::vector<base::UniqueFd> fds;
  for (std::uint32_t i = 0; i < request.count; ++i)
    if (auto fd = open_message(request.message + i, i > 0, reply.entries[i]))
      fds.push_back(std::move(fd));
  opened_messages_ += fds.size();
  channel_.send(ipc::bytes_of(reply), fds);
}

/// Opens one message and sets its entry of the answer. Empty when the outcome is not `done`: one
/// message that fails does not keep the front from others.
base::UniqueFd Keeper::open_message(std::uint32_t message, bool is_ahead,
                                    ipc::OpenAnswer::Entry& entry) {
  maildir::OpenMessage opened;
  const auto failure = maildir::failure_of(
      [&] { opened = is_ahead ? maildir_->open_ahead(message) : maildir_->open_message(message); });
  if (failure) {
    entry.outcome = failures_.failed(*failure, maildir_->file_name(message));
    return {};
  }
  entry.outcome = opened.fd ? ipc::Outcome::done : ipc::Outcome::gone;
  entry.length = opened.length;
  entry.modified = opened.modified;
  return std::move(opened.fd);
}

/// The front has sent another number of octets than the known size. The keeper reads the message
/// again, as the index may hold only sizes that the keeper has read itself.
void Keeper::answer(const ipc::SizeChangedRequest& request) {
  check_number(request.message);
  if (size_changed_.has(request.message) || !maildir_->is_size_known(request.message))
    throw ipc::ProtocolViolation("report of a changed size not permitted");
  size_changed_.set(request.message);
  if (maildir_->has_other_size(request.message))
    failures_.size_changed(maildir_->file_name(request.message));
}

void Keeper::answer(const ipc::ReadFailedRequest& request) {
  check_number(request.message);
  const std::system_error error(static_cast<int>(request.error), std::generic_category(),
                                "read a message");
  failures_.failed(error, maildir_->file_name(request.message));
}

void Keeper::answer(const ipc::CodedRequest& request) {
  check_number(request.message);
  failures_.coded(request.coding, maildir_->file_name(request.message));
}

void Keeper::answer(const ipc::MarksRequest& request) {
  check_number(request.first);
  const auto take = [&](pop3::Marks& marks, std::span<const std::uint8_t> page) {
    const auto target = marks.bytes().subspan((request.first - 1) / 8);
    std::copy_n(page.begin(), std::min(page.size(), target.size()), target.begin());
  };
  take(deleted_, request.deleted);
  if (access_ == Access::read_only &&
      std::ranges::any_of(request.deleted, [](std::uint8_t byte) { return byte != 0; }))
    throw ipc::ProtocolViolation("a mark in a maildrop that is read-only");
  take(retrieved_, request.retrieved);
}

void Keeper::answer(const ipc::CommitRequest&) {
  permissions_.enter(ipc::Phase::update);
  const base::SignalBlocker signals_held;
  registered_.note_update();
  if (maildir_ && access_ == Access::full)
    updated_ = maildir_->update(deleted_, retrieved_, settings_.mark_seen,
                                [this](pop3::MessageNumber message, const auto& error) {
                                  failures_.failed(error, maildir_->file_name(message));
                                });
  failures_.updated(updated_);
  release_maildrop(); // a client that gets the reply may reconnect at once
  const auto outcome = updated_.sync_error == 0 ? ipc::Outcome::done : ipc::Outcome::temporary;
  const ipc::CommitAnswer reply{{.outcome = outcome}, updated_.removed, updated_.failed};
  channel_.send(ipc::bytes_of(reply));
}

/// Gives the maildrop up when another session may have it.
void Keeper::answer(const ipc::SilenceRequest&) {
  ipc::SilenceAnswer reply;
  if (lock_ && lock_->is_wanted()) {
    permissions_.enter(ipc::Phase::update); // no request but the report follows
    lock_->note_taken_over();
    release_maildrop();
    reply.is_taken_over = 1;
  }
  channel_.send(ipc::bytes_of(reply));
}

/// Saves the sizes that were read and releases the lock. Does nothing when called again.
void Keeper::release_maildrop() {
  if (!maildir_ || !lock_)
    return;
  const base::SignalBlocker signals_held;
  maildir_->save_index();
  if (!maildir_->index_problem().empty())
    log_.write(base::Event("index", base::Level::warning)
                   .with_quoted("problem", maildir_->index_problem()));
  lock_.reset();
}

void Keeper::check_number(std::uint32_t message) const {
  if (message < 1 || message > count())
    throw ipc::ProtocolViolation("no such message");
}

void Keeper::log_end() const {
  using namespace std::chrono;
  const ipc::ReportRequest report = report_.value_or(ipc::ReportRequest());
  const auto seconds = duration_cast<std::chrono::seconds>(steady_clock::now() - opened_).count();
  base::Event event("logout");
  event.with("ended", ipc::log_name(report_))
      .with("retrieved", report.retrieved)
      .with("retrieved-octets", report.retrieved_octets)
      .with("top", report.top)
      .with("top-octets", report.top_octets)
      .with("deleted", updated_.removed)
      .with("deleted-octets", updated_.removed_octets)
      .with("left", count() - updated_.removed - updated_.gone)
      .with("seconds", static_cast<std::uint64_t>(seconds));
  if (!updated_.can_flag) // in every session, so that a line of its own would be one too many
    event.with("flags", "unsupported");
  log_.write(event);
}

} // namespace keeper

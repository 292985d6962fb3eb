// SPDX-License-Identifier: ISC
// Sends the requests of a hostile front. The input is the number of attempts and the first phase,
// then messages. They go through decode_request and Permissions as in the monitor, and to a real
// Keeper with an empty maildrop. A model predicts the results.
#include "fuzz/messages.hpp"
#include "ipc/channel.hpp"
#include "keeper/keeper.hpp"

#include <algorithm>
#include <cstring>
#include <sys/socket.h>
#include <utility>

namespace {

using fuzz::expect;
using namespace ipc;
using Bytes = std::vector<std::byte>;

constexpr std::size_t most_octets = 60'000; // of all messages: they wait in the socket

std::uint32_t word_at(const Bytes& bytes, std::size_t offset) {
  std::uint32_t word = 0;
  std::memcpy(&word, bytes.data() + offset, sizeof word);
  return word;
}

/// Only a connection by TLS has a certificate with a name, only a client has an address.
bool model_accepts_proxy(const Bytes& bytes) {
  const auto number = [&](std::size_t at) { return static_cast<unsigned>(bytes[at]); };
  constexpr std::size_t origin = 4, tls = 5, source = 12, source_end = 12 + 16;
  const bool has_source = std::any_of(bytes.begin() + source, bytes.begin() + source_end,
                                      [](std::byte octet) { return octet != std::byte{0}; });
  return number(origin) <= 2 && number(tls) <= 2 &&
         (word_at(bytes, 8) == 0 || (number(tls) == 2 && word_at(bytes, 8) <= 256)) &&
         (!has_source || number(origin) == 0);
}

/// The layout, written again for the model: offsets of the fields that have a range.
bool model_accepts(const Bytes& bytes) {
  if (bytes.size() < 4)
    return false;
  const auto size = bytes.size();
  switch (word_at(bytes, 0)) {
  case 1:
    return size == 16 + 255 + 6000 + 1 && bytes[4] <= std::byte{4} && word_at(bytes, 8) <= 255 &&
           word_at(bytes, 12) <= (bytes[4] >= std::byte{3} ? 6000 : 1024);
  case 2:
  case 3:
  case 8: return size == 8 && word_at(bytes, 4) != 0;
  case 4:
    return size == 12 && word_at(bytes, 4) != 0 && word_at(bytes, 8) >= 1 && word_at(bytes, 8) <= 8;
  case 5: return size == 8 + 2 * 1024 && word_at(bytes, 4) % 8192 == 1;
  case 6: return size == 4;
  case 7: return size == 8 + 4 * 8 && bytes[4] <= std::byte{15} && bytes[5] <= std::byte{2};
  case 9: return size == 12 + 16 + 256 && model_accepts_proxy(bytes);
  case 11:
    return size == 16 + 255 + 128 + 2048 + 1 && word_at(bytes, 4) <= 255 &&
           word_at(bytes, 8) <= 128 && word_at(bytes, 12) <= 2048;
  case 12: return size == 8 + 32 + 2048 && word_at(bytes, 4) <= 2048;
  case 13: return size == 4;
  case 14:
    return size == 12 && word_at(bytes, 4) != 0 && word_at(bytes, 8) >= 1 &&
           word_at(bytes, 8) <= 4095;
  case 15:
    return size == 12 && word_at(bytes, 4) != 0 && bytes[8] >= std::byte{1} &&
           bytes[8] <= std::byte{6};
  case 16: return size == 8 + 255 + 1 && word_at(bytes, 4) <= 255;
  case 17: return size == 4;
  default: return false;
  }
}

/// The permitted requests of each phase, counted independently of Permissions.
class Model {
 public:
  Model(std::uint32_t attempts, Phase phase) : attempts_(attempts), phase_(phase) {}

  bool takes(std::uint32_t kind) {
    const bool is_attempt = kind == LoginRequest::tag || kind == ScramStartRequest::tag;
    if (is_attempt)
      return phase_ == Phase::authorization && logins_++ < attempts_;
    if (kind == ScramCheckRequest::tag || kind == ScramFinishRequest::tag)
      return phase_ == Phase::authorization;
    if (kind == UnprotectedRequest::tag)
      return phase_ == Phase::authorization && unprotected_++ < 3;
    if (kind == ReportRequest::tag)
      return !std::exchange(reported_, true);
    if (kind == ProxyRequest::tag)
      return phase_ == Phase::introduction && !std::exchange(introduced_, true);
    if (phase_ != Phase::transaction)
      return false;
    return kind != CommitRequest::tag || !std::exchange(committed_, true);
  }
  void enter(Phase phase) { phase_ = phase; }

 private:
  std::uint32_t attempts_;
  Phase phase_;
  std::uint32_t logins_ = 0;
  std::uint32_t unprotected_ = 0;
  bool reported_ = false;
  bool introduced_ = false;
  bool committed_ = false;
};

void check_decoded(const Request& request, const Bytes& bytes) {
  std::visit(
      [&](const auto& one) {
        expect(one.kind == one.tag && bytes.size() == sizeof one, "the kind fits the size");
        expect(std::memcmp(&one, bytes.data(), sizeof one) == 0, "what is decoded is what came");
      },
      request);
}

/// Checks the messages as the monitor and the keeper do, one phase after the other.
void check_permissions(const std::vector<Bytes>& messages, std::uint32_t attempts, Phase phase) {
  Permissions permissions(attempts);
  permissions.enter(phase);
  Model model(attempts, phase);
  for (const auto& bytes : messages) {
    const auto request = decode_request(bytes);
    expect(request.has_value() == model_accepts(bytes), "a request is valid or it is not");
    if (!request)
      return;
    check_decoded(*request, bytes);
    const bool taken = permissions.take(*request);
    expect(taken == model.takes(word_at(bytes, 0)), "a request is permitted or it is not");
    if (taken && std::holds_alternative<CommitRequest>(*request)) {
      permissions.enter(Phase::update);
      model.enter(Phase::update);
    }
  }
}

/// Whether a keeper without messages goes on after `bytes`, ends in order or sees a violation.
enum class Fate { goes_on, ends, violation };

Fate fate_of(const Bytes& bytes, Model& model) {
  if (!model_accepts(bytes) || !model.takes(word_at(bytes, 0)))
    return Fate::violation;
  if (word_at(bytes, 0) == ReportRequest::tag)
    return Fate::ends;
  if (word_at(bytes, 0) == SilenceRequest::tag)
    return Fate::goes_on;
  if (word_at(bytes, 0) != CommitRequest::tag)
    return Fate::violation; // it names a message that is not there
  model.enter(Phase::update);
  return Fate::goes_on;
}

bool model_violates(const std::vector<Bytes>& messages) {
  Model model(3, Phase::transaction);
  for (const auto& bytes : messages) {
    const auto fate = fate_of(bytes, model);
    if (fate != Fate::goes_on)
      return fate == Fate::violation;
  }
  return false;
}

bool keeper_violates(const std::vector<Bytes>& messages) {
  auto [front, keepers] = Channel::make_pair();
  for (const auto& bytes : messages)
    front.send(bytes);
  shutdown(front.fd(), SHUT_WR);
  Permissions permissions(3);
  const base::Log log;
  try {
    keeper::Keeper(keepers, permissions, {}, {}, log).serve();
    return false;
  } catch (const ProtocolViolation&) {
    return true;
  }
}

void try_input(fuzz::Input input) {
  const std::uint32_t attempts = input.byte() % 4 + 1u;
  const auto phase = Phase(input.byte() % 4);
  std::vector<Bytes> messages;
  for (std::size_t octets = 0; !input.empty() && octets < most_octets;) {
    auto message = fuzz::take_message(input);
    octets += message.bytes.size();
    if (!message.bytes.empty()) // an empty message reads as the end
      messages.push_back(std::move(message.bytes));
  }
  check_permissions(messages, attempts, phase);
  expect(keeper_violates(messages) == model_violates(messages), "the keeper knows its front");
}

const fuzz::Target target("channel_requests", try_input);

} // namespace

// SPDX-License-Identifier: ISC
// Sends any answers to the front. The input is the front's questions, in octets up to a 0xff, then
// the answers, which are in the socket from the start. With a first octet of 0xfe the front logs in
// by SCRAM, with 0xfd by a token.
#include "base/system_error.hpp"
#include "front/remote_gatekeeper.hpp"
#include "front/remote_maildrop.hpp"
#include "fuzz/messages.hpp"
#include "maildir/maildir.hpp"
#include "support/decoded_answer.hpp"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace {

using fuzz::expect;
using namespace ipc;
using pop3::MessageNumber;

constexpr std::size_t most_answers = 8;                  // they have to fit into the socket
constexpr MessageNumber most_sizes = 20'000;             // more only takes time
constexpr std::size_t stored_octets = 100;               // of the file behind each descriptor
constexpr std::size_t most_descriptors = max_opened + 1; // of an answer

/// The file behind every descriptor that is sent. It was last modified at the time 0.
int stored_file() {
  static const base::UniqueFd file = [] {
    base::UniqueFd fd(base::check(memfd_create("message", MFD_CLOEXEC), "memfd_create"));
    base::check(ftruncate(fd.get(), stored_octets), "ftruncate");
    constexpr timespec times[2]{};
    base::check(futimens(fd.get(), times), "futimens");
    return fd;
  }();
  return file.get();
}

/// As Channel::send, but also with one descriptor too many.
void put(int socket, const fuzz::RawMessage& answer) {
  std::array<int, most_descriptors> fds;
  fds.fill(stored_file());
  const auto octets = std::min<std::size_t>(answer.descriptors, fds.size()) * sizeof(int);
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof fds)] = {};
  iovec part{const_cast<std::byte*>(answer.bytes.data()), answer.bytes.size()};
  msghdr packet{};
  packet.msg_iov = &part;
  packet.msg_iovlen = 1;
  if (octets > 0) {
    packet.msg_control = control;
    packet.msg_controllen = CMSG_SPACE(octets);
    auto* header = CMSG_FIRSTHDR(&packet);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(octets);
    std::memcpy(CMSG_DATA(header), fds.data(), octets);
  }
  sendmsg(socket, &packet, MSG_DONTWAIT | MSG_NOSIGNAL); // a message that does not fit is left out
}

void read_all(pop3::MessageSource& source) {
  std::array<char, 64> space;
  std::size_t sum = 0;
  while (const auto octets = source.read(space)) {
    expect(octets <= space.size(), "a source fills no more than the space");
    sum += octets;
  }
  expect(sum <= stored_octets, "a source gives no more than the file has");
}

void ask(pop3::Maildrop& maildrop, std::uint8_t question) {
  const auto count = maildrop.count();
  const auto message = static_cast<MessageNumber>(question >> 2 << (question >> 4));
  if (message < 1 || message > count)
    return;
  if (question % 4 == 0 && count <= most_sizes)
    maildrop.octets(message);
  if (question % 4 == 1)
    expect(maildrop.unique_id(message).size() <= pop3::max_unique_id, "a unique-id fits");
  if (question % 4 == 2)
    if (const auto source = maildrop.open(message))
      read_all(*source);
  if (question % 4 == 3)
    maildrop.update(pop3::Marks(count), pop3::Marks(count));
}

void check(const pop3::Denial& denial) {
  expect(denial.held_from.size() < base::address_text_octets, "an address fits");
  expect(denial.hint.size() <= pop3::max_hint, "a hint fits");
  expect(denial.reason <= pop3::Denial::Reason::used_up, "a denial has one of our reasons");
}

front::RemoteGatekeeper::Login log_in_by_scram(front::RemoteGatekeeper& gatekeeper,
                                               std::string_view said) {
  const auto offer = gatekeeper.scram_start({"alice", std::string(said), "nonce"});
  if (!offer)
    return base::Refused{offer.error()};
  expect(offer->salt.size() <= max_scram_salt, "a salt fits");
  expect(offer->nonce.size() == scram_nonce_octets, "there is a nonce");
  const auto signature = gatekeeper.scram_check({std::string(said), {}});
  if (!signature)
    return base::Refused{signature.error()};
  return gatekeeper.scram_finish();
}

front::RemoteGatekeeper::Login log_in(front::RemoteGatekeeper& gatekeeper,
                                      std::string_view questions) {
  if (questions.starts_with('\xfe'))
    return log_in_by_scram(gatekeeper, questions);
  const bool has_token = questions.starts_with('\xfd');
  return gatekeeper.login({has_token ? pop3::Mechanism::xoauth2 : pop3::Mechanism::plain,
                           std::string(questions), base::Secret("password")});
}

/// Plays one session. Any exception other than the documented ones is a finding.
void converse(Channel& channel, std::string_view questions) {
  try {
    front::RemoteGatekeeper gatekeeper{front::Requester(channel)};
    const auto login = log_in(gatekeeper, questions);
    if (!login) {
      check(login.error());
      return;
    }
    expect((*login)->count() <= pop3::max_messages, "a maildrop has as many as a store serves");
    for (const char question : questions)
      try {
        ask(**login, static_cast<std::uint8_t>(question));
      } catch (const pop3::StoreFailure&) {
        // The session goes on.
      }
  } catch (const ProtocolViolation&) {
  } catch (const ChannelClosed&) {
  } catch (const ChannelTimeout&) { // as nothing reads the front's requests
  } catch (const pop3::MessageChanged&) {
  }
}

void check_decoded(const fuzz::RawMessage& raw) {
  const auto answer = support::decode_answer(raw.bytes);
  if (!answer)
    return;
  std::visit(
      [&](const auto& one) {
        const auto sent = bytes_of(one);
        expect(one.kind == one.tag && raw.bytes.size() == sent.size(), "the kind fits the size");
        expect(std::ranges::equal(sent, raw.bytes), "it is what came");
      },
      *answer);
}

/// The number that the next descriptor would get: it grows when one is left open.
int next_fd() {
  return base::UniqueFd(base::check(dup(stored_file()), "dup")).get();
}

void try_input(fuzz::Input input) {
  const auto questions = input.take_until('\xff');
  const int before = next_fd();
  {
    auto [front, other] = Channel::make_pair();
    base::check(fcntl(front.fd(), F_SETFL, O_NONBLOCK), "fcntl");
    for (std::size_t answers = 0; !input.empty() && answers < most_answers; ++answers) {
      const auto answer = fuzz::take_message(input);
      check_decoded(answer);
      put(other.fd(), answer);
    }
    shutdown(other.fd(), SHUT_WR);
    converse(front, questions);
  }
  expect(next_fd() == before, "no descriptor is left open");
  lseek(stored_file(), 0, SEEK_SET); // the copies of its descriptor share the offset
}

const fuzz::Target target("channel_answers", try_input);

} // namespace

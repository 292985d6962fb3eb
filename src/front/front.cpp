// SPDX-License-Identifier: ISC
#include "front/front.hpp"

#include "front/proxy_reader.hpp"
#include "front/requester.hpp"
#include "pop3/refusal.hpp"

#include <algorithm>
#include <poll.h>
#include <utility>

namespace front {

namespace {

using std::chrono::seconds;

constexpr std::size_t top_block = 16 * 1024; // TOP seldom needs more
constexpr seconds patience{1};               // with a client that sends no more
constexpr seconds memory_release_delay{1}; // the client's silence before a large buffer is released
constexpr std::chrono::milliseconds answer_grace{400}; // for a refusal that comes at the limit

/// The ending of a session that `reply` closes. [AUTH] means that the credentials are refused;
/// other response codes have other causes, except for the texts after a last attempt that was
/// cancelled or not looked at.
ipc::Ending ending_by(const pop3::Reply& reply, bool is_logged_in) {
  if (reply.is_bad_command)
    return ipc::Ending::too_many_bad_commands;
  if (reply.status == pop3::Reply::Status::ok)
    return ipc::Ending::quit;
  if (is_logged_in)
    return ipc::Ending::update_failed;
  const bool was_last = reply.text.starts_with("[AUTH]") || reply.text == pop3::attempts_used_up ||
                        pop3::is_penalty(reply);
  return was_last ? ipc::Ending::too_many_attempts : ipc::Ending::refused;
}

/// How much a client has said after its first line, which got `reply`.
ipc::Said said_with(const pop3::Reply& reply) {
  const bool is_quit = reply.closes && reply.status == pop3::Reply::Status::ok;
  return is_quit ? ipc::Said::only_quit : ipc::Said::more;
}

} // namespace

Front::Front(ipc::Channel& channel, const config::ClientLimits& limits,
             pop3::SessionProfile profile, Opening opening, ipc::KillSwitch kill_switch)
    : channel_(channel), limits_(limits), profile_(std::move(profile)), opening_(opening),
      kill_switch_(std::move(kill_switch)),
      requester_(channel, [this](Awaited awaited) { await(awaited); }), gatekeeper_(requester_),
      stream_(0, 1, channel.fd()), first_octets_(opening == Opening::proxy_header),
      hang_alarm_(seconds(limits.idle_limit)) {
  if (limits_.take_over > 0)
    stream_.on_silence(seconds(limits_.take_over), [this] { ask_whether_wanted(); });
  stream_.before_each_wait([this](bool is_long) { put_off_alarm(is_long); });
}

/// As converse(). A client that loses its maildrop is told, unless it has got a part of a reply.
ipc::Ending Front::converse_until_taken_over() {
  try {
    return converse();
  } catch (const TakenOver&) {
    if (out_.empty())
      out_.append(pop3::taken_over);
    else
      out_.clear();
    return ipc::Ending::taken_over;
  }
}

ipc::Ending Front::converse() {
  if (opening_ == Opening::proxy_header && !read_proxy())
    return ipc::Ending::refused;
  auto session = begin_session();
  if (!session)
    return ipc::Ending::refused;
  for (;;) {
    while (const auto line = reader_.next()) {
      handling_since_ = Clock::now();
      put_off_alarm();
      if (session->is_update(*line))
        flush(); // a client that is gone has not got the messages that it would remove
      const auto reply = session->handle(*line);
      logged_in_ = session->is_logged_in();
      report_.said = std::exchange(is_first_line_, false) ? said_with(reply) : ipc::Said::more;
      send(reply);
      if (reply.closes)
        return ending_by(reply, logged_in_);
      waiting_since_ = Clock::now();
    }
    read_more();
  }
}

/// False when the client is not admitted. The client then gets a refusal.
bool Front::read_proxy() {
  const auto header =
      read_proxy_header(stream_, std::min(deadline(), started_ + proxy_header_timeout));
  if (!header)
    throw Mismatch{header.error()};
  const auto answer = requester_.ask<ipc::ProxyAnswer>(request_for(*header), Awaited::login);
  if (answer.admission != ipc::Admission::granted) {
    out_.append(refusal_line(answer.admission));
    return false;
  }
  profile_.is_protected = answer.is_protected != 0;
  profile_.has_certificate = answer.has_certificate != 0;
  may_have_more_ = true; // no greeting is sent if a second header has already come
  return true;
}

/// Nothing when a session without login does not get its maildrop. The client then gets a refusal.
std::optional<pop3::Session> Front::begin_session() {
  std::optional<pop3::Session> session;
  if (opening_ == Opening::maildrop) {
    auto maildrop = gatekeeper_.await();
    if (!maildrop) {
      out_.append(status_line(pop3::refusal(maildrop.error())));
      return session;
    }
    session.emplace(std::move(*maildrop), profile_);
  } else {
    session.emplace(gatekeeper_, profile_);
  }
  logged_in_ = session->is_logged_in();
  out_.append(status_line(session->greeting()));
  return session;
}

void Front::send(const pop3::Reply& reply) {
  const auto start = out_.text().size();
  const auto flushes = flushes_;
  try {
    out_.append(status_line(reply));
    if (const auto* listing = std::get_if<pop3::Listing>(&reply.body))
      send_listing(*listing);
    if (const auto* message = std::get_if<pop3::MessageText>(&reply.body))
      send_message(*message);
  } catch (const pop3::StoreFailure& failure) {
    if (flushes_ != flushes)
      throw; // a part of the reply has left
    out_.shorten(start);
    out_.append(status_line(pop3::refusal(failure)));
  } catch (const NoAnswer&) {
    out_.shorten(start);
    throw NoAnswer{.can_tell = flushes_ == flushes};
  }
  if (out_.is_full())
    flush();
}

void Front::send_listing(const pop3::Listing& listing) {
  for (std::string line; listing(line); line.clear()) {
    out_.append(line);
    if (out_.is_full())
      flush();
  }
  out_.append(".\r\n");
}

void Front::send_message(const pop3::MessageText& message) {
  const bool whole = !message.top_lines;
  const auto octets = send_text(message);
  if (whole)
    message.source->sent_whole(octets);
  message.on_sent();
  ++(whole ? report_.retrieved : report_.top);
  (whole ? report_.retrieved_octets : report_.top_octets) += octets;
}

/// Gives the octets as message sizes count them.
std::uint64_t Front::send_text(const pop3::MessageText& message) {
  pop3::ByteStuffing stuffing(message.top_lines.value_or(pop3::ByteStuffing::whole));
  const auto block = out_.block().first(message.top_lines ? top_block : Output::block_octets);
  has_read_file_ = true;
  while (!stuffing.is_done()) {
    put_off_alarm();
    const auto octets = message.source->read(block);
    if (octets == 0)
      break;
    if (out_.is_full())
      flush();
    out_.filled(stuffing.stuff({block.data(), octets}, out_.space()));
  }
  out_.filled(stuffing.finish(out_.space()));
  out_.append(".\r\n");
  return stuffing.octets();
}

void Front::flush() {
  // A long message over a slow connection may take any time, as long as the client receives data.
  stream_.write_all(out_.text(), seconds(limits_.idle_limit),
                    logged_in_ ? Clock::time_point::max() : deadline());
  out_.clear();
  ++flushes_;
}

void Front::read_more() {
  if (!out_.empty() && !(may_have_more_ && stream_.has_input()))
    flush();
  give_memory_back();
  try {
    const auto space = reader_.space();
    const auto octets = stream_.read_some(space, deadline());
    report_.said = ipc::Said::more; // as long as no whole line says less
    if (opening_ != Opening::maildrop)
      if (const auto mismatch = first_octets_.take({space.data(), octets}))
        throw Mismatch{*mismatch};
    reader_.filled(octets);
    may_have_more_ = octets == space.size();
  } catch (const base::ConnectionLost&) {
    flush(); // the client may have closed only its sending side
    throw;
  }
}

/// Waits for an answer until the limit, so that a client is told in time when storage hangs.
void Front::await(Awaited awaited) {
  const auto limit = limit_for(awaited);
  const short events = awaited == Awaited::room ? POLLOUT : POLLIN;
  is_answer_due_ = true;
  try {
    stream_.await_other({channel_.fd(), events, limit + answer_grace, patience_for(awaited)});
  } catch (const base::Timeout&) {
    if (awaited == Awaited::silence)
      throw; // the client has asked for nothing, and may have got a part of a reply
    throw NoAnswer();
  }
  is_answer_due_ = false;
}

Front::Clock::time_point Front::limit_for(Awaited awaited) const {
  const auto now = Clock::now();
  if (awaited == Awaited::silence)
    return std::max(deadline(), now + patience);
  return logged_in_ ? now + seconds(limits_.idle_limit) : deadline();
}

/// A client that leaves while the keeper reads its messages may be back soon, and needs the lock.
/// One that has closed only its sending side still gets a quick answer, and any answer if it has
/// sent more commands. UPDATE is done whether the client stays or not.
std::optional<Front::Clock::time_point> Front::patience_for(Awaited awaited) const {
  if (reader_.has_rest() || (awaited != Awaited::login && awaited != Awaited::maildrop))
    return {};
  const seconds delay(awaited == Awaited::login ? limits_.failure_delay : 0);
  return handling_since_ + delay + patience;
}

/// Before the first message there is no file that could hang.
void Front::put_off_alarm(bool is_long_wait) {
  if (!has_read_file_)
    return;
  if (is_long_wait)
    hang_alarm_.put_off_far();
  else
    hang_alarm_.put_off();
}

/// The task for a silent client. Throws TakenOver.
void Front::ask_whether_wanted() {
  if (!logged_in_)
    return;
  const auto answer = requester_.ask<ipc::SilenceAnswer>(ipc::SilenceRequest(), Awaited::silence);
  if (answer.is_taken_over != 0)
    throw TakenOver();
}

/// Releases a large buffer when the client is silent after a reply.
void Front::give_memory_back() {
  if (out_.is_large() && out_.empty() &&
      !stream_.has_input(std::min(deadline(), Clock::now() + memory_release_delay)))
    out_.release();
}

/// Before login no input extends the deadline, as slow clients would hold connections for ever.
/// After login a whole line extends it, single octets do not.
Front::Clock::time_point Front::deadline() const {
  return logged_in_ ? waiting_since_ + seconds(limits_.idle_limit)
                    : started_ + seconds(limits_.login_limit);
}

} // namespace front

// SPDX-License-Identifier: ISC
#include "base/log.hpp"

#include "base/deadline.hpp"
#include "base/hex.hpp"
#include "base/mapped_file.hpp"
#include "base/system_error.hpp"
#include "base/time_of_day.hpp"
#include "base/utc.hpp"

#include <algorithm>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace base {

namespace {

constexpr std::size_t longest_value = 256;
constexpr int facility_mail = 2 << 3; // RFC 5424, 6.2.1

/// Also for a socket that was connected to a daemon that is gone.
bool connect_to_syslog(int fd) {
  const sockaddr_un address{AF_UNIX, "/dev/log"};
  return connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

UniqueFd connect_syslog() {
  UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd || !connect_to_syslog(fd.get()))
    return {};
  return fd;
}

constexpr int writing = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

/// Without a reader, a FIFO cannot be opened for writing alone. A reader that comes later gets the
/// lines from then on.
UniqueFd open_for_writing(const std::string& path) {
  constexpr int named = writing | O_CREAT | O_NOFOLLOW;
  UniqueFd log(::open(path.c_str(), named, 0600));
  if (log || errno != ENXIO)
    return log;
  const UniqueFd reader(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  return reader ? UniqueFd(::open(path.c_str(), named, 0600)) : UniqueFd();
}

/// O_NONBLOCK belongs to a description, which other processes may share. Therefore a pipe or a
/// terminal is opened anew. Nothing where that is not permitted, and for a socket: poll(2) alone
/// has to tell then when a line can be written.
UniqueFd reopen_standard_error() {
  struct stat facts {};
  const bool can_be_opened =
      fstat(2, &facts) == 0 && (S_ISFIFO(facts.st_mode) || S_ISCHR(facts.st_mode));
  return can_be_opened ? UniqueFd(::open("/proc/self/fd/2", writing)) : UniqueFd();
}

bool is_about_the_peer(int error) {
  return error == ECONNREFUSED || error == ECONNRESET || error == ENOTCONN;
}

/// True when a crash or a full disk has left the file `fd`, which is named `path`, without the end
/// of its last line.
bool ends_within_line(const std::string& path, int fd) {
  struct stat facts {};
  if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size == 0)
    return false;
  const UniqueFd reader(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  char last = '\n';
  return reader && pread(reader.get(), &last, 1, facts.st_size - 1) == 1 && last != '\n';
}

} // namespace

std::string escaped(std::string_view value, bool keep_blanks) {
  std::string out;
  for (const char c : value.substr(0, longest_value)) {
    const auto octet = static_cast<unsigned char>(c);
    const bool is_plain = c > ' ' && c < 0x7f && c != '"' && c != '\\';
    if (is_plain || (keep_blanks && c == ' '))
      out += c;
    else
      out.append("\\x").append(hex({&octet, 1}));
  }
  return out;
}

Event::Event(std::string_view name, Level level) : text_("event="), level_(level) {
  text_ += name;
}

Event::Event(std::string_view name, Level level, std::string_view reason, std::string_view problem)
    : Event(name, level) {
  with("reason", reason);
  if (!problem.empty())
    with_quoted("problem", problem);
}

Event& Event::with(std::string_view key, std::string_view value) {
  text_.append(" ").append(key).append("=").append(escaped(value));
  return *this;
}

Event& Event::with(std::string_view key, std::uint64_t value) {
  return with(key, std::to_string(value));
}

Event& Event::with_quoted(std::string_view key, std::string_view sentence) {
  text_.append(" ").append(key).append("=\"").append(escaped(sentence, true)).append("\"");
  return *this;
}

void Unmap::operator()(std::atomic<std::uint64_t>* number) const noexcept {
  munmap(number, sizeof *number);
}

Log Log::open(const std::string& target, std::string_view program) {
  Log log;
  log.program_ = program;
  if (target == "syslog") {
    log.fd_ = connect_syslog();
    log.syslog_ = static_cast<bool>(log.fd_);
  } else if (target != "stderr") {
    log.fd_ = open_for_writing(target);
    if (!log.fd_)
      throw_errno("cannot open the log " + target);
    if (ends_within_line(target, log.fd_.get()))
      log.put("\n", Clock::now());
  }
  if (!log.fd_)
    log.fd_ = reopen_standard_error();
  log.may_block_ = !log.fd_;
  if (log.may_block_)
    log.fd_ = UniqueFd(fcntl(2, F_DUPFD_CLOEXEC, 3));
  return log;
}

void Log::write(const Event& event) const noexcept {
  if (!fd_)
    return;
  const auto begin = Clock::now();
  const bool is_counted = lost_ && are_there(lost_.get(), sizeof *lost_);
  const auto lost = is_counted && lost_->load() > 0 ? lost_->exchange(0) : 0;
  const auto patience = lost > 0 ? std::chrono::milliseconds(0) : patience_;
  auto still_lost = lost + 1;
  try {
    still_lost = write_after(lost, event, begin + patience);
  } catch (const std::bad_alloc&) {
    // Losing a line is better than ending the session.
  }
  patience_ -=
      std::min(patience, std::chrono::floor<std::chrono::milliseconds>(Clock::now() - begin));
  if (is_counted && still_lost > 0)
    *lost_ += still_lost;
}

/// Writes `event` behind the number of lines that were `lost`. Gives the lines that are lost now.
std::uint64_t Log::write_after(std::uint64_t lost, const Event& event,
                               Clock::time_point deadline) const {
  if (lost > 0) {
    // A full disk may have left a part of a line.
    const std::string end_of_line(syslog_ ? "" : "\n");
    const auto told = Event("log-lost", Level::warning).with("lines", lost);
    if (!send(end_of_line + line_of(told), deadline))
      return lost + 1;
  }
  return send(line_of(event, context_), deadline) ? 0 : 1;
}

std::string Log::line_of(const Event& event, std::string_view context) const {
  // Syslog daemons add their own time, in their own zone.
  std::string line = syslog_ ? "<" + std::to_string(facility_mail | int(event.level())) + ">"
                             : utc(seconds_since_1970()) + " ";
  line += program_ + "[" + std::to_string(getpid()) + "]: " + event.text();
  line += context;
  if (!syslog_)
    line += '\n';
  return line;
}

/// False when the line is lost.
bool Log::send(std::string_view line, Clock::time_point deadline) const noexcept {
  if (put(line, deadline))
    return true;
  return syslog_ && may_connect_ && is_about_the_peer(errno) && connect_to_syslog(fd_.get()) &&
         put(line, deadline);
}

/// False, with errno, when the log has not taken all octets.
bool Log::put(std::string_view octets, Clock::time_point deadline) const noexcept {
  pollfd log{fd_.get(), POLLOUT, 0};
  for (bool must_wait = may_block_;; must_wait = true) {
    ssize_t count = -1;
    errno = EAGAIN; // unless a call fails
    if (!must_wait || poll(&log, 1, milliseconds_until(deadline)) > 0)
      count = ::write(fd_.get(), octets.data(), octets.size());
    if (count >= 0)
      return count == static_cast<ssize_t>(octets.size());
    if ((errno != EAGAIN && errno != EINTR) || Clock::now() >= deadline)
      return false;
  }
}

} // namespace base

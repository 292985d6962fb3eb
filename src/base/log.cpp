// SPDX-License-Identifier: ISC
#include "base/log.hpp"

#include "base/hex.hpp"
#include "base/system_error.hpp"
#include "base/time_of_day.hpp"
#include "base/utc.hpp"

#include <fcntl.h>
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
  UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const timeval send_timeout{1, 0}; // a syslog daemon that hangs must not stop the mail
  if (!fd ||
      setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &send_timeout, sizeof send_timeout) != 0 ||
      !connect_to_syslog(fd.get()))
    return {};
  return fd;
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

Log Log::open(const std::string& target, std::string_view program) {
  Log log;
  log.program_ = program;
  if (target == "syslog") {
    log.fd_ = connect_syslog();
    log.syslog_ = static_cast<bool>(log.fd_);
  } else if (target != "stderr") {
    log.fd_ = UniqueFd(
        ::open(target.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!log.fd_)
      throw_errno("cannot open the log " + target);
    if (ends_within_line(target, log.fd_.get()))
      log.put("\n");
  }
  if (!log.fd_)
    log.fd_ = UniqueFd(fcntl(2, F_DUPFD_CLOEXEC, 3));
  return log;
}

void Log::write(const Event& event) const noexcept {
  if (!fd_)
    return;
  try {
    // Syslog daemons add their own time, in their own zone.
    std::string line = syslog_ ? "<" + std::to_string(facility_mail | int(event.level())) + ">"
                               : utc(seconds_since_1970()) + " ";
    line += program_ + "[" + std::to_string(getpid()) + "]: " + event.text() + context_;
    if (!syslog_)
      line += '\n';
    const bool is_lost = !put(line) && syslog_ && may_connect_ && is_about_the_peer(errno);
    if (is_lost && connect_to_syslog(fd_.get()))
      put(line);
  } catch (const std::bad_alloc&) {
    // Losing a line is better than ending the session.
  }
}

bool Log::put(std::string_view octets) const noexcept {
  return ::write(fd_.get(), octets.data(), octets.size()) >= 0;
}

} // namespace base

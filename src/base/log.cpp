// SPDX-License-Identifier: ISC
#include "base/log.hpp"

#include "base/hex.hpp"
#include "base/system_error.hpp"
#include "base/time_of_day.hpp"
#include "base/utc.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace base {

namespace {

constexpr std::size_t longest_value = 256;
constexpr int facility_mail = 2 << 3; // RFC 5424, 6.2.1

UniqueFd connect_syslog() {
  UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const sockaddr_un address{AF_UNIX, "/dev/log"};
  const timeval send_timeout{1, 0}; // a syslog daemon that hangs must not stop the mail
  if (!fd ||
      setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &send_timeout, sizeof send_timeout) != 0 ||
      connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return {};
  return fd;
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
    [[maybe_unused]] const auto written = ::write(fd_.get(), line.data(), line.size());
  } catch (const std::bad_alloc&) {
    // Losing a line is better than ending the session.
  }
}

} // namespace base

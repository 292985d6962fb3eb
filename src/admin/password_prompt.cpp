// SPDX-License-Identifier: ISC
#include "admin/password_prompt.hpp"

#include "admin/failure.hpp"
#include "base/system_error.hpp"
#include "base/unique_fd.hpp"
#include "pop3/limits.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace admin {

namespace {

volatile std::sig_atomic_t caught = 0;

void note_signal(int number) {
  caught = number;
}

/// During its lifetime the signals that a terminal or an operator sends are blocked, except within
/// wait_for(), which they only interrupt. So none is delivered between a check of `caught` and the
/// wait.
class SignalWatch {
 public:
  SignalWatch() {
    struct sigaction action {};
    action.sa_handler = note_signal;
    sigset_t blocked;
    ::sigemptyset(&blocked);
    for (const int number : watched)
      ::sigaddset(&blocked, number);
    ::sigprocmask(SIG_BLOCK, &blocked, &old_mask_);
    caught = 0;
    for (std::size_t i = 0; i < watched.size(); ++i)
      ::sigaction(watched[i], &action, &old_[i]);
  }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch() {
    for (std::size_t i = 0; i < watched.size(); ++i)
      ::sigaction(watched[i], &old_[i], nullptr);
    ::sigprocmask(SIG_SETMASK, &old_mask_, nullptr);
  }

  /// Waits until `fd` is readable or a signal arrives.
  void wait_for(int fd) const {
    struct pollfd wanted {
      fd, POLLIN, 0
    };
    if (::ppoll(&wanted, 1, nullptr, &old_mask_) < 0 && errno != EINTR)
      base::throw_errno("poll the terminal");
  }

 private:
  static constexpr std::array watched{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
  std::array<struct sigaction, watched.size()> old_{};
  sigset_t old_mask_{};
};

class NoEcho {
 public:
  explicit NoEcho(int terminal) : terminal_(terminal) {
    base::check(::tcgetattr(terminal, &old_), "tcgetattr");
    auto silent = old_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
    base::check(::tcsetattr(terminal, TCSAFLUSH, &silent), "tcsetattr");
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;
  ~NoEcho() { ::tcsetattr(terminal_, TCSAFLUSH, &old_); }

 private:
  int terminal_;
  struct termios old_ {};
};

/// A line, with room for a password that is one octet too long, and for a CR.
class Buffer {
 public:
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { base::wipe(bytes_.data(), bytes_.size()); }

  bool is_full() const { return size_ == bytes_.size(); }
  void push(char c) { bytes_[size_++] = c; }
  base::Secret password() const {
    std::string_view line(bytes_.data(), size_);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    return base::Secret(line);
  }

 private:
  std::array<char, pop3::max_password + 2> bytes_{};
  std::size_t size_ = 0;
};

/// Reads octet by octet, so that the next line of standard input is left for the next program.
/// Nothing when `watch` has caught a signal.
std::optional<base::Secret> read_line(int fd, const SignalWatch* watch) {
  Buffer buffer;
  for (char c = 0;;) {
    if (watch != nullptr)
      watch->wait_for(fd);
    if (watch != nullptr && caught != 0)
      return {};
    const auto got = ::read(fd, &c, 1);
    if (got < 0 && errno == EINTR)
      continue;
    if (base::check(got, "read the password") == 0 || c == '\n')
      return buffer.password();
    if (!buffer.is_full())
      buffer.push(c);
  }
}

void say(int terminal, std::string_view text) {
  // Ignored: reading from a terminal that cannot be written to fails too.
  if (::write(terminal, text.data(), text.size()) < 0)
    return;
}

base::Secret ask_terminal(const std::string& prompt) {
  const base::UniqueFd terminal(::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!terminal)
    throw Failure("no terminal to ask for the password: use --password-stdin");
  for (;;) {
    std::optional<base::Secret> password;
    {
      const SignalWatch watch;
      const NoEcho silence(terminal.get());
      say(terminal.get(), prompt);
      password = read_line(terminal.get(), &watch);
      say(terminal.get(), "\n");
    }
    if (password)
      return std::move(*password);
    ::kill(::getpid(), caught);
  }
}

void require_usable(const base::Secret& password) {
  if (password.empty())
    throw Failure("an empty password never logs in");
  if (password.size() > pop3::max_password)
    throw Failure("the password is longer than " + std::to_string(pop3::max_password) + " octets");
  if (password.reveal().find('\0') != std::string_view::npos)
    throw Failure("the password has a NUL in it");
}

} // namespace

base::Secret ask_password(PasswordSource source, const std::string& prompt) {
  auto password = source == PasswordSource::terminal ? ask_terminal(prompt)
                                                     : read_line(STDIN_FILENO, nullptr).value();
  require_usable(password);
  return password;
}

base::Secret ask_new_password(PasswordSource source, const std::string& name) {
  auto password = ask_password(source, "New password for " + name + ": ");
  if (source == PasswordSource::terminal &&
      ask_terminal("The same again: ").reveal() != password.reveal())
    throw Failure("the two passwords differ");
  return password;
}

} // namespace admin

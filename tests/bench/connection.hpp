// SPDX-License-Identifier: ISC
// The client's end of one connection to a POP3 server on this host: sends a command, reads its
// reply. Only for servers under measurement: throws on every error of the server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

class Connection {
 public:
  /// Connects to 127.0.0.1:port and reads nothing. Throws std::runtime_error, as do all functions
  /// below.
  explicit Connection(std::uint16_t port);
  Connection(Connection&& other) noexcept;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection& operator=(Connection&&) = delete;
  ~Connection();

  /// Reads a line of a reply and gives it without its end, valid until the next call.
  std::string_view line();
  /// As line(), but throws unless the line begins with +OK.
  std::string_view ok_line();
  /// Sends a command and reads the first line of its reply, which must begin with +OK.
  std::string_view command(const std::string& text);
  /// Reads the rest of a reply of several lines. The server must send nothing after it. Gives the
  /// number of octets read, dots and end included, and appends them to `copy` unless it is null.
  std::uint64_t body(std::string* copy = nullptr);
  /// Reads until the server closes, gives the number of octets.
  std::uint64_t until_end();
  void send(std::string_view octets);

 private:
  bool fill();

  int fd_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

} // namespace bench

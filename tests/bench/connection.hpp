// SPDX-License-Identifier: ISC
// The client's end of one connection to a POP3 server on this host: sends a command, reads its
// reply. Trusts the server to be one that is being measured: whatever it does wrong is thrown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

class Connection {
 public:
  /// To 127.0.0.1:port; reads nothing. Throws std::runtime_error, as all that follows.
  explicit Connection(std::uint16_t port);
  Connection(Connection&& other) noexcept;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection& operator=(Connection&&) = delete;
  ~Connection();

  /// A line of a reply, without its end; it lives until the next call.
  std::string_view line();
  /// The same, which must begin with +OK.
  std::string_view ok_line();
  /// Sends a command and reads the first line of its reply, which must begin with +OK.
  std::string_view command(const std::string& text);
  /// Reads the rest of a reply of several lines, after whose end the server must be silent. Gives
  /// the octets that came, dots and end included; appends them to `copy` when there is one.
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

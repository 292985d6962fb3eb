// SPDX-License-Identifier: ISC
#include "front/proxy_reader.hpp"

#include "base/unique_fd.hpp"
#include "support/proxy_headers.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <ostream>
#include <sys/socket.h>
#include <unistd.h>

using namespace front;
using namespace std::chrono_literals;
using namespace support;
using Clock = base::DeadlineStream::Clock;

namespace {

/// A connection on which a proxy has already sent `written`.
class Line {
 public:
  explicit Line(std::string_view written) {
    int fds[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
    proxy_.reset(fds[0]);
    ours_.reset(fds[1]);
    REQUIRE(write(fds[0], written.data(), written.size()) == static_cast<ssize_t>(written.size()));
  }

  void hang_up() { proxy_.reset(); }
  base::Result<proxy_protocol::Header, ipc::Ending> read_header(Clock::duration patience = 10s) {
    base::DeadlineStream stream(ours_.get(), ours_.get());
    return read_proxy_header(stream, Clock::now() + patience);
  }
  /// The octets that are left in the socket.
  std::string rest() {
    std::string text(1000, '\0');
    const auto octets = recv(ours_.get(), text.data(), text.size(), MSG_DONTWAIT);
    text.resize(octets > 0 ? static_cast<std::size_t>(octets) : 0);
    return text;
  }

 private:
  base::UniqueFd proxy_;
  base::UniqueFd ours_;
};

const std::string headers[] = {
    "PROXY TCP4 192.0.2.7 192.0.2.1 56324 110\r\n", "PROXY UNKNOWN\r\n",
    "PROXY TCP6 2001:db8::7 ::1 1 1\r\n",           from_client(""),
    from_client(tlv(0x04, std::string(4000, 'x'))), proxy_block(local_command, unspecified, "")};

ipc::Ending ending_of(std::string_view written, bool hangs_up, Clock::duration patience = 10s) {
  Line line(written);
  if (hangs_up)
    line.hang_up();
  const auto header = line.read_header(patience);
  REQUIRE_FALSE(header.has_value());
  return header.error();
}

} // namespace

TEST_CASE("a header is read to its end, and what the client says is left alone") {
  for (const auto& header : headers) {
    Line line(header + "USER alice\r\n");
    CHECK(line.read_header().has_value());
    CHECK(line.rest() == "USER alice\r\n");
  }
}

TEST_CASE("a header is missing if the connection ends before it, and malformed if within it") {
  CHECK(ending_of("", true) == ipc::Ending::proxy_missing);
  CHECK(ending_of("USER alice\r\n", false) == ipc::Ending::proxy_missing);
  for (const auto& header : headers)
    CHECK(ending_of(header.substr(0, header.size() - 1), true) == ipc::Ending::proxy_malformed);
  CHECK(ending_of("PROXY TCP4 192.0.2.7\r\n", false) == ipc::Ending::proxy_malformed);
}

TEST_CASE("a header that has begun and not come whole in time is late, one without a beginning is "
          "missing") {
  CHECK(ending_of("", false, 10ms) == ipc::Ending::proxy_missing);
  CHECK(ending_of("PROXY ", false, 10ms) == ipc::Ending::proxy_late);
  CHECK(ending_of(from_client("").substr(0, 20), false, 10ms) == ipc::Ending::proxy_late);
}

TEST_CASE("the monitor is told what the header said") {
  Line line(from_client(tls_tlv(by_tls | certificate_in_connection, 0, tlv(name_type, "alice"))));
  const auto request = request_for(*line.read_header());
  CHECK(ipc::decode_request(ipc::bytes_of(request)).has_value());
  CHECK(request.origin == proxy_protocol::Header::Origin::client);
  CHECK(request.tls == proxy_protocol::Header::Tls::yes);
  CHECK(request.source.text() == "192.0.2.7");
  CHECK(std::string(request.common_name.data(), request.name_length) == "alice");
}

TEST_CASE("everything that a header may say fits into the request") {
  proxy_protocol::Header header;
  header.origin = proxy_protocol::Header::Origin::client;
  header.source = base::Address::parse("1111:2222:3333:4444:5555:6666:7777:8888");
  header.tls = proxy_protocol::Header::Tls::yes;
  header.common_name.assign(proxy_protocol::max_common_name, 'n');
  const auto request = request_for(header);
  CHECK(ipc::decode_request(ipc::bytes_of(request)).has_value());
  CHECK(request.source == header.source);
  CHECK(request.name_length == proxy_protocol::max_common_name);
}

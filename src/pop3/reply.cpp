// SPDX-License-Identifier: ISC
#include "pop3/reply.hpp"

namespace pop3 {

namespace {

constexpr std::size_t max_reply_line = 512; // RFC 1939 section 3

} // namespace

Reply ok(std::string text) {
  return {Reply::Status::ok, std::move(text)};
}

Reply err(std::string text) {
  return {Reply::Status::err, std::move(text)};
}

Reply bad_command(std::string text) {
  Reply reply = err(std::move(text));
  reply.is_bad_command = true;
  return reply;
}

Reply challenge(std::string base64) {
  return {Reply::Status::challenge, std::move(base64)};
}

std::string status_line(const Reply& reply) {
  std::string line = "+ ";
  if (reply.status != Reply::Status::challenge)
    line = reply.status == Reply::Status::ok ? "+OK" : "-ERR";
  if (reply.status != Reply::Status::challenge && !reply.text.empty())
    line += ' ';
  line += reply.text;
  // Challenges have their own limit (RFC 5034 section 4).
  if (reply.status != Reply::Status::challenge && line.size() > max_reply_line - 2)
    line.resize(max_reply_line - 2);
  return line += "\r\n";
}

} // namespace pop3

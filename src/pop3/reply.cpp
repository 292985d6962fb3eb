// SPDX-License-Identifier: ISC
#include "pop3/reply.hpp"

#include "pop3/limits.hpp"

#include <algorithm>

namespace pop3 {

Listing listing_of(std::vector<std::string> lines) {
  return [lines = std::move(lines), next = std::size_t{0}](std::string& out) mutable {
    if (next == lines.size())
      return false;
    out.append(lines[next++]).append("\r\n");
    return true;
  };
}

Reply ok(std::string text, Reply::Body body) {
  return {Reply::Status::ok, std::move(text), std::move(body)};
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
  if (reply.status == Reply::Status::challenge) // has its own limit (RFC 5034 section 4)
    return "+ " + reply.text + "\r\n";
  std::string line = reply.status == Reply::Status::ok ? "+OK" : "-ERR";
  if (!reply.text.empty())
    line += " " + reply.text;
  line.resize(std::min(line.size(), max_reply_line - 2));
  return line += "\r\n";
}

} // namespace pop3

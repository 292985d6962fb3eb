// SPDX-License-Identifier: ISC
// Captures the text that tested code writes to std::cout or std::cerr.
#pragma once

#include <ostream>
#include <sstream>
#include <string>
#include <vector>

namespace support {

class StreamCapture {
 public:
  explicit StreamCapture(std::ostream& stream)
      : stream_(stream), before_(stream.rdbuf(buffer_.rdbuf())) {}
  StreamCapture(const StreamCapture&) = delete;
  StreamCapture& operator=(const StreamCapture&) = delete;
  ~StreamCapture() { stream_.rdbuf(before_); }

  std::string text() const { return buffer_.str(); }
  std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    std::istringstream text(buffer_.str());
    for (std::string line; std::getline(text, line);)
      lines.push_back(line);
    return lines;
  }

 private:
  std::ostringstream buffer_;
  std::ostream& stream_;
  std::streambuf* before_;
};

} // namespace support

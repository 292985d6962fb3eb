// SPDX-License-Identifier: ISC
#include "admin/check/listening_sockets.hpp"

#include "base/number.hpp"
#include "base/split.hpp"
#include "base/text_file.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <boost/filesystem/operations.hpp>
#include <charconv>
#include <cstring>
#include <system_error>

namespace admin {

namespace {

namespace fs = boost::filesystem;

constexpr std::size_t most_sockets_text = 16 << 20; // octets; a row has about 150

unsigned from_hex(std::string_view text) {
  unsigned value = 0;
  std::from_chars(text.begin(), text.end(), value, 16);
  return value;
}

/// The kernel prints each four octets of an address as one number of this machine.
std::string address_of(std::string_view digits) {
  std::array<unsigned, 4> words{};
  for (std::size_t i = 0; i < words.size() && 8 * i < digits.size(); ++i)
    words[i] = from_hex(digits.substr(8 * i, 8));
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(digits.size() > 8 ? AF_INET6 : AF_INET, words.data(), text.data(), text.size());
  return text.data();
}

std::string file_text(const std::string& path) {
  try {
    return base::read_text(path, most_sockets_text);
  } catch (const std::system_error&) {
    return {};
  }
}

bool has_open(const fs::path& process, const std::string& link) {
  boost::system::error_code error, ignored;
  for (fs::directory_iterator entry(process / "fd", error), end; !error && entry != end;
       entry.increment(error))
    if (fs::read_symlink(entry->path(), ignored) == link)
      return true;
  return false;
}

} // namespace

std::vector<ListeningSocket> listening_in(const std::string& table) {
  enum { place = 1, state = 3, inode = 9 };
  std::vector<ListeningSocket> sockets;
  for (std::string_view rest = table; !rest.empty();) {
    const auto fields = base::words_of(base::take_field(rest, '\n'));
    if (fields.size() <= inode || fields[state] != "0A")
      continue;
    std::string_view port = fields[place];
    const auto address = base::take_field(port, ':');
    sockets.push_back({address_of(address), from_hex(port), fields[inode]});
  }
  return sockets;
}

std::vector<ListeningSocket> listening_sockets() {
  auto sockets = listening_in(file_text("/proc/net/tcp"));
  std::ranges::move(listening_in(file_text("/proc/net/tcp6")), std::back_inserter(sockets));
  return sockets;
}

std::optional<SocketOwner> owner_of(const ListeningSocket& socket) {
  const auto link = "socket:[" + socket.inode + "]";
  boost::system::error_code error;
  for (fs::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const auto pid = base::parse_number<pid_t>(entry->path().filename().string());
    if (pid && has_open(entry->path(), link))
      return SocketOwner{
          *pid, std::string(base::trimmed(file_text(entry->path().string() + "/comm"), "\n"))};
  }
  return {};
}

} // namespace admin

// SPDX-License-Identifier: ISC
#include "admin/check/maildir_files.hpp"

#include "base/unique_fd.hpp"
#include "pop3/coding.hpp"

#include <algorithm>
#include <array>
#include <boost/filesystem/operations.hpp>
#include <cctype>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace admin {

namespace {

namespace fs = boost::filesystem;

/// The first octets of a regular file; empty if it cannot be read.
std::string start_of(const std::string& path, std::size_t octets) {
  std::string start(octets, '\0');
  struct stat facts;
  const base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file || ::fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode))
    return {};
  const auto got = ::read(file.get(), start.data(), start.size());
  start.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  return start;
}

/// Calls `visit` with entries of a directory until it returns false. A directory that cannot be
/// read has none.
template <class Visit> void each_entry(const std::string& directory, const Visit& visit) {
  boost::system::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error))
    if (!visit(*entry))
      return;
}

constexpr auto maildir_folders = std::to_array<std::string_view>({"cur", "new", "tmp"});

/// True for a field of a header, as RFC 5322 section 3.6.8 has its name, with a blank behind the
/// colon, or for a line of an mbox file.
bool begins_like_message(std::string_view start) {
  const auto is_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; };
  const auto* const end = std::ranges::find_if_not(start, is_name);
  const auto name = static_cast<std::size_t>(end - start.begin());
  return start.starts_with("From ") || (name > 0 && start.substr(name).starts_with(": "));
}

std::size_t messages_in_folder(const std::string& folder, std::size_t most) {
  std::size_t messages = 0;
  for (const auto* place : {"/cur", "/new"})
    each_entry(folder + place, [&](const fs::directory_entry&) { return ++messages < most; });
  return messages;
}

/// False for a folder without messages.
bool count_folder(const std::string& folder, FilesBeside& found) {
  const auto messages = messages_in_folder(folder, most_counted - found.in_folders);
  if (found.in_folders == 0 && messages > 0)
    found.first_folder = folder;
  found.in_folders += messages;
  return messages > 0;
}

void count_file(const std::string& file, FilesBeside& found) {
  constexpr std::size_t longest_field_name = 78; // as RFC 5322, section 2.1.1, advises for a line
  if (begins_like_message(start_of(file, longest_field_name)) && found.messages++ == 0)
    found.first_message = file;
}

} // namespace

bool begins_like_mbox(const std::string& path) {
  constexpr std::string_view mark = "From ";
  return start_of(path, mark.size()) == mark;
}

std::string coded_messages(const std::string& maildir) {
  std::size_t looked_at = 0, coded = 0;
  std::string_view coding;
  for (const auto* folder : {"/cur", "/new"}) {
    std::size_t in_folder = 0;
    each_entry(maildir + folder, [&](const fs::directory_entry& entry) {
      const auto found = pop3::coding_of(start_of(entry.path().string(), pop3::coding_octets));
      if (found != pop3::Coding::none) {
        ++coded;
        coding = pop3::log_name(found);
      }
      return ++in_folder < most_messages;
    });
    looked_at += in_folder;
  }
  if (coded == 0)
    return {};
  return std::to_string(coded) + " of the " + std::to_string(looked_at) +
         " messages that were looked at are compressed or encrypted (" + std::string(coding) +
         ") and cannot be sent";
}

FilesBeside files_beside(const std::string& maildir) {
  FilesBeside found;
  std::size_t folders = 0, files = 0;
  each_entry(maildir, [&](const fs::directory_entry& entry) {
    boost::system::error_code error;
    const auto type = entry.symlink_status(error).type();
    const auto name = entry.path().filename().string();
    if (type == fs::directory_file &&
        std::ranges::find(maildir_folders, name) == maildir_folders.end())
      folders += count_folder(entry.path().string(), found) ? 1 : 0;
    else if (type == fs::regular_file && !name.starts_with('.') && ++files <= most_stray_files)
      count_file(entry.path().string(), found);
    return folders < most_folders && found.in_folders < most_counted;
  });
  return found;
}

} // namespace admin

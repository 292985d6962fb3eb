// SPDX-License-Identifier: ISC
#include "users/compiled_header.hpp"

#include "base/split.hpp"
#include "passwords/password_hash.hpp"

#include <algorithm>

namespace users {

namespace {

constexpr std::string_view version_label = "sodapop-users ";
constexpr std::string_view size_label = "size ";
constexpr std::string_view inode_label = "inode ";
constexpr std::string_view mtime_label = "mtime ";
constexpr std::string_view ctime_label = "ctime ";
constexpr std::string_view iterations_label = "scram-iterations ";
constexpr std::string_view salt_label = "scram-salt ";
constexpr std::string_view decoy_label = "decoy ";

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

} // namespace

bool CompiledHeader::is_of(const struct stat& text) const {
  return text_size == static_cast<std::uint64_t>(text.st_size) && text_inode == text.st_ino &&
         text_mtime == nanoseconds(text.st_mtim) && text_ctime == nanoseconds(text.st_ctim);
}

void CompiledHeader::consider(const User& user) {
  scram_.count(user);
  scram = scram_.most_common();
  const auto scheme = passwords::scheme_of(user.hash);
  const auto cost = passwords::cost_of(user.hash);
  if (!scheme || !cost || kinds_.size() == max_decoys)
    return;
  const std::pair kind(*scheme, *cost);
  if (std::ranges::find(kinds_, kind) != kinds_.end())
    return;
  kinds_.push_back(kind);
  decoys.push_back(passwords::decoy_like(user.hash));
}

CompiledHeader header_of(const struct stat& text) {
  CompiledHeader header;
  header.text_size = static_cast<std::uint64_t>(text.st_size);
  header.text_inode = text.st_ino;
  header.text_mtime = nanoseconds(text.st_mtim);
  header.text_ctime = nanoseconds(text.st_ctim);
  return header;
}

std::string to_text(const CompiledHeader& header) {
  std::string text;
  const auto add = [&text](std::string_view label, const std::string& value) {
    text.append(label).append(value).push_back('\n');
  };
  add(version_label, std::to_string(compiled_version));
  add(size_label, std::to_string(header.text_size));
  add(inode_label, std::to_string(header.text_inode));
  add(mtime_label, std::to_string(header.text_mtime));
  add(ctime_label, std::to_string(header.text_ctime));
  add(iterations_label, std::to_string(header.scram.iterations));
  add(salt_label, std::to_string(header.scram.salt_octets));
  for (const auto& decoy : header.decoys)
    add(decoy_label, decoy);
  return text;
}

base::Result<CompiledHeader, base::Problem> parse_header(std::string_view text) {
  if (text.size() > max_header)
    return base::Refused{compiled_problem::damaged};
  const auto version = base::take_number_line<std::uint32_t>(text, version_label);
  if (version && *version != compiled_version)
    return base::Refused{*version < compiled_version ? compiled_problem::outdated
                                                     : compiled_problem::other_version};
  const auto size = base::take_number_line<std::uint64_t>(text, size_label);
  const auto inode = base::take_number_line<std::uint64_t>(text, inode_label);
  const auto mtime = base::take_number_line<std::int64_t>(text, mtime_label);
  const auto ctime = base::take_number_line<std::int64_t>(text, ctime_label);
  const auto iterations = base::take_number_line<std::uint32_t>(text, iterations_label);
  const auto salt = base::take_number_line<std::uint32_t>(text, salt_label);
  CompiledHeader header;
  while (const auto decoy = base::take_line(text, decoy_label))
    header.decoys.emplace_back(*decoy);
  if (!version || !size || !inode || !mtime || !ctime || !iterations || !salt ||
      *salt < passwords::least_scram_salt || *salt > passwords::most_scram_salt || !text.empty() ||
      header.decoys.size() > CompiledHeader::max_decoys)
    return base::Refused{compiled_problem::damaged};
  header.text_size = *size;
  header.text_inode = *inode;
  header.text_mtime = *mtime;
  header.text_ctime = *ctime;
  header.scram = {*iterations, *salt};
  return header;
}

} // namespace users

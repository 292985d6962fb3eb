// SPDX-License-Identifier: ISC
#include "maildir/message_table.hpp"

#include "base/system_error.hpp"
#include "pop3/limits.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace maildir {

namespace {

/// Names that are fetched from memory at the same time.
constexpr std::size_t names_ahead = 8;

/// Copies `text` and a NUL. Gives the place behind them.
char* copied(std::string_view text, char* to) {
  std::memcpy(to, text.data(), text.size());
  to[text.size()] = '\0';
  return to + text.size() + 1;
}

/// How sure it is that the file in a message's place is the message: by inode and base name, by
/// inode, by base name.
enum class Match : std::uint8_t { none, base, inode, both };

Match match_of(const Message& message) {
  if (message.is_gone)
    return Match::none;
  return message.is_rewritten ? Match::base : message.is_renamed ? Match::inode : Match::both;
}

/// Finds messages by inode. It is made when the first file is looked up, which most tables never
/// need.
class InodeOrder {
 public:
  explicit InodeOrder(const MessageTable& messages) : messages_(messages) {}

  /// The position of the only message with that inode, or size(). Two messages that are links to
  /// one file cannot be told apart.
  std::size_t find(std::uint64_t inode) {
    if (order_.empty())
      sort();
    const InodeAt inode_at{messages_};
    const auto first = std::ranges::lower_bound(order_, inode, {}, inode_at);
    const auto is_owner = [&](auto place) {
      return place != order_.end() && inode_at(*place) == inode;
    };
    return is_owner(first) && !is_owner(first + 1) ? *first : messages_.size();
  }

 private:
  struct InodeAt {
    const MessageTable& messages;
    std::uint64_t operator()(std::uint32_t position) const { return messages[position].inode; }
  };

  void sort() {
    order_.resize(messages_.size());
    std::iota(order_.begin(), order_.end(), 0);
    std::ranges::sort(order_, {}, InodeAt{messages_});
  }

  const MessageTable& messages_;
  std::vector<std::uint32_t> order_;
};

} // namespace

static_assert(sizeof(Message) == 32);

/// Copies the name into the blocks, behind `base` when that is not its own base name. No name
/// extends over two blocks. A message whose name cannot be stored stays as it is.
void MessageTable::store_name(Message& message, std::string_view file_name, std::string_view base) {
  if (file_name.size() > max_file_name)
    base::throw_errno("a file name is too long", ENAMETOOLONG);
  const bool is_renamed = base_name(file_name) != base;
  const auto octets = file_name.size() + 1 + (is_renamed ? base.size() + 1 : 0);
  if (used_ + octets > block_octets) {
    if (blocks_.size() == max_names_octets / block_octets)
      base::throw_errno("too many messages", E2BIG);
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(block_octets));
    used_ = 0;
  }
  const auto offset = (blocks_.size() - 1) * block_octets + used_;
  char* place = blocks_.back().get() + used_;
  copied(file_name, is_renamed ? copied(base, place) : place);
  used_ += octets;
  message.is_renamed = is_renamed;
  message.name_offset = static_cast<std::uint32_t>(offset);
  message.name_length = file_name.size() & max_file_name;
  message.base_length = base.size() & max_file_name;
}

void MessageTable::add(std::string_view file_name, Folder folder, std::uint64_t inode) {
  if (messages_.size() == pop3::max_messages)
    base::throw_errno("too many messages", E2BIG);
  Message message{.folder = folder, .octets = leading_number(file_name), .inode = inode};
  store_name(message, file_name, base_name(file_name));
  messages_.push_back(message);
}

void MessageTable::sort() {
  const auto before = [this](const Message& a, const Message& b) {
    if (a.octets != b.octets)
      return a.octets < b.octets;
    const int order = base(a).compare(base(b));
    return order != 0 ? order < 0 : a.name_offset < b.name_offset;
  };
  std::sort(messages_.begin(), messages_.end(), before);
  // A base name found in new/ and in cur/, or with two sets of flags, is one message, as it gives
  // one unique-id. The name found last is the newest.
  const auto same = [this](const Message& a, const Message& b) {
    return a.octets == b.octets && base(a) == base(b);
  };
  const auto kept = std::unique(messages_.rbegin(), messages_.rend(), same);
  messages_.erase(messages_.begin(), kept.base());
  for (auto& message : messages_)
    message.octets = Message::unknown;
}

std::string_view MessageTable::name(const Message& message) const {
  const char* base =
      blocks_[message.name_offset / block_octets].get() + message.name_offset % block_octets;
  return {message.is_renamed ? base + message.base_length + 1 : base, message.name_length};
}

/// The names are in memory as the directory lists them, which is any order: the processor begins to
/// fetch the name of a later message.
std::string_view MessageTable::base(std::size_t index) const {
  __builtin_prefetch(name(messages_[std::min(index + names_ahead, size() - 1)]).data());
  return base(messages_[index]);
}

std::string_view MessageTable::base(const Message& message) const {
  const char* block = blocks_[message.name_offset / block_octets].get();
  return {block + message.name_offset % block_octets, message.base_length};
}

std::size_t MessageTable::find(std::string_view file_name) const {
  const auto found = std::lower_bound(
      messages_.begin(), messages_.end(), file_name,
      [this](const Message& a, std::string_view b) { return precedes(base(a), b); });
  const bool is_it = found != messages_.end() && base(*found) == base_name(file_name);
  return is_it ? static_cast<std::size_t>(found - messages_.begin()) : size();
}

MessageTable MessageTable::listed(const ListFiles& list) {
  MessageTable earlier;
  for (int listings = 1;; ++listings) {
    MessageTable now;
    const bool has_all = list(std::bind_front(&MessageTable::add, &now));
    now.sort();
    if (has_all)
      return now;
    now.add_missing(earlier);
    if (listings == max_listings)
      return now;
    earlier = std::move(now);
  }
}

/// The messages whose base names the other table lacks. Both are sorted.
std::vector<Message> MessageTable::lacking(const MessageTable& other) const {
  std::vector<Message> found;
  std::size_t at = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    while (at < other.size() && precedes(other.base(at), base(i)))
      ++at;
    if (at == other.size() || other.base(at) != base(i))
      found.push_back(messages_[i]);
  }
  return found;
}

/// The inodes of the messages that have a new name since the earlier listing. One that has a name
/// of both listings as well says nothing: where a file system has one number for all, as by FUSE,
/// no message must be missed.
std::unordered_set<std::uint64_t> MessageTable::renamed_since(const MessageTable& earlier) const {
  std::unordered_set<std::uint64_t> renamed;
  for (const auto& message : lacking(earlier))
    renamed.insert(message.inode);
  for (const auto& message : messages_)
    if (renamed.contains(message.inode) && earlier.find(name(message)) != earlier.size())
      renamed.erase(message.inode);
  return renamed;
}

/// Adds the messages of an earlier listing, but not those that this one has under another base
/// name: the same inode under a name that is new.
void MessageTable::add_missing(const MessageTable& earlier) {
  auto missing = earlier.lacking(*this);
  const auto renamed = renamed_since(earlier);
  std::erase_if(missing, [&](const Message& message) { return renamed.contains(message.inode); });
  if (missing.empty())
    return;
  for (auto& message : messages_)
    message.octets = leading_number(base(message)); // for sort()
  for (const auto& message : missing)
    add(earlier.name(message), message.folder, message.inode);
  sort();
}

MessageTable MessageTable::relocated(const ListFiles& list, const IsOlder& is_older) const {
  MessageTable found;
  found.messages_ = messages_;
  for (auto& message : found.messages_)
    message.is_gone = true;
  InodeOrder inodes(*this);
  const auto add = [&](std::string_view file_name, Folder folder, std::uint64_t inode) {
    auto index = find(file_name);
    if (index == size()) {
      index = inodes.find(inode);
      if (index == size() || match_of(found[index]) == Match::both || !is_older(file_name, folder))
        return;
    }
    found.place(found[index], file_name, base(messages_[index]), folder,
                inode == messages_[index].inode);
  };
  const auto is_found = [](const Message& before, const Message& now) {
    return before.is_gone || (!now.is_gone && before.is_rewritten >= now.is_rewritten);
  };
  for (int listings = 1; !list(add) && listings < max_listings; ++listings)
    if (std::ranges::equal(messages_, found.messages_, is_found))
      break;
  for (std::size_t i = 0; i < size(); ++i)
    if (found[i].is_gone)
      found.store_name(found[i], name(messages_[i]), base(messages_[i]));
  return found;
}

void MessageTable::move(std::size_t index, std::string_view file_name, Folder folder) {
  store_name(messages_[index], file_name, base(index));
  messages_[index].folder = folder;
  messages_[index].is_rewritten = false;
}

/// Gives the message the place of a listed file, unless it has that place or a better one already.
void MessageTable::place(Message& message, std::string_view file_name, std::string_view base,
                         Folder folder, bool is_its_inode) {
  const auto match = !is_its_inode                  ? Match::base
                     : base_name(file_name) == base ? Match::both
                                                    : Match::inode;
  if (match < match_of(message))
    return;
  const bool is_there = !message.is_gone && message.folder == folder && name(message) == file_name;
  message.is_gone = false;
  message.is_rewritten = !is_its_inode;
  message.folder = folder;
  if (!is_there)
    store_name(message, file_name, base);
}

} // namespace maildir

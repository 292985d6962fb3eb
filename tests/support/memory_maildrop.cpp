// SPDX-License-Identifier: ISC
#include "support/memory_maildrop.hpp"

#include "support/wire_text.hpp"

#include <algorithm>
#include <limits>

namespace support {

namespace {

class MemorySource : public pop3::MessageSource {
 public:
  MemorySource(std::string text, std::size_t cut_at) : text_(std::move(text)), cut_at_(cut_at) {}

  std::size_t read(std::span<char> space) override {
    if (given_ >= cut_at_)
      throw pop3::MessageChanged();
    const auto octets = std::min({space.size(), text_.size() - given_, cut_at_ - given_});
    std::copy_n(text_.data() + given_, octets, space.data());
    given_ += octets;
    return octets;
  }

 private:
  std::string text_;
  std::size_t cut_at_;
  std::size_t given_ = 0;
};

void fail_if(const std::optional<MemoryStore::Kind>& kind) {
  if (kind)
    throw pop3::StoreFailure(*kind);
}

std::vector<pop3::MessageNumber> numbers_in(const pop3::Marks& marks) {
  std::vector<pop3::MessageNumber> numbers;
  for (pop3::MessageNumber message = 1; message <= 8 * marks.bytes().size(); ++message)
    if (marks.has(message))
      numbers.push_back(message);
  return numbers;
}

} // namespace

void MemoryStore::add(std::string text, std::string unique_id) {
  if (unique_id.empty())
    unique_id = "id" + std::to_string(messages.size() + 1);
  messages.push_back({std::move(text), std::move(unique_id)});
}

pop3::MessageNumber MemoryMaildrop::count() const {
  return static_cast<pop3::MessageNumber>(store_.messages.size());
}

pop3::Octets MemoryMaildrop::octets(pop3::MessageNumber message) {
  fail_if(store_.sizes_fail);
  return wire_octets(store_.messages.at(message - 1).text);
}

std::string_view MemoryMaildrop::unique_id(pop3::MessageNumber message) {
  fail_if(store_.ids_fail);
  return store_.messages.at(message - 1).unique_id;
}

std::unique_ptr<pop3::MessageSource> MemoryMaildrop::open(pop3::MessageNumber message) {
  fail_if(store_.open_fails);
  const auto& text = store_.messages.at(message - 1).text;
  if (store_.gone.contains(message))
    return nullptr;
  ++store_.opened;
  const auto cut = store_.cut_at.find(message);
  return std::make_unique<MemorySource>(
      text, cut == store_.cut_at.end() ? std::numeric_limits<std::size_t>::max() : cut->second);
}

pop3::UpdateResult MemoryMaildrop::update(const pop3::Marks& deleted,
                                          const pop3::Marks& retrieved) {
  ++store_.updates;
  fail_if(store_.update_fails);
  store_.removed = numbers_in(deleted);
  const auto failed =
      std::min(store_.not_removed, static_cast<std::uint32_t>(store_.removed.size()));
  store_.removed.resize(store_.removed.size() - failed);
  store_.retrieved = numbers_in(retrieved);
  return {static_cast<std::uint32_t>(store_.removed.size()), failed};
}

} // namespace support

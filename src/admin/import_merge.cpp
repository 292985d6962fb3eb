// SPDX-License-Identifier: ISC
#include "admin/import_merge.hpp"

#include "admin/line_draft.hpp"
#include "base/split.hpp"
#include "users/line_edit.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace admin {

namespace {

constexpr std::string_view scram_key = "sodapop_scram";

std::string_view key_in(std::string_view word) {
  return word.substr(0, word.find('='));
}

/// A user has one word of each key, but one sodapop_app of each label.
std::string_view identity_of_word(std::string_view word) {
  return key_in(word) == "sodapop_app" ? word.substr(0, word.find(';')) : key_in(word);
}

void keep_field(std::string& fresh, const std::string& old, const char* field, Merged& merged) {
  if (!fresh.empty() || old.empty())
    return;
  fresh = old;
  merged.missing.insert(field);
}

/// Adds the words of `old` that `fresh` has not.
void keep_words(LineDraft& fresh, const LineDraft& old, Merged& merged) {
  const auto there = base::words_of(fresh.extra);
  for (const auto& word : base::words_of(old.extra)) {
    const bool is_scram = key_in(word) == scram_key;
    if (std::ranges::find(there, identity_of_word(word), identity_of_word) != there.end() ||
        (is_scram && fresh.hash != old.hash))
      continue;
    fresh.extra.append(fresh.extra.empty() ? "" : " ").append(word);
    if (!is_scram)
      merged.missing.emplace(key_in(word));
  }
}

} // namespace

std::string with_new_hash(std::string_view old, std::string_view fresh) {
  const auto draft = draft_of(fresh);
  auto line = users::with_hash(old, draft.hash);
  if (draft.hash != draft_of(old).hash)
    line = users::with_extra_set(line, scram_key, std::nullopt);
  for (const auto& word : base::words_of(draft.extra)) {
    std::string_view value = word;
    const auto key = base::take_field(value, '=');
    line = users::with_extra_set(line, key, std::string(value));
  }
  return line;
}

Merged merge(std::string_view old, std::string_view fresh) {
  const auto before = draft_of(old);
  auto draft = draft_of(fresh);
  Merged merged;
  if (draft.uid.empty() && draft.gid.empty()) {
    keep_field(draft.uid, before.uid, "uid", merged);
    keep_field(draft.gid, before.gid, "gid", merged);
  }
  keep_field(draft.home, before.home, "home", merged);
  keep_words(draft, before, merged);
  merged.line = text_of(draft);
  return merged;
}

} // namespace admin

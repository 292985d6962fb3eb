// SPDX-License-Identifier: ISC
#include "admin/line_draft.hpp"

#include "base/split.hpp"

namespace admin {

LineDraft draft_of(std::string_view text) {
  LineDraft draft;
  for (auto* field :
       {&draft.name, &draft.hash, &draft.uid, &draft.gid, &draft.gecos, &draft.home, &draft.shell})
    *field = base::take_field(text, ':');
  draft.extra = text;
  return draft;
}

std::string text_of(const LineDraft& draft) {
  auto text = draft.name;
  for (const auto* field :
       {&draft.hash, &draft.uid, &draft.gid, &draft.gecos, &draft.home, &draft.shell, &draft.extra})
    text.append(":").append(*field);
  return text;
}

} // namespace admin

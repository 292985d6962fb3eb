// SPDX-License-Identifier: ISC
#include "support/dialogue.hpp"

#include "pop3/session.hpp"
#include "support/transmit.hpp"

#include <algorithm>
#include <sstream>

namespace support {

namespace {

/// One session from greeting to end.
class Player {
 public:
  explicit Player(const Dialogue& dialogue)
      : profile_(dialogue.site), store_(dialogue.store), gatekeeper_(store_) {
    gatekeeper_.user = dialogue.user;
    gatekeeper_.password = dialogue.password;
    gatekeeper_.denial = dialogue.denial;
    gatekeeper_.attempts = dialogue.attempts;
    if (dialogue.preauth)
      session_.emplace(std::make_unique<MemoryMaildrop>(store_), profile_);
    else
      session_.emplace(gatekeeper_, profile_);
  }

  std::string greeting() { return transmit(session_->greeting()); }

  std::string hear(std::string_view octets) {
    std::string out;
    while (!octets.empty() && !closed_) {
      const auto space = reader_.space();
      const auto part = octets.substr(0, space.size());
      std::copy(part.begin(), part.end(), space.begin());
      reader_.filled(part.size());
      octets.remove_prefix(part.size());
      out += answer();
    }
    return out;
  }

  bool is_closed() const { return closed_; }
  const MemoryStore& store() const { return store_; }
  std::vector<std::string> tried() const {
    std::vector<std::string> lines;
    for (const auto& attempt : gatekeeper_.tried)
      lines.push_back(attempt.method + " " + attempt.name + " " + attempt.password);
    return lines;
  }

 private:
  std::string answer() {
    std::string out;
    while (!closed_) {
      const auto line = reader_.next();
      if (!line)
        break;
      const auto reply = session_->handle(*line);
      out += transmit(reply);
      closed_ = reply.closes;
    }
    return out;
  }

  pop3::SessionProfile profile_;
  MemoryStore store_;
  MemoryGatekeeper gatekeeper_;
  std::optional<pop3::Session> session_;
  pop3::LineReader reader_;
  bool closed_ = false;
};

std::string printable(std::string_view octets) {
  std::string out;
  for (const char c : octets) {
    if (c == '\n')
      out += "\n      ";
    else if (c == '\r')
      out += "";
    else if (c >= ' ' && c < 0x7f)
      out += c;
    else
      out += '?';
  }
  return out.substr(0, 2000);
}

void compare(std::vector<std::string>& surprises, const std::string& where,
             const std::string& wanted, const std::string& got) {
  if (wanted != got)
    surprises.push_back(where + "\n    expected:\n      " + printable(wanted) +
                        "\n    got:\n      " + printable(got));
}

template <class T> std::string list(const std::vector<T>& values) {
  std::ostringstream out;
  for (const auto& value : values)
    out << value << " ";
  return out.str();
}

void check_end(std::vector<std::string>& surprises, const std::string& way,
               const Dialogue& dialogue, const Player& player) {
  const auto& store = player.store();
  const auto state = [](bool closed) { return std::string(closed ? "closed" : "open"); };
  compare(surprises, way + ": the end", state(dialogue.closed), state(player.is_closed()));
  if (dialogue.updates)
    compare(surprises, way + ": updates", std::to_string(*dialogue.updates),
            std::to_string(store.updates));
  if (dialogue.removed)
    compare(surprises, way + ": removed", list(*dialogue.removed), list(store.removed));
  if (dialogue.retrieved)
    compare(surprises, way + ": retrieved", list(*dialogue.retrieved), list(store.retrieved));
  if (dialogue.tries)
    compare(surprises, way + ": tries", std::to_string(*dialogue.tries),
            std::to_string(player.tried().size()));
  if (!dialogue.tried.empty())
    compare(surprises, way + ": tried", list(dialogue.tried), list(player.tried()));
}

void play_line_by_line(const Dialogue& dialogue, std::vector<std::string>& surprises) {
  Player player(dialogue);
  std::string got = player.greeting(), wanted;
  unsigned line = 1;
  for (const auto& step : dialogue.steps) {
    if (!step.by_client) {
      wanted += step.octets;
      continue;
    }
    compare(surprises, "line by line: answer to line " + std::to_string(line), wanted, got);
    wanted.clear();
    line = step.line;
    got = player.hear(step.octets);
  }
  compare(surprises, "line by line: answer to line " + std::to_string(line), wanted, got);
  check_end(surprises, "line by line", dialogue, player);
}

void play_at_once(const Dialogue& dialogue, bool octet_by_octet,
                  std::vector<std::string>& surprises) {
  const std::string way = octet_by_octet ? "octet by octet" : "all at once";
  std::string said, wanted;
  for (const auto& step : dialogue.steps)
    (step.by_client ? said : wanted) += step.octets;
  Player player(dialogue);
  std::string got = player.greeting();
  if (octet_by_octet)
    for (const char c : said)
      got += player.hear({&c, 1});
  else
    got += player.hear(said);
  compare(surprises, way, wanted, got);
  check_end(surprises, way, dialogue, player);
}

} // namespace

std::vector<std::string> play(const Dialogue& dialogue) {
  std::vector<std::string> surprises;
  play_line_by_line(dialogue, surprises);
  play_at_once(dialogue, false, surprises);
  play_at_once(dialogue, true, surprises);
  return surprises;
}

} // namespace support

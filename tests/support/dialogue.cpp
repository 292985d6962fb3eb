// SPDX-License-Identifier: ISC
#include "support/dialogue.hpp"

#include "base/base64.hpp"

#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace support {

namespace {

struct Mistake : std::runtime_error {
  using std::runtime_error::runtime_error;
};

char octet_of(std::string_view text, std::size_t& i) {
  if (text[i] != '\\')
    return text[i];
  if (++i == text.size())
    throw Mistake("a backslash at the end");
  switch (text[i]) {
  case '0': return '\0';
  case 'r': return '\r';
  case 'n': return '\n';
  case 't': return '\t';
  case 'x':
    i += 2;
    return static_cast<char>(std::stoi(std::string(text.substr(i - 1, 2)), nullptr, 16));
  default: return text[i];
  }
}

std::string unescaped(std::string_view text);

/// The Base64 of the text between [[ at `i` and ]]. Moves `i` to the last octet of ]].
std::string encoded(std::string_view text, std::size_t& i) {
  const auto end = text.find("]]", i);
  if (end == text.npos)
    throw Mistake("[[ without ]]");
  const auto begin = std::exchange(i, end + 1) + 2;
  return base::encode_base64(unescaped(text.substr(begin, end - begin)));
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("[[")) {
      out += encoded(text, i);
      continue;
    }
    if (text[i] != '{') {
      out += octet_of(text, i);
      continue;
    }
    const auto end = text.find('}', i);
    if (end == text.npos || out.empty())
      throw Mistake("{ without an octet before it or without }");
    const auto times = std::stoul(std::string(text.substr(i + 1, end - i - 1)));
    const char repeated = out.back();
    out.pop_back();
    out.append(times, repeated);
    i = end;
  }
  return out;
}

template <class Number> std::vector<Number> numbers_in(const std::string& value) {
  std::istringstream stream(value);
  std::vector<Number> numbers;
  for (Number number; stream >> number;)
    numbers.push_back(number);
  return numbers;
}

MemoryStore::Kind kind_of(const std::string& word) {
  if (word == "temporary")
    return MemoryStore::Kind::temporary;
  if (word == "permanent")
    return MemoryStore::Kind::permanent;
  throw Mistake("neither temporary nor permanent: " + word);
}

pop3::Denial denial_of(const std::string& value) {
  static const std::map<std::string, pop3::Denial::Reason> reasons = {
      {"credentials", pop3::Denial::Reason::credentials},
      {"in-use", pop3::Denial::Reason::in_use},
      {"locked", pop3::Denial::Reason::locked},
      {"too-many", pop3::Denial::Reason::too_many},
      {"temporary", pop3::Denial::Reason::temporary},
      {"permanent", pop3::Denial::Reason::permanent}};
  std::istringstream stream(value);
  std::string reason;
  pop3::Denial denial;
  stream >> reason >> denial.held_since >> denial.held_from;
  denial.reason = reasons.at(reason);
  // As in the keeper, every other reason is final.
  denial.is_final = denial.reason != pop3::Denial::Reason::credentials;
  return denial;
}

void set_failure(MemoryStore& store, const std::string& value) {
  const auto blank = value.find(' ');
  const auto what = value.substr(0, blank);
  const auto kind = kind_of(value.substr(blank + 1));
  std::map<std::string, std::optional<MemoryStore::Kind>*> places = {
      {"sizes", &store.sizes_fail},
      {"ids", &store.ids_fail},
      {"open", &store.open_fails},
      {"update", &store.update_fails}};
  *places.at(what) = kind;
}

bool is_yes(const std::string& value) {
  if (value != "yes" && value != "no")
    throw Mistake("neither yes nor no: " + value);
  return value == "yes";
}

using Setter = void (*)(Dialogue&, const std::string&);

const std::map<std::string, Setter>& setters() {
  using D = Dialogue;
  using S = const std::string;
  static const std::map<std::string, Setter> table = {
      {"Protected", [](D& d, S& v) { d.site.is_protected = is_yes(v); }},
      {"Scram",
       [](D& d, S& v) {
         d.site.site.scram_on_protected = d.site.site.scram_on_unprotected = is_yes(v);
       }},
      {"External",
       [](D& d, S& v) { d.site.site.certificates = d.site.has_certificate = is_yes(v); }},
      {"OAuth", [](D& d, S& v) { d.site.site.tokens = is_yes(v); }},
      {"Requires-domain", [](D& d, S& v) { d.site.requires_domain = is_yes(v); }},
      {"Preauth", [](D& d, S& v) { d.preauth = is_yes(v); }},
      {"Hostname", [](D& d, S& v) { d.site.hostname = unescaped(v); }},
      {"User",
       [](D& d, S& v) {
         d.user = v.substr(0, v.find(' '));
         d.password = v.substr(d.user.size() + 1);
       }},
      {"Message", [](D& d, S& v) { d.store.add(unescaped(v)); }},
      {"Unique-id", [](D& d, S& v) { d.store.messages.back().unique_id = unescaped(v); }},
      {"Gone", [](D& d, S& v) { d.store.gone.insert(pop3::MessageNumber(std::stoul(v))); }},
      {"Fails", [](D& d, S& v) { set_failure(d.store, v); }},
      {"Not-removed", [](D& d, S& v) { d.store.not_removed = std::uint32_t(std::stoul(v)); }},
      {"Read-only", [](D& d, S& v) { d.store.read_only = is_yes(v); }},
      {"Denial", [](D& d, S& v) { d.denial = denial_of(v); }},
      {"Hint", [](D& d, S& v) { d.denial.value().hint = v; }},
      {"Attempts", [](D& d, S& v) { d.attempts = unsigned(std::stoul(v)); }},
      {"End", [](D& d, S& v) { d.closed = v == "closed"; }},
      {"Updates", [](D& d, S& v) { d.updates = unsigned(std::stoul(v)); }},
      {"Removed", [](D& d, S& v) { d.removed = numbers_in<pop3::MessageNumber>(v); }},
      {"Retrieved", [](D& d, S& v) { d.retrieved = numbers_in<pop3::MessageNumber>(v); }},
      {"Tries", [](D& d, S& v) { d.tries = unsigned(std::stoul(v)); }},
      {"Tried", [](D& d, S& v) { d.tried.push_back(unescaped(v)); }},
  };
  return table;
}

void parse_line(Dialogue& dialogue, const std::string& line, unsigned number) {
  const auto value = [&line](std::size_t from) {
    return line.size() > from ? line.substr(from + 1) : std::string();
  };
  if (line.starts_with("C:") || line.starts_with("S:"))
    dialogue.steps.push_back({number, line.front() == 'C', unescaped(value(2)) + "\r\n"});
  else if (line.starts_with("C-"))
    dialogue.steps.push_back({number, true, unescaped(value(2))});
  else if (const auto colon = line.find(':'); setters().contains(line.substr(0, colon)))
    setters().at(line.substr(0, colon))(dialogue, value(colon + 1));
  else
    throw Mistake("neither scene nor talk: " + line);
}

} // namespace

Dialogue parse_dialogue(std::string_view text) {
  Dialogue dialogue;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (unsigned number = 1; std::getline(lines, line); ++number)
    try {
      if (!line.empty() && line.front() != '#')
        parse_line(dialogue, line, number);
    } catch (const std::exception& mistake) {
      throw std::runtime_error("line " + std::to_string(number) + ": " + mistake.what());
    }
  return dialogue;
}

} // namespace support

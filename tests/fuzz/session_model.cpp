// SPDX-License-Identifier: ISC
#include "fuzz/session_model.hpp"

#include "fuzz/target.hpp"
#include "fuzz/wire_model.hpp"
#include "support/wire_text.hpp"

namespace fuzz {

namespace {

constexpr std::size_t short_number = 6;

/// Takes a number of a few digits and the blank behind it.
std::optional<std::uint64_t> take_number(std::string& text) {
  const auto end = std::min(text.find(' '), text.size());
  const auto word = text.substr(0, end);
  text.erase(0, end + 1);
  if (word.empty() || word.size() > short_number ||
      word.find_first_not_of("0123456789") != std::string::npos)
    return {};
  return std::stoull(word);
}

std::vector<pop3::MessageNumber> as_list(const std::set<pop3::MessageNumber>& numbers) {
  return {numbers.begin(), numbers.end()};
}

} // namespace

SessionModel::Words SessionModel::words_of(const std::string& line) {
  Words words;
  words.keyword = line.substr(0, line.find(' '));
  for (char& c : words.keyword)
    if (c >= 'a' && c <= 'z')
      c = static_cast<char>(c - 'a' + 'A');
  if (words.keyword.size() < line.size())
    words.arguments = line.substr(words.keyword.size() + 1);
  while (words.arguments.ends_with(' '))
    words.arguments.pop_back();
  auto rest = words.arguments;
  words.first = take_number(rest);
  words.second = take_number(rest);
  return words;
}

void SessionModel::follow(const std::string& line, const pop3::Reply& reply,
                          const std::string& body) {
  expect(!quit_, "QUIT is the last command");
  const auto words = words_of(line);
  const bool is_quit = words.keyword == "QUIT" && words.arguments.empty();
  expect(reply.closes == (is_quit || (reply.is_bad_command && reply.closes)),
         "only QUIT and bad commands close");
  expect(!is_quit || reply.closes, "QUIT closes");
  if (is_quit)
    check_quit(reply);
  else if (reply.status == pop3::Reply::Status::ok)
    check_success(words, reply, body);
  else
    check_refusal(words);
}

void SessionModel::check_success(const Words& words, const pop3::Reply& reply,
                                 const std::string& body) {
  if (words.keyword == "STAT")
    check_stat(reply.text);
  else if (words.keyword == "LIST" || words.keyword == "UIDL")
    check_listing(words, reply.text, body);
  else if (words.keyword == "RETR" || words.keyword == "TOP")
    check_text(words, body);
  else if (words.keyword == "DELE" && !store_.read_only)
    deleted_.insert(named(words));
  else if (words.keyword == "RSET")
    deleted_.clear();
  else
    expect(words.keyword == "NOOP" || words.keyword == "LAST" || words.keyword == "CAPA",
           "no other command succeeds");
}

void SessionModel::check_refusal(const Words& words) const {
  const bool is_simple = words.keyword == "NOOP" || words.keyword == "RSET";
  expect(!(is_simple && words.arguments.empty()), "NOOP and RSET succeed");
  const bool is_named =
      has(words.first) && words.arguments == std::to_string(*words.first) && store_.gone.empty();
  const bool is_dele = words.keyword == "DELE" && !store_.read_only;
  expect(!(is_named && (is_dele || words.keyword == "RETR")),
         "a message that is there can be retrieved and marked");
}

void SessionModel::check_stat(const std::string& text) const {
  std::uint64_t messages = 0, sum = 0;
  for (Number message = 1; message <= store_.messages.size(); ++message)
    if (!deleted_.contains(message)) {
      ++messages;
      sum += octets(message);
    }
  expect(text == std::to_string(messages) + " " + std::to_string(sum),
         "STAT counts what is not marked");
}

void SessionModel::check_listing(const Words& words, const std::string& text,
                                 const std::string& body) const {
  if (!words.arguments.empty()) {
    expect(text == description(words.keyword, named(words)), "the line describes that message");
    return;
  }
  std::string expected;
  for (Number message = 1; message <= store_.messages.size(); ++message)
    if (!deleted_.contains(message))
      expected += description(words.keyword, message) + "\r\n";
  expect(body == expected, "the listing has every message that is not marked");
}

void SessionModel::check_text(const Words& words, const std::string& body) {
  const auto message = named(words);
  const auto clear = unstuffed(body);
  expect(clear.has_value(), "the body is well stuffed");
  const auto lines = support::lines_of(store_.messages.at(message - 1).text);
  if (words.keyword == "RETR") {
    retrieved_.insert(message);
    expect(*clear == joined(lines), "RETR sends the message");
    expect(clear->size() == octets(message), "RETR sends as many octets as LIST says");
  } else if (words.second) {
    expect(*clear == joined(support::top_of(lines, *words.second)), "TOP sends the first lines");
  }
}

void SessionModel::check_quit(const pop3::Reply& reply) {
  quit_ = true;
  expect(store_.updates == 1, "QUIT enters UPDATE once");
  const bool fails = store_.update_fails || (store_.not_removed > 0 && !deleted_.empty());
  expect((reply.status == pop3::Reply::Status::err) == fails, "QUIT says what UPDATE did");
  if (store_.update_fails)
    return;
  auto wanted = as_list(deleted_);
  wanted.resize(wanted.size() - std::min<std::size_t>(wanted.size(), store_.not_removed));
  expect(store_.removed == wanted, "what was marked is removed");
  expect(store_.retrieved == as_list(retrieved_), "what was retrieved is flagged");
}

void SessionModel::check_end() const {
  expect(quit_ || (store_.updates == 0 && store_.removed.empty()),
         "nothing is removed without QUIT");
}

/// The message of a command that has succeeded.
SessionModel::Number SessionModel::named(const Words& words) const {
  expect(has(words.first), "no success for a message that is marked or not there");
  return static_cast<Number>(*words.first);
}

bool SessionModel::has(std::optional<std::uint64_t> number) const {
  return number && *number >= 1 && *number <= store_.messages.size() &&
         !deleted_.contains(static_cast<Number>(*number));
}

std::uint64_t SessionModel::octets(Number message) const {
  return support::wire_octets(store_.messages.at(message - 1).text);
}

std::string SessionModel::description(const std::string& keyword, Number message) const {
  return std::to_string(message) + " " +
         (keyword == "LIST" ? std::to_string(octets(message))
                            : store_.messages.at(message - 1).unique_id);
}

} // namespace fuzz

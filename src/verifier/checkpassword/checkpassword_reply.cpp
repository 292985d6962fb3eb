// SPDX-License-Identifier: ISC
#include "verifier/checkpassword/checkpassword_reply.hpp"

#include "users/location.hpp"
#include "users/user.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace verifier {

namespace {

using Kind = Verdict::Kind;

base::Refused<ProgramProblem> complaint(Kind kind, std::string_view problem) {
  return base::Refused{ProgramProblem{kind, problem}};
}

/// Writes the program's variables as a line of the users file.
class Line {
 public:
  explicit Line(const Variables& variables) : variables_(variables) {}

  /// Appends a field.
  void put(std::string_view text) { line_.append(text).append(":"); }
  void put_variable(const char* name, const char* other = nullptr) {
    const char* text = variables_(name);
    if (text == nullptr && other != nullptr)
      text = variables_(other);
    put(checked(text != nullptr ? text : "", ":"));
  }
  /// Appends a word to the last field.
  void put_extra(const char* name) {
    if (const char* text = variables_(name))
      line_.append(name).append("=").append(checked(text, " \t")).append(" ");
  }
  bool is_good() const { return is_good_; }
  const std::string& text() const { return line_; }

 private:
  /// Checks that the value does not contain a character that would end it.
  std::string_view checked(std::string_view text, std::string_view ends) {
    is_good_ = is_good_ && text.find_first_of(ends) == std::string_view::npos;
    return text;
  }

  const Variables& variables_;
  std::string line_;
  bool is_good_ = true;
};

Line line_of(const Variables& variables, std::string_view name) {
  Line line(variables);
  line.put(name);
  line.put("!"); // no hash is needed
  line.put_variable("userdb_uid");
  line.put_variable("userdb_gid");
  line.put("");
  line.put_variable("userdb_home", "HOME");
  line.put("");
  for (const char* extra : {"userdb_mail", "nologin", "allow_nets", "sodapop_pop3",
                            "sodapop_expires", "sodapop_read_only"})
    line.put_extra(extra);
  return line;
}

/// The reason to refuse the user, if any. A client from a foreign network gets no hint.
std::optional<ProgramProblem> obstacle(const users::User& user, const ProgramUser& who) {
  const auto problem = users::problem(user.rights, who.client, who.now);
  if (problem)
    return ProgramProblem{Kind::refused, description(*problem)};
  if (user.nologin)
    return ProgramProblem{Kind::refused, "the program says nologin", *user.nologin};
  if (!user.pop3)
    return ProgramProblem{Kind::refused, "the program says sodapop_pop3=no"};
  return {};
}

} // namespace

base::Result<Verdict, ProgramProblem> verdict_of_program(const Variables& variables,
                                                         const ProgramUser& who) {
  const auto line = line_of(variables, who.name);
  if (!line.is_good())
    return complaint(Kind::permanent, "a variable has a character that cannot be there");
  const auto user = users::parse_user(line.text());
  if (!user)
    return complaint(Kind::permanent, description(user.error()));
  if (auto complaint = obstacle(*user, who))
    return base::Refused{std::move(*complaint)};
  const auto path = users::locate(who.site_template, user->name, user->home, user->mail);
  if (!path)
    return complaint(Kind::permanent, description(path.error()));
  Verdict verdict;
  if (path->size() >= verdict.maildir.size())
    return complaint(Kind::permanent, "the Maildir's path is too long");
  verdict.kind = Kind::granted;
  verdict.is_read_only = user->rights.read_only ? 1 : 0;
  verdict.uid = user->uid.value_or(who.own.uid);
  verdict.gid = user->gid.value_or(who.own.gid);
  std::copy(path->begin(), path->end(), verdict.maildir.begin());
  return verdict;
}

std::optional<Verdict> decode_reply(std::span<const std::byte> message,
                                    const base::Identity& sender) {
  Verdict reply;
  if (message.size() != sizeof reply)
    return {};
  std::memcpy(&reply, message.data(), sizeof reply);
  const bool has_path = reply.maildir.front() == '/' && reply.maildir.back() == '\0';
  const bool is_granted = reply.kind == Kind::granted;
  if (reply.kind > Kind::last || (is_granted && !has_path))
    return {};
  Verdict verdict;
  verdict.kind = reply.kind;
  if (reply.kind == Kind::refused)
    verdict.hint = reply.hint;
  if (!is_granted)
    return verdict;
  verdict.is_read_only = reply.is_read_only != 0 ? 1 : 0;
  verdict.uid = reply.uid;
  verdict.gid = reply.gid;
  verdict.maildir = reply.maildir;
  if (sender.uid != 0 && (sender.uid != reply.uid || sender.gid != reply.gid))
    verdict.kind = Kind::permanent;
  return verdict;
}

} // namespace verifier

// SPDX-License-Identifier: ISC
#include "verifier/checkpassword/checkpassword_reply.hpp"

#include "users/location.hpp"
#include "users/user.hpp"
#include "verifier/verifier_process.hpp"

#include <cstring>
#include <string>

namespace verifier {

namespace {

using Kind = Verdict::Kind;

ProgramReply permanent(std::string_view problem) {
  return {Verdict{Kind::permanent}, problem};
}

ProgramReply refused(std::string_view problem, std::string_view hint = "") {
  return {{.kind = Kind::refused, .hint = std::string(hint.substr(0, pop3::max_hint))}, problem};
}

/// The program's variables as a line of the users file. Nothing when a value has a character that
/// would end it.
std::optional<std::string> line_of(const Variables& variables, std::string_view name) {
  const auto value_of = [&](const char* variable) {
    const char* value = variables(variable);
    return std::string(value != nullptr ? value : "");
  };
  const auto uid = value_of("userdb_uid"), gid = value_of("userdb_gid");
  const auto home = value_of(variables("userdb_home") != nullptr ? "userdb_home" : "HOME");
  if ((uid + gid + home).find(':') != std::string::npos)
    return {};
  auto line = std::string(name) + ":!:" + uid + ":" + gid + "::" + home + "::"; // ! for a hash
  for (const char* extra :
       {"userdb_mail", "nologin", "fail", "noauthenticate", "delay_until", "allow_nets",
        "allow_real_nets", "sodapop_pop3", "sodapop_expires", "sodapop_read_only"})
    if (const char* value = variables(extra)) {
      if (std::string_view(value).find_first_of(" \t") != std::string_view::npos)
        return {};
      line.append(extra).append("=").append(value).append(" ");
    }
  return line;
}

/// The reason to refuse the user, if any. A client from a foreign network gets no hint.
std::optional<ProgramReply> obstacle(const users::User& user, const ProgramUser& who) {
  const auto problem = users::problem(user.rights, who.client, who.now);
  if (problem)
    return refused(description(*problem));
  if (user.nologin)
    return refused("the program says nologin", *user.nologin);
  if (!user.pop3)
    return refused("the program says sodapop_pop3=no");
  return {};
}

} // namespace

ProgramReply verdict_of_program(const Variables& variables, const ProgramUser& who) {
  const auto line = line_of(variables, who.name);
  if (!line)
    return permanent("a variable has a character that cannot be there");
  const auto user = users::parse_user(*line);
  if (!user)
    return permanent(description(user.error()));
  if (const auto refused = obstacle(*user, who))
    return *refused;
  const auto path = users::locate(who.site_template, user->name, user->home, user->mail);
  if (!path)
    return permanent(description(path.error()));
  if (path->size() >= PATH_MAX)
    return permanent("the Maildir's path is too long");
  Verdict verdict{Kind::granted, user->rights.read_only};
  verdict.uid = user->uid.value_or(who.own.uid);
  verdict.gid = user->gid.value_or(who.own.gid);
  verdict.maildir = *path;
  return {std::move(verdict), ""};
}

ReplyMessage encode_reply(const Verdict& verdict) {
  ReplyMessage message;
  message.kind = verdict.kind;
  message.is_read_only = verdict.is_read_only ? 1 : 0;
  message.uid = verdict.uid;
  message.gid = verdict.gid;
  put(message.maildir, verdict.maildir);
  put(message.hint, verdict.hint);
  return message;
}

std::optional<Verdict> decode_reply(std::span<const std::byte> message,
                                    const base::Identity& sender) {
  ReplyMessage reply;
  if (message.size() != sizeof reply)
    return {};
  std::memcpy(&reply, message.data(), sizeof reply);
  const bool has_path = reply.maildir.front() == '/' && reply.maildir.back() == '\0';
  const bool is_granted = reply.kind == Kind::granted;
  if (reply.kind > Kind::last || (is_granted && !has_path))
    return {};
  Verdict verdict{reply.kind};
  if (reply.kind == Kind::refused)
    verdict.hint = text_of(reply.hint);
  if (!is_granted)
    return verdict;
  verdict.is_read_only = reply.is_read_only != 0;
  verdict.uid = reply.uid;
  verdict.gid = reply.gid;
  verdict.maildir = text_of(reply.maildir);
  if (sender.uid != 0 && (sender.uid != reply.uid || sender.gid != reply.gid))
    verdict.kind = Kind::permanent;
  return verdict;
}

} // namespace verifier

// SPDX-License-Identifier: ISC
#include "privsep/checkpassword_reply.hpp"

#include "credentials/user.hpp"
#include "maildir/location.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace privsep {

namespace {

using base::Refused;

/// The line of the users file that says the same. A value cannot hold what would end its field.
base::Result<std::string, std::string_view> line_of(const Variables& variables,
                                                    std::string_view name) {
  std::string_view unfit;
  const auto value = [&](const char* key, const char* other, std::string_view ends) {
    const char* text = variables(key);
    if (text == nullptr && other != nullptr)
      text = variables(other);
    const std::string_view found = text != nullptr ? text : "";
    if (found.find_first_of(ends) != std::string_view::npos)
      unfit =
          "userdb_uid, userdb_gid, the home or userdb_mail has a character that cannot be there";
    return std::string(found);
  };
  std::string line = std::string(name) + ":x:" + value("userdb_uid", nullptr, ":") + ":" +
                     value("userdb_gid", nullptr, ":") + "::" + value("userdb_home", "HOME", ":") +
                     "::";
  if (const auto mail = value("userdb_mail", nullptr, " \t"); !mail.empty())
    line += "userdb_mail=" + mail;
  for (const char* restriction : {"nologin", "allow_nets"})
    if (variables(restriction) != nullptr)
      line.append(" ").append(restriction);
  if (!unfit.empty())
    return Refused{unfit};
  return line;
}

} // namespace

base::Result<Verdict, std::string_view> verdict_of_program(const Variables& variables,
                                                           const Identity& own,
                                                           std::string_view name,
                                                           std::string_view site_template) {
  const auto line = line_of(variables, name);
  if (!line)
    return Refused{line.error()};
  const auto user = credentials::parse_user(*line);
  if (!user)
    return Refused{sentence(user.error())};
  const auto path = maildir::locate(site_template, user->name, user->home, user->mail);
  if (!path)
    return Refused{sentence(path.error())};
  Verdict verdict;
  if (path->size() >= verdict.maildir.size())
    return Refused{std::string_view("the Maildir's path is too long")};
  verdict.kind = Verdict::Kind::granted;
  verdict.uid = user->uid.value_or(own.uid);
  verdict.gid = user->gid.value_or(own.gid);
  std::copy(path->begin(), path->end(), verdict.maildir.begin());
  return verdict;
}

std::optional<Verdict> decode_reply(std::span<const std::byte> message, const Identity& sender) {
  Verdict reply;
  if (message.size() != sizeof reply)
    return {};
  std::memcpy(&reply, message.data(), sizeof reply);
  const bool has_path = reply.maildir.front() == '/' && reply.maildir.back() == '\0';
  const bool is_granted = reply.kind == Verdict::Kind::granted;
  if (reply.kind > Verdict::Kind::last || (is_granted && !has_path))
    return {};
  Verdict verdict;
  verdict.kind = reply.kind;
  if (!is_granted)
    return verdict;
  verdict.uid = reply.uid;
  verdict.gid = reply.gid;
  verdict.maildir = reply.maildir;
  if (sender.uid != 0 && (sender.uid != reply.uid || sender.gid != reply.gid))
    verdict.kind = Verdict::Kind::permanent;
  return verdict;
}

} // namespace privsep

// SPDX-License-Identifier: ISC
#include "admin/check/remedies.hpp"

#include <optional>
#include <sys/stat.h>
#include <unistd.h>

namespace admin {

namespace {

std::optional<uid_t> owner_of(const std::string& path) {
  struct stat facts;
  return ::stat(path.c_str(), &facts) == 0 ? std::optional(facts.st_uid) : std::nullopt;
}

/// The sentence for a file of an account that may be the server's.
std::optional<Remedy> question(const CheckContext& context, uid_t account) {
  if (context.launcher != nullptr || account == 0 || account == context.server.uid)
    return {};
  return "Call this check as uid " + std::to_string(account) +
         " if that account starts the server; else give the file to " + owner_for(context) +
         " alone";
}

/// The first directory above `path` that this process may not enter; empty without one.
std::string closed_directory_above(const std::string& path) {
  for (auto slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1))
    if (auto directory = path.substr(0, slash); ::access(directory.c_str(), X_OK) != 0)
      return directory;
  return {};
}

} // namespace

std::string owner_for(const CheckContext& context) {
  const auto [uid, gid] = context.server;
  return uid == 0 ? "root:root" : std::to_string(uid) + ":" + std::to_string(gid);
}

Remedy give_to_server(const CheckContext& context, const std::string& path,
                      const std::string& mode) {
  if (auto sentence = question(context, owner_of(path).value_or(0)))
    return *sentence;
  const auto give = run({"chown", owner_for(context), path});
  return mode.empty() ? give : run_all({give, run({"chmod", mode, path})});
}

Remedy make_for_server(const CheckContext& context, const std::string& directory,
                       const std::string& mode) {
  return run({"install", "-d", "-o", std::to_string(context.server.uid), "-g",
              std::to_string(context.server.gid), "-m", mode, directory});
}

Remedy keep_secret(const CheckContext& context, const std::string& path) {
  const auto [uid, gid] = context.server;
  if (uid == 0)
    return give_to_server(context, path, "0600");
  if (auto sentence = question(context, owner_of(path).value_or(0)))
    return *sentence;
  if (owner_of(path) == uid)
    return run({"chmod", "0600", path});
  return run_all(
      {run({"chown", "root:" + std::to_string(gid), path}), run({"chmod", "0640", path})});
}

Remedy keep_secret_from(const CheckContext& context, uid_t reader, const std::string& path) {
  const auto sentence = question(context, reader);
  return sentence ? *sentence : keep_secret(context, path);
}

Remedy make_trusted(const CheckContext& context, base::FileProblem problem, const std::string& path,
                    const std::string& setting) {
  switch (problem) {
  case base::FileProblem::not_regular: return "Name the file itself in " + setting;
  case base::FileProblem::writable_by_others: return run({"chmod", "go-w", path});
  case base::FileProblem::foreign_owner: break;
  }
  return keep_secret(context, path);
}

Remedy make_readable(const CheckContext& context, const std::string& path) {
  const auto closed = closed_directory_above(path);
  return closed.empty() ? keep_secret(context, path) : run({"chmod", "o+x", closed});
}

} // namespace admin

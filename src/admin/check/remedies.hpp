// SPDX-License-Identifier: ISC
// Command lines that give files to the account of the server, or close them to others. Root runs
// them.
#pragma once

#include "admin/check/check.hpp"
#include "base/trusted_file.hpp"

#include <string>

namespace admin {

/// `root:root` or, as chown(1) takes it, uid and gid of the server.
std::string owner_for(const CheckContext& context);

/// Makes `path` a file or directory of the server's account with that mode, such as `0600`; without
/// a mode it keeps that which it has. Where no launcher tells the server's account, and another
/// account owns `path`, this may be the server's: the remedy is then a sentence, since a command
/// could take the file away from a server that works.
Remedy give_to_server(const CheckContext& context, const std::string& path,
                      const std::string& mode = {});
/// Makes the directory, and those above it that are missing.
Remedy make_for_server(const CheckContext& context, const std::string& directory,
                       const std::string& mode);

/// Lets the server read a file that no other account may read or change: with 0600 for root's
/// server, else with 0640 and the server's group. A file of the server's account stays its own. A
/// sentence as above.
Remedy keep_secret(const CheckContext& context, const std::string& path);
/// The same for a file that `reader` may read: a sentence too where this may be the server.
Remedy keep_secret_from(const CheckContext& context, uid_t reader, const std::string& path);

/// Mends what base::open_trusted refuses. `setting` is the one that names the file.
Remedy make_trusted(const CheckContext& context, base::FileProblem problem, const std::string& path,
                    const std::string& setting);

/// For a file that the server may not read: opens the first directory above it that the server may
/// not enter, else the file.
Remedy make_readable(const CheckContext& context, const std::string& path);

} // namespace admin

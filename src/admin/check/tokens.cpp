// SPDX-License-Identifier: ISC
#include "admin/check/remedies.hpp"
#include "tokens/key_set.hpp"

#include <system_error>

namespace admin {

namespace {

void check_keys(const CheckContext& context, const std::string& path, const FindingsAt& at) {
  const auto* const remedy = "Put the authorization server's JWK Set there";
  try {
    const auto file = base::open_trusted(path);
    if (!file)
      return at.error("oauth-keys-unsafe", description(file.error()),
                      make_trusted(context, file.error(), path, "oauth-keys"));
    const auto keys = tokens::KeySet::parse(tokens::read_document(file->fd.get()));
    if (!keys)
      return at.error("oauth-keys-malformed", keys.error(), remedy);
    for (const auto& [number, problem] : keys->skipped_keys())
      at.warning("oauth-key-unused", "key " + std::to_string(number) + ": " + std::string(problem),
                 "Leave it out, if no token is signed with it");
  } catch (const std::system_error& error) {
    at.error("oauth-keys-unreadable", error.code().message(),
             error.code().value() == EACCES ? make_readable(context, path) : remedy);
  }
}

} // namespace

void check_tokens(const CheckContext& context, Findings& findings) {
  const auto& settings = context.settings;
  if (const auto problem = config::problem_with_oauth(settings))
    findings.error("oauth-settings", "oauth-keys = " + settings.oauth_keys, *problem,
                   "Set it as sodapop.conf(5) says");
  if (!settings.oauth_keys.empty())
    check_keys(context, settings.oauth_keys, {settings.oauth_keys, findings});
}

} // namespace admin

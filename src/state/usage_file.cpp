// SPDX-License-Identifier: ISC
#include "state/usage_file.hpp"

namespace state {

namespace {

constexpr auto app_password_uses = "app-password-use";

/// The parts with a NUL between them.
std::string text_of(const AppPasswordId& password) {
  return std::string(password.user) + '\0' + std::string(password.label) + '\0' +
         std::string(password.salt);
}

std::optional<UsageFile> usage_of(std::optional<LastUses> uses) {
  return uses ? std::optional(UsageFile(std::move(*uses))) : std::nullopt;
}

} // namespace

std::optional<UsageFile> UsageFile::open(const std::string& directory) {
  return usage_of(LastUses::open(directory, app_password_uses));
}

std::optional<UsageFile> UsageFile::open_to_read(const std::string& directory) {
  return usage_of(LastUses::open_to_read(directory, app_password_uses));
}

std::optional<std::int64_t> UsageFile::when(const AppPasswordId& password) const {
  return uses_.when(text_of(password));
}

void UsageFile::note(const AppPasswordId& password, std::int64_t now) {
  uses_.note(text_of(password), now, resolution);
}

} // namespace state

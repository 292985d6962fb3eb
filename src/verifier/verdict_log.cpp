// SPDX-License-Identifier: ISC
#include "verifier/verdict_log.hpp"

#include "base/hex.hpp"
#include "passwords/personal_digest.hpp"
#include "pop3/limits.hpp"
#include "state/private_file.hpp"

#include <algorithm>
#include <span>
#include <system_error>

namespace verifier {

namespace {

/// Digits enough to tell the names of a site from each other.
constexpr std::size_t digest_octets = 8;

/// `none` where the site has no key: without one, a list of passwords would turn a digest back.
std::string digest_of(std::string_view name, const std::string& state_directory) {
  try {
    if (const auto key = state::open_site_key(state_directory)) {
      const auto digest = passwords::name_digest(key->reveal(), name);
      return base::hex(std::span(digest).first(digest_octets));
    }
  } catch (const std::system_error&) {
  }
  return "none";
}

} // namespace

void VerdictLog::set_name(std::string name) {
  name_ = std::move(name);
  is_known_ = true;
}

NameField VerdictLog::name_field() const {
  if (settings_.log_unknown_names)
    return {"user", name_};
  // Made for a known name, too, as the time must not tell which it is.
  auto digest = digest_of(name_, settings_.state_directory);
  const bool is_clear = is_known_ || name_.empty();
  return is_clear ? NameField{"user", name_} : NameField{"user-digest", std::move(digest)};
}

Verdict VerdictLog::refused(std::string_view reason, std::string_view hint,
                            std::string_view problem) const {
  const auto name = name_field();
  log_.write(base::Event("login-failed", base::Level::warning, reason, problem)
                 .with(name.key, name.value));
  Verdict refused{Verdict::Kind::refused};
  refused.hint = hint.substr(0, pop3::max_hint);
  std::ranges::replace_if(
      refused.hint, [](char c) { return c < ' ' || c > '~'; }, '?');
  return refused;
}

Verdict VerdictLog::unavailable(Verdict::Kind kind, std::string_view reason,
                                std::string_view problem) const {
  const auto name = name_field();
  log_.write(
      base::Event("unavailable", base::Level::error, reason, problem).with(name.key, name.value));
  return Verdict{kind};
}

} // namespace verifier

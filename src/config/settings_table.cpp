// SPDX-License-Identifier: ISC
#include "config/settings_table.hpp"

#include "base/near_word.hpp"
#include "base/number.hpp"
#include "base/split.hpp"
#include "config/value_problem.hpp"
#include "configuration_paths.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace config {

namespace {

using Problem = std::optional<std::string>;

Problem is_not(std::string_view value, std::string_view what) {
  return in_quotes(value).append(" is not ").append(what);
}

Problem is_none_of(std::string_view value, const std::vector<std::string>& words) {
  std::string text = in_quotes(value) + " is none of ";
  for (const auto& word : words)
    text.append(&word == &words.front() ? "" : ", ").append(word);
  const std::vector<std::string_view> known(words.begin(), words.end());
  return text + base::did_you_mean(value, known);
}

/// Takes any text. Log targets and domains have functions of their own below.
template <auto Member> Problem text(Settings& settings, std::string_view value) {
  settings.*Member = value;
  return {};
}

/// Takes an absolute path only, as the working directory under a super-server is not known.
template <auto Member> Problem absolute_path(Settings& settings, std::string_view value) {
  return value.starts_with('/') ? text<Member>(settings, value) : is_not(value, "an absolute path");
}

/// Takes a domain. Refuses some that may follow the @ of a name, but takes none that may not.
Problem domain(Settings& settings, std::string_view value) {
  const bool is_domain =
      value.size() <= 253 && !value.starts_with('.') &&
      value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789.-") == value.npos;
  return is_domain ? text<&Settings::default_domain>(settings, value)
                   : is_not(value, "a domain such as example.org");
}

Problem log_target(Settings& settings, std::string_view value) {
  return value == "syslog" || value == "stderr" || value.starts_with('/')
             ? text<&Settings::log>(settings, value)
             : is_not(value, "syslog, stderr or an absolute path");
}

/// Takes media types, as a list without blanks.
Problem media_types(Settings& settings, std::string_view value) {
  const bool is_list = (',' + std::string(value) + ',').find(",,") == std::string::npos &&
                       value.find_first_of(" \t") == value.npos;
  return is_list ? text<&Settings::oauth_types>(settings, value)
                 : is_not(value, "a list of types with commas between them, without blanks");
}

/// Takes one scope (RFC 6749 section 3.3).
Problem scope(Settings& settings, std::string_view value) {
  const bool is_scope = std::ranges::all_of(
      value, [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '\\'; });
  return is_scope ? text<&Settings::oauth_scope>(settings, value)
                  : is_not(value, "one scope, without blanks");
}

/// True for digits alone without a leading zero, as 010 might be read as eight.
bool is_decimal(std::string_view value) {
  const bool has_zero = value.size() > 1 && value.front() == '0';
  return !value.empty() && !has_zero && value.find_first_not_of("0123456789") == value.npos;
}

/// Takes a decimal number from Least to Most.
template <auto Member, std::uint32_t Least, std::uint32_t Most>
Problem number(Settings& settings, std::string_view value) {
  if (!is_decimal(value))
    return is_not(value, "a decimal number");
  const auto number = base::parse_number<std::uint32_t>(value);
  if (!number || *number < Least || *number > Most)
    return is_not(value, "from " + std::to_string(Least) + " to " + std::to_string(Most));
  settings.*Member = *number;
  return {};
}

/// Takes a number from 1, or the word `off` for 0.
template <auto Member, std::uint32_t Most>
Problem number_or_off(Settings& settings, std::string_view value) {
  if (value == "off") {
    settings.*Member = 0;
    return {};
  }
  return is_decimal(value) ? number<Member, 1, Most>(settings, value)
                           : is_not(value, "a decimal number or the word off");
}

/// A word of a setting and what it stands for.
template <class Value> struct Word {
  std::string_view word;
  Value value;
};

/// The words with | between them.
template <const auto& Words>
constexpr auto list = [] {
  std::array<char, 64> text{}; // a longer list does not compile
  auto* end = text.data();
  for (const auto& word : Words) {
    if (end != text.data())
      *end++ = '|';
    end = std::ranges::copy(word.word, end).out;
  }
  *end = '\0';
  return text;
}();

template <auto Member, const auto& Words>
Problem choice(Settings& settings, std::string_view value) {
  for (const auto& [word, meaning] : Words)
    if (word == value) {
      settings.*Member = meaning;
      return {};
    }
  return is_none_of(value, base::words_of(list<Words>.data(), "|"));
}

template <auto Member> Problem networks(Settings& settings, std::string_view value) {
  auto networks = base::Networks::parse(value);
  if (!networks)
    return problem_with_networks(value);
  settings.*Member = std::move(*networks);
  return {};
}

using S = Settings;
constexpr std::uint32_t day = 86400;

constexpr Word<bool> no_or_yes[] = {{"no", false}, {"yes", true}};
constexpr Word<S::Sandbox> sandbox[] = {{"tolerate", S::Sandbox::tolerate},
                                        {"require", S::Sandbox::require}};
constexpr Word<S::Tls> tls[] = {{"none", S::Tls::none}, {"wrapped", S::Tls::wrapped}};
constexpr Word<S::Proxy> proxy[] = {{"off", S::Proxy::off}, {"required", S::Proxy::required}};
constexpr Word<S::Scram> scram[] = {{"off", S::Scram::off},
                                    {"kept", S::Scram::kept},
                                    {"unprotected", S::Scram::unprotected},
                                    {"always", S::Scram::always}};
constexpr Word<S::External> external[] = {{"off", S::External::off},
                                          {"common-name", S::External::common_name},
                                          {"email-address", S::External::email_address}};
constexpr Word<S::NameCase> name_case[] = {{"as-given", S::NameCase::as_given},
                                           {"lower", S::NameCase::lower}};
constexpr Word<S::MissingMaildir> missing_maildir[] = {{"refuse", S::MissingMaildir::refuse},
                                                       {"empty", S::MissingMaildir::empty}};
constexpr Feature tokens{"tokens", SODAPOP_TOKENS != 0};
constexpr Feature checkpassword{"checkpassword", SODAPOP_CHECKPASSWORD != 0};
constexpr Feature auth_cache{"auth_cache", SODAPOP_AUTH_CACHE != 0};

// clang-format off
constexpr Setting table[] = {
    {"users", "FILE", "The users file", absolute_path<&S::users>},
    {"checkpassword", "COMMAND", "A program that checks passwords instead", absolute_path<&S::checkpassword>, &checkpassword},
    {"checkpassword-limit", "SECONDS", "Time for that program to answer", number<&S::checkpassword_limit, 1, 60>, &checkpassword},
    {"maildir", "TEMPLATE", "Where a user's Maildir is", text<&S::maildir>},
    {"hostname", "NAME", "The name in the greeting", text<&S::hostname>},
    {"front-account", "ACCOUNT", "Account of the network and password processes", text<&S::front_account>},
    {"runtime-directory", "DIRECTORY", "Files that sessions share", absolute_path<&S::runtime_directory>},
    {"state-directory", "DIRECTORY", "Files that are kept across reboots", absolute_path<&S::state_directory>},
    {"chroot", "DIRECTORY", "The empty root directory of that account", absolute_path<&S::chroot>},
    {"minimum-uid", "NUMBER", "The lowest uid to serve", number<&S::minimum_uid, 1, 0xfffffffe>},
    {"minimum-gid", "NUMBER", "The lowest gid to serve", number<&S::minimum_gid, 1, 0xfffffffe>},
    {"sandbox", list<sandbox>.data(), "What to do on a kernel without Landlock", choice<&S::sandbox, sandbox>},
    {"login-limit", "SECONDS", "Time from connecting to login", number<&S::login_limit, 1, day>},
    {"idle-limit", "SECONDS", "Time without a command", number<&S::idle_limit, 1, day>},
    {"attempts", "NUMBER", "Failed logins per connection", number<&S::attempts, 1, 100>},
    {"failure-delay", "SECONDS", "Time from a password to its refusal", number<&S::failure_delay, 0, 60>},
    {"tls", list<tls>.data(), "Whether a TLS wrapper stands in front", choice<&S::tls, tls>},
    {"proxy", list<proxy>.data(), "Whether connections begin with a PROXY header", choice<&S::proxy, proxy>},
    {"proxy-networks", "NETWORKS", "Networks of those proxies", networks<&S::proxy_networks>},
    {"proxy-account", "ACCOUNT", "Account of those on a local socket", text<&S::proxy_account>},
    {"scram", list<scram>.data(), "Where SCRAM-SHA-256 is offered", choice<&S::scram, scram>},
    {"external", list<external>.data(), "The part of a certificate that names the user", choice<&S::external, external>},
    {"hash-slots", "NUMBER", "Passwords checked at once; 0: one per core", number<&S::hash_slots, 0, 1024>},
    {"hash-memory-limit", "MIB", "Memory a hash may ask for", number<&S::hash_memory_limit, 1, 4096>},
    {"hash-operations-limit", "NUMBER", "Passes a hash may ask for", number<&S::hash_operations_limit, 1, 1000>},
    {"auth-cache", "SECONDS|off", "How long a successful login is cached", number_or_off<&S::auth_cache, day>, &auth_cache},
    {"oauth-keys", "FILE", "The public keys that verify tokens", absolute_path<&S::oauth_keys>, &tokens},
    {"oauth-issuer", "NAME", "The issuer that tokens must name", text<&S::oauth_issuer>, &tokens},
    {"oauth-audience", "NAME", "The audience that tokens must name", text<&S::oauth_audience>, &tokens},
    {"oauth-user-claim", "NAME", "The claim of tokens that names the user", text<&S::oauth_user_claim>, &tokens},
    {"oauth-types", "TYPES", "The types of tokens that are accepted", media_types, &tokens},
    {"oauth-lifetime", "SECONDS", "The time for which tokens may be valid", number<&S::oauth_lifetime, 60, 31'536'000>, &tokens},
    {"oauth-scope", "NAME", "The scope that tokens must have", scope, &tokens},
    {"rehash", list<no_or_yes>.data(), "Whether a good login renews an outdated hash", choice<&S::rehash, no_or_yes>},
    {"name-case", list<name_case>.data(), "How names are looked up", choice<&S::name_case, name_case>},
    {"default-domain", "DOMAIN", "The domain for a name without one", domain},
    {"require-domain", list<no_or_yes>.data(), "Whether a name needs a domain", choice<&S::require_domain, no_or_yes>},
    {"log-unknown-names", list<no_or_yes>.data(), "Whether names without a user are logged", choice<&S::log_unknown_names, no_or_yes>},
    {"lock-wait", "SECONDS", "Time to wait for a maildrop in use", number<&S::lock_wait, 0, 60>},
    {"take-over", "SECONDS|off", "Silence after which a new login gets the maildrop", number_or_off<&S::take_over, day>},
    {"mark-seen", list<no_or_yes>.data(), "Whether QUIT flags retrieved messages", choice<&S::mark_seen, no_or_yes>},
    {"missing-maildir", list<missing_maildir>.data(), "What a user without a Maildir gets", choice<&S::missing_maildir, missing_maildir>},
    {"max-connections", "NUMBER", "Connections at once, when sodapopd listens", number<&S::max_connections, 1, 100'000>},
    {"max-connections-before-login", "NUMBER", "Those of them that wait for a login", number<&S::max_connections_before_login, 1, 100'000>},
    {"max-connections-per-source", "NUMBER", "Connections at once from one network", number<&S::max_connections_per_source, 1, 100'000>},
    {"max-connections-per-user", "NUMBER", "Sessions of one user; 0: no limit", number<&S::max_connections_per_user, 0, 1000>},
    {"source-ipv4-prefix", "BITS", "Bits of an IPv4 address that make a network", number<&S::source_ipv4_prefix, 1, 32>},
    {"source-ipv6-prefix", "BITS", "Bits of an IPv6 address that make a network", number<&S::source_ipv6_prefix, 1, 128>},
    {"trusted-networks", "NETWORKS", "Networks of monitors and health checks", networks<&S::trusted_networks>},
    {"shutdown-limit", "SECONDS", "Time for sessions to end by themselves", number<&S::shutdown_limit, 0, 3600>},
    {"idle-exit", "SECONDS", "Time without a client until exit; 0: never", number<&S::idle_exit, 0, day>},
    {"log", "TARGET", "syslog, stderr or a file", log_target},
};
// clang-format on

} // namespace

Problem Setting::set(Settings& settings, std::string_view value) const {
  if (!is_available())
    return std::string("not available, as sodapop was built without ") + feature->name;
  auto problem = assign(settings, value);
  if (problem)
    problem->append(likely_cause(value, value_name));
  return problem;
}

std::span<const Setting> settings_table() {
  return table;
}

const Setting* find_setting(std::string_view key) {
  const auto* found = std::ranges::find(table, key, &Setting::key);
  return found == std::end(table) ? nullptr : found;
}

} // namespace config

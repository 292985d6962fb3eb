// SPDX-License-Identifier: ISC
// The settings that an administrator may change, with their defaults. sodapop.conf(5) explains each
// value.
#pragma once

#include "base/network.hpp"

#include <cstdint>
#include <string>

namespace config {

/// The time and the attempts that a client has.
struct ClientLimits {
  std::uint32_t login_limit = 60;  ///< Seconds from connect to login, absolute.
  std::uint32_t idle_limit = 600;  ///< Seconds; RFC 1939 section 3 asks for at least ten minutes.
  std::uint32_t take_over = 60;    ///< Seconds of silence until a login may take over; 0: off.
  std::uint32_t attempts = 3;      ///< Failed logins on one connection.
  std::uint32_t failure_delay = 2; ///< Seconds from the password to its refusal.
};

/// How the password of a user is checked.
struct HashSettings {
  std::uint32_t hash_slots = 0;          ///< Verifications at once on this host; 0: one per core.
  std::uint32_t hash_memory_limit = 256; ///< MiB that a stored hash may ask for.
  std::uint32_t hash_operations_limit = 16;
  std::uint32_t auth_cache = 0; ///< Seconds that a successful login is cached; 0: off.
  bool rehash = false;          ///< Whether a successful login renews an outdated hash.
};

/// How the name that a client gives becomes that of a user.
struct NameSettings {
  enum class NameCase { as_given, lower };

  NameCase name_case = NameCase::as_given;
  std::string default_domain; ///< Appended to a name without a domain; empty: none.
  bool require_domain = false;
  bool log_unknown_names = false; ///< Whether the log has names without a user in clear.
};

/// The tokens of another server with which users may log in.
struct TokenSettings {
  std::string oauth_keys; ///< The file of a JWK Set (RFC 7517); empty: no tokens.
  std::string oauth_issuer;
  std::string oauth_audience;
  std::string oauth_user_claim = "email";
  std::string oauth_types = "at+jwt,JWT"; ///< Media types, with commas between them.
  std::uint32_t oauth_lifetime = 86400;   ///< Seconds from `iat` to `exp`.
  std::string oauth_scope;                ///< Empty: no scope is asked for.
};

/// How a maildrop is served.
struct MaildropSettings {
  enum class MissingMaildir { refuse, empty };

  std::uint32_t lock_wait = 5; ///< Seconds.
  bool mark_seen = true;
  MissingMaildir missing_maildir = MissingMaildir::refuse;
};

/// How many connections one network may have, and which networks are known.
struct SourceLimits {
  std::uint32_t max_connections_per_source = 50; ///< Connections at once from one network.
  std::uint32_t source_ipv4_prefix = 32;         ///< Bits of an IPv4 address that make a network.
  std::uint32_t source_ipv6_prefix = 64; ///< For IPv6: the network of one customer (RFC 6177).
  base::Networks trusted_networks;       ///< Of monitors and health checks.

  /// What counts as one network for max_connections_per_source.
  base::Prefixes source_prefixes() const { return {source_ipv4_prefix, source_ipv6_prefix}; }
};

/// All settings. A process or a room that needs few of them takes one of the groups above.
struct Settings : ClientLimits,
                  HashSettings,
                  NameSettings,
                  TokenSettings,
                  MaildropSettings,
                  SourceLimits {
  enum class Tls { none, wrapped };
  enum class Sandbox { tolerate, require };
  enum class Proxy { off, required };
  /// `kept` offers it as `unprotected` does, but a new password gets no verifier unasked.
  enum class Scram { off, kept, unprotected, always };
  enum class External { off, common_name, email_address };

  std::string users = "/etc/sodapop/users";
  std::string checkpassword; ///< A program and its arguments, in place of the users file.
  std::uint32_t checkpassword_limit = 10; ///< Seconds that this program may take.
  std::string maildir = "%h/Maildir";
  std::string hostname; ///< Empty: the system's own.

  std::string front_account = "_sodapop";
  std::string runtime_directory = "/run/sodapop";
  std::string state_directory = "/var/lib/sodapop";
  std::string chroot; ///< Empty: `empty` below the runtime directory.
  std::uint32_t minimum_uid = 500;
  std::uint32_t minimum_gid = 500;
  Sandbox sandbox = Sandbox::tolerate;

  Tls tls = Tls::none;
  Proxy proxy = Proxy::off;          ///< Whether connections begin with a PROXY header.
  base::Networks proxy_networks;     ///< The proxies that may send one.
  std::string proxy_account;         ///< The account of those that connect by a local socket.
  Scram scram = Scram::kept;         ///< Where SCRAM-SHA-256 is offered.
  External external = External::off; ///< The part of a certificate that is the user's name.

  std::uint32_t max_connections = 500; ///< Connections at once in sodapopd's accept loop.
  std::uint32_t max_connections_before_login = 100; ///< Those of them that have not logged in.
  std::uint32_t max_connections_per_user = 10;      ///< Sessions of one user; 0: no limit.
  std::uint32_t shutdown_limit = 30; ///< Seconds that sessions get to end by themselves.
  std::uint32_t idle_exit = 0;       ///< Seconds without a client until exit; 0: never.

  std::string log = "syslog"; ///< syslog, stderr or the absolute path of a file.

  /// True when proxies may connect by a local socket, which only proxy_account may use then.
  bool has_local_proxies() const {
    return proxy == Proxy::required && proxy_networks.contains(std::nullopt);
  }
  /// True when some connection can offer SCRAM: all are protected where a TLS wrapper stands in
  /// front, unless a proxy says otherwise. A checkpassword program has no verifiers.
  bool can_offer_scram() const {
    const bool has_unprotected = tls != Tls::wrapped || proxy == Proxy::required;
    return checkpassword.empty() &&
           (scram == Scram::always || (scram != Scram::off && has_unprotected));
  }
  /// True when each new password gets a SCRAM verifier: the site has asked for SCRAM.
  bool makes_scram() const { return scram == Scram::unprotected || scram == Scram::always; }
  /// The directory that becomes the root of the front and of the verifiers.
  std::string front_root() const { return chroot.empty() ? runtime_directory + "/empty" : chroot; }
};

} // namespace config

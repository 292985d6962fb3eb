// SPDX-License-Identifier: ISC
// A site whose requests are answered as the monitor answers them.
#pragma once

#include "base/log.hpp"
#include "base/secret.hpp"
#include "login/login_check.hpp"
#include "passwords/password_hash.hpp"
#include "support/files.hpp"
#include "support/login_request.hpp"
#include "support/scratch_dir.hpp"

#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace support {

/// A user's uid that the account of the tests may serve, as text.
inline std::string served_id() {
  return std::to_string(geteuid() == 0 ? 65534 : geteuid());
}

/// A line of the users file without its end.
inline std::string user_line(std::string_view name, std::string_view hash,
                             std::string_view extra = "") {
  std::string line(name);
  line.append(":").append(hash).append(":").append(served_id()).append(":").append(served_id());
  return line.append(":::").append(":").append(extra);
}

/// A hash of the least cost, so that it counts as outdated.
inline std::string cheap_hash(std::string_view password) {
  return passwords::make(base::Secret(password), passwords::least_cost);
}

struct LoginFixture {
  ScratchDir dir;
  config::Settings settings;
  base::Client client{base::Address::parse("192.0.2.7"), base::Address::parse("192.0.2.7")};
  std::chrono::seconds timeout{20};

  LoginFixture() {
    settings.users = dir.path("users");
    settings.runtime_directory = dir.path();
    settings.state_directory = dir.path();
    settings.maildir = "/mail/%u";
    settings.minimum_uid = settings.minimum_gid = 1;
    settings.log_unknown_names = true;
    write("");
  }

  void write(std::string_view lines) const {
    write_file(settings.users, std::string(lines) + "\n");
    chmod(settings.users.c_str(), 0600);
  }
  void write_user(std::string_view hash, std::string_view extra = "") const {
    write(user_line("alice", hash, extra));
  }
  verifier::Verdict ask(const ipc::LoginRequest& request) const {
    auto to = base::Log::open(dir.path("log"), "t");
    auto ends = ipc::Channel::make_pair();
    const verifier::VerifierContext place{settings, to, {}, client};
    return login::check(request, {place, ends.first, std::chrono::steady_clock::now() + timeout});
  }
  verifier::Verdict log_in(std::string_view name, std::string_view password) const {
    const auto request = login_request(name, password);
    return ask(request);
  }
  std::string log() const { return read_file(dir.path("log")); }
  bool has_logged(std::string_view text) const { return log().find(text) != std::string::npos; }
};

} // namespace support

// SPDX-License-Identifier: ISC
#include "server/restart.hpp"

#include "base/secret.hpp"
#include "base/system_error.hpp"
#include "configuration_paths.hpp"
#include "sandbox/restart_key.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <span>
#include <stdexcept>
#include <unistd.h>
#include <vector>

namespace server {

namespace {

/// The words as execve(2) takes them; they must outlive the result.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (auto& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// With the whole path of the configuration at the end, which may have been given relative to a
/// directory that the process has left.
std::vector<std::string> arguments_of(const CommandLine& line) {
  const std::array added{std::string("--config"), line.config};
  auto words = line.words;
  const bool has_them =
      std::ranges::equal(std::span(words).last(std::min(words.size(), added.size())), added);
  if (!line.config.empty() && !has_them)
    words.insert(words.end(), added.begin(), added.end());
  return words;
}

/// For the descriptors that the next program takes over.
void set_close_on_exec(const listener::RestartState& state, bool closes) {
  auto descriptors = state.sockets;
  descriptors.push_back(state.progress);
  for (const int fd : descriptors)
    base::check(fcntl(fd, F_SETFD, closes ? FD_CLOEXEC : 0), "fcntl");
}

} // namespace

void restart(const CommandLine& line, const std::string& notify_socket,
             const std::string& directory, listener::RestartState state) {
  // The listener's filter does not permit to load the code of a shared object.
  if (!SODAPOP_STATIC)
    throw std::runtime_error("only a static program can be started in the sandbox");
  state.key = sandbox::restart_key;
  const base::Wiper wiper(state.key);
  const auto file = listener::save(state, directory);
  auto words = arguments_of(line);
  std::vector<std::string> environment{std::string(restart_variable) + "=" +
                                       std::to_string(file.get())};
  if (!notify_socket.empty())
    environment.push_back("NOTIFY_SOCKET=" + notify_socket);
  set_close_on_exec(state, false);
  try {
    sandbox::run_program_again(pointers_to(words).data(), pointers_to(environment).data());
  } catch (const std::system_error&) {
    set_close_on_exec(state, true);
    throw;
  }
}

} // namespace server

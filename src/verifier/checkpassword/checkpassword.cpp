// SPDX-License-Identifier: ISC
#include "verifier/checkpassword/checkpassword.hpp"

#include "base/hex.hpp"
#include "base/system_error.hpp"
#include "state/hash_slots.hpp"
#include "users/login_name.hpp"
#include "users/user.hpp"
#include "verifier/checkpassword/checkpassword_reply.hpp"
#include "verifier/checkpassword/program.hpp"
#include "verifier/verdict_log.hpp"
#include "verifier/verifier_process.hpp"

#include <algorithm>
#include <array>
#include <sys/random.h>
#include <sys/stat.h>

namespace verifier {

namespace {

using Clock = std::chrono::steady_clock;
using Kind = Verdict::Kind;
using std::chrono::seconds;

/// The time that the verifier has to end a program after its limit, before the monitor ends the
/// verifier.
constexpr seconds time_to_end{5};

// The interface's exit statuses. All other statuses mean a temporary problem.
constexpr int refused_by_program = 1;
constexpr int misused = 2;

constexpr auto path_variable = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A timestamp in the form of RFC 1939, section 7. It is sent to no client, so that no password can
/// be a valid APOP digest for the program.
std::string new_timestamp() {
  std::array<unsigned char, 8> octets{};
  base::check(getrandom(octets.data(), octets.size(), 0), "getrandom");
  return "<" + base::hex(octets) + "@pop3>";
}

/// The reason why the program is unsafe, or an empty text. As for the users file, write access to
/// the program would permit any login.
std::string_view problem_with_file(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0)
    return "there is no such program";
  if (!S_ISREG(facts.st_mode))
    return "it is no file";
  if ((facts.st_mode & 022) != 0)
    return "others can write to it";
  if (facts.st_uid != 0 && facts.st_uid != geteuid())
    return "it belongs to somebody else";
  return "";
}

/// One verification, in the child.
class CheckpasswordRun {
 public:
  CheckpasswordRun(const ipc::LoginRequest& request, const VerifierContext& context)
      : context_(context), settings_(context.settings),
        name_(users::login_name({request.name.data(), request.name_length}, context.settings)),
        verdicts_(context.log, name_),
        password_({request.password.data(), request.password_length}),
        takes_password_(traits_of(request.mechanism).proof == pop3::Proof::password) {}

  Verdict run(int lifeline, Clock::time_point deadline);

 private:
  Verdict fail(std::string_view reason, std::string_view key, int number);
  Verdict judge(const ProgramEnd& end);
  Verdict judge_reply(const ProgramEnd& end);
  Verdict judge(const Verdict& verdict);
  Program program() const;

  const VerifierContext& context_;
  const config::Settings& settings_;
  std::string name_;
  VerdictLog verdicts_;
  base::Secret password_;
  bool takes_password_;
};

Verdict CheckpasswordRun::fail(std::string_view reason, std::string_view key, int number) {
  context_.log.write(base::Event("unavailable", base::Level::error)
                         .with("reason", reason)
                         .with(key, static_cast<std::uint64_t>(number))
                         .with("user", name_));
  return {};
}

Program CheckpasswordRun::program() const {
  Program program{words_of(settings_.checkpassword), {path_variable, "PROTO=TCP"}};
  program.arguments.insert(program.arguments.end(), {context_.self, "--checkpassword-reply", name_,
                                                     settings_.maildir, context_.client.from()});
  if (const auto& address = context_.client.address)
    program.environment.push_back("TCPREMOTEIP=" + address->text());
  return program;
}

Verdict CheckpasswordRun::run(int lifeline, Clock::time_point deadline) {
  if (users::lacks_domain(name_, settings_))
    return verdicts_.refused("no-domain");
  if (!users::is_valid_name(name_))
    return verdicts_.refused("bad-name");
  // LDAP accepts an empty password as a request for an anonymous login.
  if (!takes_password_ || password_.empty())
    return verdicts_.refused("wrong-password");
  const auto message = program_message(name_, password_.reveal(), new_timestamp());
  if (!message)
    return verdicts_.refused("checkpassword-too-long");
  const auto program = this->program();
  if (const auto problem = problem_with_file(program.arguments.front()); !problem.empty())
    return verdicts_.unavailable(Kind::permanent, "checkpassword-unsafe", problem);
  state::HashSlots slots(settings_.runtime_directory + "/hash-slots", settings_.hash_slots);
  const auto slot = slots.acquire(deadline);
  if (!slot)
    return verdicts_.unavailable(Kind::temporary, "no-hash-slot");
  ProgramOutput output(context_.log, name_, password_);
  return judge(
      run_program(program, *message, output, sizeof(Verdict), lifeline,
                  std::min(deadline, Clock::now() + seconds(settings_.checkpassword_limit))));
}

Verdict CheckpasswordRun::judge(const ProgramEnd& end) {
  switch (end.kind) {
  case ProgramEnd::Kind::lifeline_cut: return {};
  case ProgramEnd::Kind::timed_out:
    return verdicts_.unavailable(Kind::temporary, "checkpassword-timeout");
  case ProgramEnd::Kind::killed: return fail("checkpassword-killed", "signal", end.number);
  case ProgramEnd::Kind::exited: break;
  }
  switch (end.number) {
  case 0: return judge_reply(end);
  case refused_by_program: return verdicts_.refused("checkpassword-refused");
  case misused: return verdicts_.unavailable(Kind::temporary, "checkpassword-misused");
  default: return fail("checkpassword-failed", "status", end.number);
  }
}

Verdict CheckpasswordRun::judge_reply(const ProgramEnd& end) {
  if (end.replies == 0)
    return verdicts_.unavailable(Kind::temporary, "checkpassword-no-reply");
  const auto verdict = decode_reply(end.reply, end.sender);
  if (!verdict || end.replies != 1)
    return verdicts_.unavailable(Kind::temporary, "checkpassword-bad-reply");
  return judge(*verdict);
}

Verdict CheckpasswordRun::judge(const Verdict& verdict) {
  if (verdict.kind == Kind::refused)
    return verdicts_.refused("checkpassword-refused", text_of(verdict.hint));
  const bool is_about_user = verdict.maildir.front() != '\0';
  if (verdict.kind != Kind::granted && !is_about_user)
    return verdicts_.unavailable(verdict.kind, "checkpassword-unusable");
  if (verdict.kind != Kind::granted || !is_acceptable(verdict, settings_, geteuid()))
    return verdicts_.unavailable(Kind::permanent, "uid-not-served");
  auto granted = verdict;
  name_.copy(granted.name.data(), granted.name.size() - 1);
  return granted;
}

} // namespace

std::optional<base::Secret> program_message(std::string_view name, std::string_view password,
                                            std::string_view timestamp) {
  std::array<char, max_program_message> octets{};
  const base::Wiper wiper(octets);
  std::size_t size = 0;
  for (const auto part : {name, password, timestamp}) {
    if (part.size() >= octets.size() - size || part.find('\0') != std::string_view::npos)
      return {};
    size += part.copy(octets.data() + size, part.size()) + 1;
  }
  return base::Secret({octets.data(), size});
}

std::vector<std::string> words_of(std::string_view command) {
  std::vector<std::string> words;
  while (!command.empty()) {
    const auto word = command.substr(0, command.find_first_of(" \t"));
    if (!word.empty())
      words.emplace_back(word);
    command.remove_prefix(std::min(word.size() + 1, command.size()));
  }
  return words;
}

Verdict verify_by_program(const ipc::LoginRequest& request, const VerifierContext& context,
                          ipc::Channel& channel, Clock::time_point deadline) {
  const auto task = [&](int verdict_fd) {
    return CheckpasswordRun(request, context).run(verdict_fd, deadline);
  };
  return run_verifier_process(task, context.log, channel, deadline + time_to_end);
}

} // namespace verifier

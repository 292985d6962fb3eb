// SPDX-License-Identifier: ISC
#include "verifier/checkpassword/checkpassword.hpp"

#include "base/ascii.hpp"
#include "base/hex.hpp"
#include "base/split.hpp"
#include "base/system_error.hpp"
#include "base/trusted_directory.hpp"
#include "users/login_name.hpp"
#include "users/user.hpp"
#include "verifier/checkpassword/checkpassword_reply.hpp"
#include "verifier/checkpassword/program.hpp"
#include "verifier/hash_slot.hpp"
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

constexpr auto path_variable = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A timestamp in the form of RFC 1939, section 7. It is sent to no client, so that no password can
/// be a valid APOP digest for the program.
std::string new_timestamp() {
  std::array<unsigned char, 8> octets{};
  base::check(getrandom(octets.data(), octets.size(), 0), "getrandom");
  return "<" + base::hex(octets) + "@pop3>";
}

/// The reason why the program is unsafe, or an empty text. As for the users file, write access to
/// the program, or to a directory in which it can be replaced, would permit any login.
std::string problem_with_file(const std::string& path) {
  struct stat facts {};
  if (stat(path.c_str(), &facts) != 0)
    return "there is no such program";
  if (!S_ISREG(facts.st_mode))
    return "it is no file";
  if ((facts.st_mode & 022) != 0)
    return "others can write to it";
  if (facts.st_uid != 0 && facts.st_uid != geteuid())
    return "it belongs to somebody else";
  return base::problem_with_directories_above(path).value_or("");
}

/// True with a control character of ASCII, or one of U+0080 to U+009F in UTF-8. Programs pass the
/// password on, in lines, to a directory or to a shell.
bool has_control(std::string_view text) {
  unsigned char before = 0;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (base::is_control(c) || (before == 0xc2 && octet >= 0x80 && octet <= 0x9f))
      return true;
    before = octet;
  }
  return false;
}

Program program_for(const std::string& name, const VerifierContext& context) {
  Program program{base::words_of(context.settings.checkpassword), {path_variable, "PROTO=TCP"}};
  program.arguments.insert(program.arguments.end(),
                           {context.self, "--checkpassword-reply", name, context.settings.maildir,
                            context.client.from()});
  if (const auto& address = context.client.address)
    program.environment.push_back("TCPREMOTEIP=" + address->text());
  return program;
}

Verdict judge_reply(const ProgramEnd& end, const VerdictLog& verdicts,
                    const VerifierContext& context) {
  if (end.replies == 0)
    return verdicts.unavailable(Kind::temporary, "checkpassword-no-reply");
  verdicts.know_user(); // the program has accepted the password
  auto verdict = decode_reply(end.reply, end.sender);
  if (!verdict || end.replies != 1)
    return verdicts.unavailable(Kind::temporary, "checkpassword-bad-reply");
  if (verdict->kind == Kind::refused)
    return verdicts.refused("checkpassword-refused", verdict->hint);
  const bool is_about_user = !verdict->maildir.empty();
  if (verdict->kind != Kind::granted && !is_about_user)
    return verdicts.unavailable(verdict->kind, "checkpassword-unusable");
  const auto reason = verdict->kind == Kind::granted
                          ? obstacle_to(*verdict, context.settings, geteuid())
                          : "uid-not-served"; // the sender may not name it
  if (!reason.empty())
    return verdicts.unavailable(Kind::permanent, reason);
  return *verdict;
}

Verdict judge(const ProgramEnd& end, const VerdictLog& verdicts, const VerifierContext& context) {
  const auto fail = [&](std::string_view reason, std::string_view key) -> Verdict {
    const auto name = verdicts.name_field();
    context.log.write(base::Event("unavailable", base::Level::error, reason)
                          .with(key, static_cast<std::uint64_t>(end.number))
                          .with(name.key, name.value));
    return {};
  };
  switch (end.kind) {
  case ProgramEnd::Kind::lifeline_cut: return {};
  case ProgramEnd::Kind::timed_out:
    return verdicts.unavailable(Kind::temporary, "checkpassword-timeout");
  case ProgramEnd::Kind::killed: return fail("checkpassword-killed", "signal");
  case ProgramEnd::Kind::exited: break;
  }
  switch (end.number) {
  case 0: return judge_reply(end, verdicts, context);
  case program_refused: return verdicts.refused("checkpassword-refused");
  case program_misused: return verdicts.unavailable(Kind::temporary, "checkpassword-misused");
  default: return fail("checkpassword-failed", "status");
  }
}

/// Runs in the verifier. `lifeline` is closed when the monitor is gone.
Verdict run_check(const ipc::LoginRequest& request, const VerdictLog& verdicts,
                  const VerifierContext& context, int lifeline, Clock::time_point deadline) {
  const auto& settings = context.settings;
  const auto& name = verdicts.name();
  const base::Secret password({request.password.data(), request.password_length});
  if (users::lacks_domain(name, settings))
    return verdicts.refused("no-domain");
  if (!users::is_valid_name(name))
    return verdicts.refused("bad-name");
  // LDAP accepts an empty password as a request for an anonymous login.
  if (traits_of(request.mechanism).proof != pop3::Proof::password || password.empty())
    return verdicts.refused("wrong-password");
  if (has_control(password.reveal()))
    return verdicts.refused("checkpassword-control-character");
  const auto message = program_message(name, password.reveal(), new_timestamp());
  if (!message)
    return verdicts.refused("checkpassword-too-long");
  const auto program = program_for(name, context);
  if (const auto problem = problem_with_file(program.arguments.front()); !problem.empty())
    return verdicts.unavailable(Kind::permanent, "checkpassword-unsafe", problem);
  ProgramOutput output(context.log, verdicts, password);
  deadline = std::min(deadline, Clock::now() + seconds(settings.checkpassword_limit));
  return judge(run_program(program, *message, output, sizeof(ReplyMessage), lifeline, deadline),
               verdicts, context);
}

} // namespace

Verdict check_by_program(const ipc::LoginRequest& request, const Verification& verification) {
  const auto& context = verification.context;
  const auto& settings = context.settings;
  const VerdictLog verdicts(
      context.log, settings,
      users::login_name({request.name.data(), request.name_length}, settings));
  const auto slot = take_hash_slot(verification, verdicts);
  if (!slot)
    return slot.error();
  const auto task = [&](int answer_fd) {
    return encode_reply(run_check(request, verdicts, context, answer_fd, verification.deadline));
  };
  const auto answer = ask_verifier<ReplyMessage>(task, context.log, verification.channel,
                                                 verification.deadline + time_to_end);
  auto verdict = answer ? decode_reply(std::as_bytes(std::span(&*answer, 1)), {}) : std::nullopt;
  if (!verdict)
    return {};
  verdict->name = verdicts.name();
  return std::move(*verdict);
}

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

} // namespace verifier

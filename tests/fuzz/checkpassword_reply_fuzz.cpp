// SPDX-License-Identifier: ISC
// The input is the result of a checkpassword program: after an even octet a name, a template, then
// variables, one on each line; after an odd octet the octets that it sends in the place of a
// verdict.
#include "fuzz/target.hpp"
#include "verifier/checkpassword/checkpassword_reply.hpp"

#include <cstring>
#include <map>
#include <string>

namespace {

using fuzz::expect;
using verifier::ReplyMessage;
using verifier::Verdict;
using Kind = Verdict::Kind;

constexpr base::Identity user{1000, 100}, other{1001, 100}, other_group{1000, 101}, root{0, 0};
constexpr std::int64_t now = 1'800'000'000;

std::span<const std::byte> octets_of(const ReplyMessage& message) {
  return std::as_bytes(std::span(&message, 1));
}

void check_path(std::string_view path) {
  expect(path.starts_with('/') && path != "/", "a Maildir has an absolute path");
  expect(path.find("/../") == path.npos && !path.ends_with("/.."), "that goes down alone");
}

/// Only kind, ids, path and the read-only right are taken over, and the hint of a refusal.
void check_decoded(const Verdict& verdict, const base::Identity& sender) {
  const Verdict none;
  expect(verdict.name == none.name && verdict.label == none.label &&
             (verdict.kind == Kind::refused || verdict.hint == none.hint) &&
             verdict.index_key == none.index_key,
         "a program has no say in anything else");
  expect(verdict.kind <= Kind::last, "a verdict is one of those that there are");
  if (verdict.kind != Kind::granted)
    return;
  expect(verdict.maildir.starts_with('/') && verdict.maildir.size() < PATH_MAX,
         "a path begins and ends");
  expect(sender.uid == 0 || (sender.uid == verdict.uid && sender.gid == verdict.gid),
         "nobody but root speaks for others");
}

void check_granted(const Verdict& verdict, const std::map<std::string, std::string>& variables) {
  expect(!variables.contains("nologin"), "who is to be kept out does not get in");
  const auto right = variables.find("sodapop_read_only");
  expect(verdict.is_read_only == (right != variables.end() && right->second == "yes"),
         "who may read alone is known for that");
  check_path(verdict.maildir);
  const bool has_ids = variables.contains("userdb_uid") || variables.contains("userdb_gid");
  expect(has_ids || (verdict.uid == user.uid && verdict.gid == user.gid),
         "who says nothing of ids has his own");
  const auto decoded = verifier::decode_reply(octets_of(encode_reply(verdict)), root);
  expect(decoded && decoded->kind == Kind::granted && decoded->uid == verdict.uid &&
             decoded->gid == verdict.gid && decoded->maildir == verdict.maildir &&
             decoded->is_read_only == verdict.is_read_only,
         "root is believed as far as that goes");
}

void check_variables(fuzz::Input& input) {
  const auto name = input.take_until('\n');
  const auto site_template = input.take_until('\n');
  std::map<std::string, std::string> variables;
  while (!input.empty()) {
    const std::string line(input.take_until('\n'));
    const auto equals = std::min(line.find('='), line.size());
    // As in an environment, a NUL ends the value.
    variables[line.substr(0, equals)] = line.substr(std::min(equals + 1, line.size())).c_str();
  }
  const auto get = [&](const char* key) -> const char* {
    const auto found = variables.find(key);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
  const auto [verdict, problem] = verifier::verdict_of_program(
      get, {user, name, site_template, base::Address::parse("192.0.2.7"), now});
  expect((verdict.kind == Kind::granted) == problem.empty(), "what is wrong has a name");
  if (verdict.kind == Kind::granted)
    check_granted(verdict, variables);
}

/// Checks a verdict with kind, uid, gid and path of the input, all else filled with one octet.
void check_octets(fuzz::Input& input) {
  const auto raw = std::as_bytes(std::span(input.rest()));
  if (const auto verdict = verifier::decode_reply(raw, root))
    expect(raw.size() == sizeof(ReplyMessage), "a verdict has one size");
  ReplyMessage sent;
  const auto kind = input.byte(), uid = input.byte(), gid = input.byte(), fill = input.byte();
  std::memset(static_cast<void*>(&sent), fill, sizeof sent);
  sent.kind = static_cast<Kind>(kind);
  sent.uid = uid == 0 ? 0 : 999u + uid;
  sent.gid = gid == 0 ? 0 : 99u + gid;
  const auto path = input.take(sent.maildir.size() - 1);
  sent.maildir = {};
  path.copy(sent.maildir.data(), path.size());
  sent.maildir.back() = static_cast<char>(input.byte());
  for (const auto& sender : {user, other, other_group, root})
    if (const auto verdict = verifier::decode_reply(octets_of(sent), sender))
      check_decoded(*verdict, sender);
}

void try_input(fuzz::Input input) {
  if (input.byte() % 2 == 0)
    check_variables(input);
  else
    check_octets(input);
}

const fuzz::Target target("checkpassword_reply", try_input);

} // namespace

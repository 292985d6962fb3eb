// SPDX-License-Identifier: ISC
// Turns the tables of allowed calls into BPF programs, printed as C++. Runs while the program is
// built, so that a connection needs neither time to make a filter nor a library for it.
#include "sandbox/allowed_calls.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <linux/filter.h>
#include <seccomp.h>
#include <string_view>

namespace {

using sandbox::AllowedCall;
using sandbox::Role;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "filter_generator: %s\n", what);
  std::exit(1);
}

void allow(scmp_filter_ctx filter, const AllowedCall& call) {
  const int number = seccomp_syscall_resolve_name(call.name);
  if (number == __NR_SCMP_ERROR)
    fail(call.name);
  if (number < 0)
    return; // this architecture has no such call
  std::array<scmp_arg_cmp, sandbox::most_conditions> narrowed{};
  unsigned count = 0;
  for (const auto& [argument, mask, value] : call.conditions)
    if (mask != 0)
      narrowed[count++] = {argument, SCMP_CMP_MASKED_EQ, mask, value};
  const int outcome =
      seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, count, narrowed.data());
  if (outcome != 0 && outcome != -EEXIST)
    fail(call.name);
}

/// True when another row allows `call` with any arguments.
bool is_covered(const AllowedCall& call, Role role) {
  const auto covers = [&call](const AllowedCall& other) {
    return !other.has_conditions() && std::string_view(other.name) == call.name;
  };
  return call.has_conditions() && std::ranges::any_of(allowed_calls(role), covers);
}

/// The program as a file, in the form that the kernel takes.
std::FILE* program_for(Role role) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
  if (filter == nullptr)
    fail("seccomp_init");
  seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); // a binary tree
  for (const auto& call : allowed_calls(role))
    if (!is_covered(call, role))
      allow(filter, call);
  std::FILE* file = std::tmpfile();
  if (file == nullptr || seccomp_export_bpf(filter, fileno(file)) != 0)
    fail("seccomp_export_bpf");
  seccomp_release(filter);
  std::rewind(file);
  return file;
}

void print(Role role, const char* name) {
  std::FILE* program = program_for(role);
  std::printf("constexpr sock_filter %s_filter[] = {\n", name);
  for (sock_filter step; std::fread(&step, sizeof step, 1, program) == 1;)
    std::printf("    {0x%x, %u, %u, 0x%x},\n", unsigned{step.code}, unsigned{step.jt},
                unsigned{step.jf}, step.k);
  if (std::ferror(program) != 0)
    fail("cannot read the filter back");
  std::printf("};\n");
}

} // namespace

int main() {
  for (const auto& [role, name] : sandbox::role_names)
    print(role, name);
}

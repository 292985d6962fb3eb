// SPDX-License-Identifier: ISC
#include "admin/check/servers.hpp"
#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ext/stdio_filebuf.h>
#include <fcntl.h>
#include <grp.h>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace admin {

namespace {

void become(const Server& server) {
  const auto [uid, gid] = server.identity;
  base::check(::setgroups(server.groups.size(), server.groups.data()), "setgroups");
  base::check(::setresgid(gid, gid, gid), "setresgid");
  base::check(::setresuid(uid, uid, uid), "setresuid");
}

/// The child process: writes its findings to the pipe and ends.
[[noreturn]] void check_in_child(const Server& server, int pipe, bool all,
                                 const std::function<void(Findings&)>& check) {
  __gnu_cxx::stdio_filebuf<char> buffer(pipe, std::ios::out);
  std::cout.rdbuf(&buffer);
  Findings findings(Findings::Form::records, all);
  findings.attempt("the account " + server.account, [&] {
    become(server);
    check(findings);
  });
  findings.finish();
  std::cout.flush();
  ::_exit(0);
}

/// Adds what comes from the pipe until the child process has closed it.
void add_records(base::UniqueFd pipe, Findings& findings) {
  const std::unique_ptr<FILE, int (*)(FILE*)> stream(::fdopen(pipe.release(), "r"), std::fclose);
  Findings::Record record;
  char* text = nullptr;
  std::size_t room = 0, field = 0;
  for (ssize_t size; (size = ::getdelim(&text, &room, '\0', stream.get())) > 0;) {
    record[field++].assign(text, static_cast<std::size_t>(size) - 1);
    if (field == record.size())
      findings.add_record(record);
    field %= record.size();
  }
  std::free(text);
}

} // namespace

void check_as(const Server& server, Findings& findings,
              const std::function<void(Findings&)>& check) {
  if (server.identity.uid == ::geteuid())
    return check(findings);
  std::array<int, 2> ends{};
  base::check(::pipe2(ends.data(), O_CLOEXEC), "pipe2");
  base::UniqueFd reader(ends[0]);
  base::UniqueFd writer(ends[1]);
  std::cout.flush(); // the child has a copy of the buffer
  const auto child = base::check(::fork(), "fork");
  if (child == 0)
    check_in_child(server, writer.get(), findings.has_all(), check);
  writer.reset();
  add_records(std::move(reader), findings);
  int status = 0;
  base::check(::waitpid(child, &status, 0), "wait for a child process");
  if (status != 0)
    throw std::runtime_error("its process was killed");
}

} // namespace admin

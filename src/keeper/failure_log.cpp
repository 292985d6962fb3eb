// SPDX-License-Identifier: ISC
#include "keeper/failure_log.hpp"

#include <algorithm>
#include <cerrno>
#include <initializer_list>

namespace keeper {

namespace {

bool is_one_of(std::initializer_list<int> codes, const std::system_error& error) {
  return std::ranges::find(codes, error.code().value()) != codes.end();
}

} // namespace

bool is_permanent(const std::system_error& error) {
  return is_one_of({EACCES, EPERM, EROFS, E2BIG, EFBIG, ELOOP, EISDIR, ENAMETOOLONG, ENXIO}, error);
}

bool is_passing(const std::system_error& error) {
  return is_one_of({EAGAIN, EBUSY, EINTR, EMFILE, ENFILE, ENOBUFS, ENOMEM, ESTALE, ETIMEDOUT},
                   error);
}

ipc::Outcome FailureLog::failed(const std::system_error& error, std::string_view name) {
  if (has_line())
    log_.write(base::Event("maildir", base::Level::error)
                   .with_quoted("problem", error.what())
                   .with("name", name));
  return is_permanent(error) ? ipc::Outcome::permanent : ipc::Outcome::temporary;
}

void FailureLog::coded(pop3::Coding coding, std::string_view name) {
  if (has_line())
    log_.write(base::Event("maildir", base::Level::error)
                   .with("problem", "message-encoded")
                   .with("coding", pop3::log_name(coding))
                   .with("name", name));
}

void FailureLog::size_changed(std::string_view name) {
  if (has_line())
    log_.write(base::Event("maildir", base::Level::warning)
                   .with("problem", "size-changed")
                   .with("name", name));
}

void FailureLog::updated(const maildir::Maildir::Outcome& outcome) const {
  const auto complain = [this](std::string_view problem, std::uint32_t count, base::Level level) {
    if (count > 0)
      log_.write(base::Event("maildir", level).with("problem", problem).with("count", count));
  };
  complain("messages-not-removed", outcome.failed, base::Level::error);
  complain("messages-not-flagged", outcome.unflagged, base::Level::warning);
  if (outcome.sync_error != 0)
    log_.write(base::Event("maildir", base::Level::error)
                   .with("problem", "not-synced")
                   .with("count", outcome.removed + outcome.flagged)
                   .with_quoted("error", std::generic_category().message(outcome.sync_error)));
}

} // namespace keeper

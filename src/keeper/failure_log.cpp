// SPDX-License-Identifier: ISC
#include "keeper/failure_log.hpp"

#include <algorithm>
#include <cerrno>

namespace keeper {

bool is_permanent(const std::system_error& error) {
  const auto code = error.code().value();
  constexpr int permanent[] = {EACCES, EPERM, EROFS, E2BIG, EFBIG, ELOOP, EISDIR, ENXIO};
  return std::ranges::find(permanent, code) != std::end(permanent);
}

ipc::Outcome FailureLog::failed(const std::system_error& error, std::string_view name) {
  if (has_line())
    log_.write(base::Event("maildir", base::Level::error)
                   .with_quoted("problem", error.what())
                   .with("name", name));
  return is_permanent(error) ? ipc::Outcome::permanent : ipc::Outcome::temporary;
}

void FailureLog::size_changed(std::string_view name) {
  if (has_line())
    log_.write(base::Event("maildir", base::Level::warning)
                   .with("problem", "size-changed")
                   .with("name", name));
}

} // namespace keeper

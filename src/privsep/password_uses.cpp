// SPDX-License-Identifier: ISC
#include "privsep/password_uses.hpp"

#include <ctime>
#include <system_error>

namespace privsep {

PasswordUses::PasswordUses(const std::string& directory, const base::Log& log) : log_(log) {
  try {
    auto uses = credentials::LastUse::open(directory);
    if (uses)
      uses_.emplace(std::move(*uses));
    else
      problem_ = credentials::sentence(uses.error());
  } catch (const std::system_error& error) {
    problem_ = error.what();
  }
}

void PasswordUses::note(std::string_view name, const credentials::AppPassword& password) {
  try {
    if (uses_)
      uses_->note({name, password.label, password.salt}, std::time(nullptr));
  } catch (const std::system_error& error) {
    uses_.reset();
    problem_ = error.what();
  }
  if (!problem_.empty())
    log_.write(base::Event("app-password-use", base::Level::warning).saying("problem", problem_));
  problem_.clear();
}

} // namespace privsep

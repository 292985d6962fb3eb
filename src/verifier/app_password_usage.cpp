// SPDX-License-Identifier: ISC
#include "verifier/app_password_usage.hpp"

#include <ctime>
#include <system_error>

namespace verifier {

AppPasswordUsage::AppPasswordUsage(const std::string& directory, const base::Log& log) : log_(log) {
  try {
    auto file = state::UsageFile::open(directory);
    if (file)
      usage_file_.emplace(std::move(*file));
    else
      problem_ = state::UsageFile::refusal;
  } catch (const std::system_error& error) {
    problem_ = error.what();
  }
}

void AppPasswordUsage::note(std::string_view name, const users::AppPassword& password) {
  try {
    if (usage_file_)
      usage_file_->note({name, password.label, password.salt}, std::time(nullptr));
  } catch (const std::system_error& error) {
    usage_file_.reset();
    problem_ = error.what();
  }
  if (!problem_.empty())
    log_.write(
        base::Event("app-password-use", base::Level::warning).with_quoted("problem", problem_));
  problem_.clear();
}

} // namespace verifier

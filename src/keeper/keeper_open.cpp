// SPDX-License-Identifier: ISC
#include "base/system_error.hpp"
#include "keeper/keeper.hpp"
#include "maildir/index_file.hpp"
#include "sandbox/sandbox.hpp"

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>

namespace keeper {

namespace {

/// Seldom, as a look at the channel is a system call, and a small message takes five.
constexpr std::chrono::milliseconds look_interval{10};

using Reason = pop3::Denial::Reason;
using Problem = maildir::Maildir::Problem;

/// Octets of the longest file that a keeper may write. The limit is for its index and for the log,
/// which grows by the lines of others: it may grow by 1 GiB at least.
std::uint64_t longest_file(std::uint64_t log_octets) {
  constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;
  static_assert(maildir::max_index_octets < gibibyte);
  return (2 + log_octets / gibibyte) * gibibyte;
}

base::Result<base::UniqueFd, int> open_directory(const std::string& path) {
  base::UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory)
    return base::Refused{errno};
  return directory;
}

base::Event about_holder(std::string_view event, base::Level level, const maildir::Holder& holder) {
  return std::move(base::Event(event, level)
                       .with("held-since", static_cast<std::uint64_t>(holder.since))
                       .with("held-from", holder.from));
}

ipc::LoginAnswer denial(Reason reason) {
  return {{.reason = reason, .is_final = 1}}; // without root no second login is possible
}

} // namespace

bool Keeper::open(const std::string& path, std::string_view from, base::Secret index_key,
                  Access access) {
  access_ = access;
  try {
    const auto answer = prepare(path, from, std::move(index_key));
    channel_.send(ipc::bytes_of(answer));
    return answer.granted != 0;
  } catch (const FrontLeft&) {
    throw ipc::ChannelClosed();
  }
}

/// To be called again and again in long work. Throws FrontLeft when the front waits for no answer
/// any more.
void Keeper::look_for_end() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_)
    return;
  next_look_ = now + look_interval;
  if (channel_.is_ended_by(ipc::ReportRequest::tag))
    throw FrontLeft();
}

ipc::LoginAnswer Keeper::prepare(const std::string& path, std::string_view from,
                                 base::Secret index_key) {
  const auto refusal = refusal_of([&] { return open_maildir(path, from); });
  const auto failure =
      refusal_of([&] { return confine(); }); // also before the end of a refused one
  if (refusal || failure)
    return refusal ? *refusal : *failure;
  if (const auto unreadable = refusal_of([&] { return scan(std::move(index_key)); }))
    return *unreadable;
  deleted_ = retrieved_ = size_changed_ = pop3::Marks(count());
  ipc::LoginAnswer granted{{.granted = 1}};
  granted.count = count();
  granted.is_read_only = access_ == Access::read_only ? 1 : 0;
  return granted;
}

/// The refusal that `step` gives, or the one that follows from what it throws.
std::optional<ipc::LoginAnswer>
Keeper::refusal_of(const std::function<std::optional<ipc::LoginAnswer>()>& step) const {
  try {
    return step();
  } catch (const std::system_error& error) {
    return unavailable(is_permanent(error) ? Reason::permanent : Reason::temporary,
                       "maildir-failed", error.what());
  } catch (const std::bad_alloc&) {
    return unavailable(Reason::temporary, "maildir-failed", "out of memory");
  } catch (const std::runtime_error& error) {
    return unavailable(Reason::permanent, "cage-failed", error.what());
  }
}

/// Opens the Maildir, if there is one, and locks it. This comes before the sandbox, which permits
/// no lock.
std::optional<ipc::LoginAnswer> Keeper::open_maildir(const std::string& path,
                                                     std::string_view from) {
  auto root = root_ ? std::move(*root_) : open_directory(path);
  if (root) {
    auto opened = maildir::Maildir::open(std::move(*root));
    if (!opened)
      return unavailable(Reason::permanent, opened.error(), path);
    maildir_ = std::move(*opened);
    return lock(from);
  }
  const int error = root.error();
  if (error == ENOENT &&
      settings_.missing_maildir == config::MaildropSettings::MissingMaildir::empty)
    return {};
  if (error == ENOENT)
    return unavailable(Reason::permanent, Problem::missing, path);
  if (error == EACCES || error == EPERM || error == ENOTDIR || error == ELOOP)
    return unavailable(Reason::permanent, Problem::inaccessible, path);
  base::throw_errno(path, error);
}

std::optional<ipc::LoginAnswer> Keeper::scan(base::Secret index_key) {
  if (maildir_) {
    maildir_->use_index(std::move(index_key));
    next_look_ = Clock::now() + look_interval;
    maildir_->set_step([this] { look_for_end(); });
    maildir_->scan();
  }
  return {};
}

std::optional<ipc::LoginAnswer> Keeper::confine() const {
  struct stat log {};
  const bool is_file = fstat(log_.fd(), &log) == 0 && S_ISREG(log.st_mode);
  const auto longest = longest_file(is_file ? static_cast<std::uint64_t>(log.st_size) : 0);
  if (!sandbox::confine(sandbox::Role::keeper, maildir_ ? maildir_->root() : -1, sandbox_,
                        {.file_octets = longest}))
    log_.write(base::Event("cage", base::Level::warning).with("problem", "no-landlock"));
  return {};
}

std::optional<ipc::LoginAnswer> Keeper::lock(std::string_view from) {
  using namespace std::chrono;
  const auto left = ceil<milliseconds>(deadline_ - Clock::now());
  const auto wait = std::min<milliseconds>(seconds(settings_.lock_wait), left);
  auto lock = maildir::MaildropLock::acquire(maildir_->root(), wait, from, access_,
                                             [this] { look_for_end(); });
  if (lock) {
    lock_ = std::move(*lock);
    if (!lock_->file_problem.empty())
      log_.write({"maildir", base::Level::warning, "no-lock-file", lock_->file_problem});
    if (lock_->previous)
      log_.write(about_holder("taken-over", base::Level::info, *lock_->previous));
    return {};
  }
  const auto& holder = lock.error();
  if (holder.is_other_program) {
    log_.write({"in-use", base::Level::warning, "another-program"});
    return denial(Reason::locked);
  }
  log_.write(about_holder("in-use", base::Level::warning, holder));
  ipc::LoginAnswer answer = denial(Reason::in_use);
  answer.held_since = holder.since;
  holder.from.copy(answer.held_from.data(), answer.held_from.size() - 1);
  return answer;
}

ipc::LoginAnswer Keeper::unavailable(Reason reason, std::string_view why,
                                     std::string_view detail) const {
  log_.write({"unavailable", base::Level::error, why, detail});
  return denial(reason);
}

} // namespace keeper

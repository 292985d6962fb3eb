// SPDX-License-Identifier: ISC
#include "admin/import_reader.hpp"

#include "admin/failure.hpp"
#include "admin/import_format.hpp"
#include "base/secret.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <limits>
#include <thread>

namespace admin {

/// A line of the input that is no comment.
struct ImportReader::Candidate {
  Candidate(std::string_view read, std::uint64_t number_of_line)
      : text(read), name(read.find(':') == read.npos ? "" : read.substr(0, read.find(':'))),
        number(number_of_line) {}
  Candidate(const Candidate&) = delete;
  Candidate& operator=(const Candidate&) = delete;
  ~Candidate() { base::wipe(text.data(), text.size()); } // it may have a password in it

  std::string text, name;
  std::uint64_t number;
  std::string line;           ///< Of the users file.
  std::string problem;        ///< Why it is left out.
  std::exception_ptr failure; ///< Why the import ends.
};

namespace {

/// Calls `work` with each number below `count`, on all cores, and `done` in this thread now and
/// then. Neither may throw.
void on_all_cores(std::size_t count, const std::function<void(std::size_t)>& work,
                  const std::function<void(std::size_t)>& done) {
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> others;
  for (auto cores = std::thread::hardware_concurrency(); cores > 1; --cores)
    others.emplace_back([&] {
      for (std::size_t i; (i = next++) < count;)
        work(i);
    });
  for (std::size_t i; (i = next++) < count;) {
    work(i);
    done(i);
  }
}

} // namespace

bool ImportReader::is_in_parts() const {
  return has_passwords(given_) && !given_.flag("--strict") && !given_.flag("--dry-run");
}

std::optional<Import> ImportReader::next() {
  if (is_at_end_)
    return {};
  auto candidates = read();
  convert(candidates);
  Import import;
  for (auto& [text, name, number, line, problem, failure] : candidates) {
    if (failure)
      std::rethrow_exception(failure);
    if (problem.empty() && !taken_.insert(name).second)
      problem = "a line before this one is for the same user";
    if (!problem.empty()) {
      report_.left_out(number, name, problem);
      continue;
    }
    import.lines.emplace(name, Imported{std::move(line), number});
    import.names.push_back(name);
  }
  return import;
}

std::deque<ImportReader::Candidate> ImportReader::read() {
  const auto most = is_in_parts() ? lines_of_part : std::numeric_limits<std::size_t>::max();
  std::deque<Candidate> candidates;
  for (std::string line; candidates.size() < most && std::getline(in_, line);
       base::wipe(line.data(), line.size())) {
    ++number_;
    if (!is_in_parts())
      report_.at(number_);
    if (line.ends_with('\r'))
      line.pop_back();
    if (users::is_comment(line))
      continue;
    auto& candidate = candidates.emplace_back(line, number_);
    if (in_.eof())
      candidate.problem = description(users::line_problem::no_line_end);
    else if (line.size() > users::max_line)
      candidate.problem = description(users::line_problem::too_long);
    else if (there_.contains(candidate.name))
      candidate.problem = "the user is already in the users file";
  }
  is_at_end_ = !in_;
  if (in_.bad())
    throw Failure("cannot read " + given_.text("FILE"));
  return candidates;
}

void ImportReader::convert(std::deque<Candidate>& candidates) {
  if (!has_passwords(given_)) {
    for (auto& candidate : candidates)
      convert(candidate);
    return;
  }
  on_all_cores(
      candidates.size(), [&](std::size_t i) { convert(candidates[i]); },
      [&](std::size_t i) { report_.at(candidates[i].number); });
}

void ImportReader::convert(Candidate& candidate) const {
  if (!candidate.problem.empty())
    return;
  try {
    candidate.line = import_line(settings_, given_, candidate.text);
  } catch (const Failure& failure) {
    candidate.problem = failure.what();
  } catch (...) {
    candidate.failure = std::current_exception();
  }
}

} // namespace admin

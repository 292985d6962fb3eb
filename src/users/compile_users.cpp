// SPDX-License-Identifier: ISC
#include "users/compile_users.hpp"

#include "base/file_replacement.hpp"
#include "base/system_error.hpp"
#include "users/compiled_users.hpp"
#include "users/doubled_keys.hpp"

#include <algorithm>
#include <cdb.h>
#include <chrono>
#include <thread>

namespace users {

namespace {

/// The kernel's clock for files ticks every 10 ms at the slowest. A second change within one tick
/// does not change the times of the file, so a tick must have passed before the file is read.
constexpr std::chrono::milliseconds tick{20};

void wait_for_tick(const struct stat& text) {
  const auto header = header_of(text);
  const std::chrono::nanoseconds changed(std::max(header.text_mtime, header.text_ctime));
  if (std::chrono::system_clock::now().time_since_epoch() < changed + tick)
    std::this_thread::sleep_for(tick);
}

bool is_changed(const std::string& path, const struct stat& then) {
  struct stat now;
  if (::lstat(path.c_str(), &now) != 0)
    return true;
  return now.st_dev != then.st_dev || !header_of(then).is_of(now);
}

constexpr std::uint64_t octets_of_lengths = 8;
constexpr std::uint64_t octets_of_slots = 16; // two slots, so that a table is half empty

std::uint64_t octets_of_record(std::size_t key, std::size_t value) {
  return octets_of_lengths + key + value + octets_of_slots;
}

/// The compiled form that is being made. Its memory use grows by about 8 octets a user.
class Compilation {
 public:
  Compilation(int fd, std::uint64_t most_octets, const UsersFile& text)
      : doubled_(doubled_names(text)), most_octets_(most_octets),
        header_(header_of(text.file().facts)) {
    base::check(cdb_make_start(&database_, fd), "begin the compiled users");
  }
  Compilation(const Compilation&) = delete;
  Compilation& operator=(const Compilation&) = delete;
  ~Compilation() {
    if (!is_finished_) // TinyCDB frees its memory only there
      (void)cdb_make_finish(&database_);
  }

  /// False when the user has a line already, which stays.
  bool add(const User& user, std::string_view line) {
    // TinyCDB searches all names of the same list for a doubled one, which takes long.
    if (!put(user.name, line, doubled_.contains(user.name) ? CDB_PUT_INSERT : CDB_PUT_ADD))
      return false;
    octets_ += octets_of_record(user.name.size(), line.size());
    header_.consider(user);
    return true;
  }

  bool is_full() const { return octets_ > most_octets_; }

  /// Writes the rest of the file; nothing may be added afterwards.
  void finish() {
    put(header_key, to_text(header_), CDB_PUT_ADD);
    is_finished_ = true;
    base::check(cdb_make_finish(&database_), "write the compiled users");
  }

 private:
  bool put(std::string_view key, std::string_view value, ::cdb_put_mode mode) {
    return base::check(cdb_make_put(&database_, key.data(), static_cast<unsigned>(key.size()),
                                    value.data(), static_cast<unsigned>(value.size()), mode),
                       "write the compiled users") == 0;
  }

  DoubledKeys doubled_;
  ::cdb_make database_{};
  bool is_finished_ = false;
  std::uint64_t most_octets_;
  std::uint64_t octets_ = octets_of_contents + octets_of_record(header_key.size(), max_header);
  CompiledHeader header_;
};

/// Stops when the compiled form is full.
CompileCounts copy(const UsersFile& text, const CompileReport& report, Compilation& compilation) {
  CompileCounts counts;
  const auto add = [&](const User& user, std::uint64_t number, std::string_view line) {
    const bool is_new = compilation.add(user, line);
    ++(is_new ? counts.users : counts.duplicates);
    if (!is_new && report.on_duplicate)
      report.on_duplicate(number, user.name);
    return !compilation.is_full();
  };
  text.for_each(add, [&](std::uint64_t number, base::Problem problem) {
    ++counts.malformed;
    if (report.on_bad_line)
      report.on_bad_line(number, problem);
  });
  return counts;
}

} // namespace

base::Result<CompileCounts, base::Problem> compile_users(const UsersFile& text,
                                                         const std::string& path,
                                                         const CompileReport& report,
                                                         std::uint64_t most_octets) {
  wait_for_tick(text.file().facts);
  base::FileReplacement replacement(path + std::string(compiled_suffix));
  Compilation compilation(replacement.fd(), most_octets, text);
  const auto counts = copy(text, report, compilation);
  if (compilation.is_full())
    return base::Refused{compile_problem::too_large};
  compilation.finish();
  replacement.copy_attributes(text.file().fd.get());
  if (is_changed(path, text.file().facts))
    return base::Refused{compile_problem::changed};
  replacement.commit();
  return counts;
}

} // namespace users

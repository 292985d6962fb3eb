// SPDX-License-Identifier: ISC
#include "front/message_file.hpp"

#include "support/scratch_dir.hpp"

#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <ostream>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <utility>

using namespace std::string_literals;
using front::MessageFile;

namespace {

struct Stored {
  support::ScratchDir dir;
  std::string path = dir.path("message");

  explicit Stored(const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    const timespec times[] = {{1'000'000'000, 0}, {0, UTIME_OMIT}}; // read before it was written
    REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  }
  base::UniqueFd open() const { return base::UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)); }
  timespec modified() const {
    struct stat facts {};
    REQUIRE(stat(path.c_str(), &facts) == 0);
    return facts.st_mtim;
  }
};

std::string read_all(pop3::MessageSource& source, std::size_t block) {
  std::string text, space(block, '\0');
  while (const auto octets = source.read(space))
    text += space.substr(0, octets);
  return text;
}

} // namespace

TEST_CASE("a message is read whole, in blocks of any size") {
  const std::string text = "From: a\n\nbody\0body\n"s;
  const Stored stored(text);
  for (const std::size_t block : {std::size_t{1}, std::size_t{5}, text.size(), std::size_t{1000}}) {
    MessageFile file(stored.open(), text.size(), stored.modified());
    CHECK(read_all(file, block) == text);
  }
}

TEST_CASE("an empty message is at its end at once") {
  const Stored stored("");
  MessageFile file(stored.open(), 0, stored.modified());
  CHECK(read_all(file, 10) == "");
}

TEST_CASE("a message that has become shorter is not passed off as whole") {
  const Stored stored("0123456789");
  MessageFile file(stored.open(), 10, stored.modified());
  std::string space(4, '\0');
  CHECK(file.read(space) == 4);
  REQUIRE(truncate(stored.path.c_str(), 6) == 0);
  CHECK(file.read(space) == 2);
  CHECK_THROWS_AS(file.read(space), pop3::MessageChanged);
}

TEST_CASE("a message that is written to while it is read is noticed at its end") {
  const Stored stored("0123456789");
  MessageFile file(stored.open(), 10, stored.modified());
  std::string space(4, '\0');
  CHECK(file.read(space) == 4);
  usleep(20'000); // more than the resolution of file times
  std::ofstream(stored.path, std::ios::binary | std::ios::in) << "xxxxxxxxxx";
  CHECK_THROWS_AS(read_all(file, 4), pop3::MessageChanged);
}

TEST_CASE("a message that is only touched while it is read is read whole") {
  const timespec now[] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
  const timespec given[] = {{1'234'567'890, 5}, {1'234'567'890, 5}};
  for (const auto& times : {now, given}) {
    const Stored stored("0123456789");
    MessageFile file(stored.open(), 10, stored.modified());
    std::string space(4, '\0');
    for (const auto* part : {"0123", "4567", "89"}) {
      CHECK(file.read(space) == std::string_view(part).size());
      CHECK(space.starts_with(part));
      usleep(20'000); // more than the resolution of file times
      REQUIRE(utimensat(AT_FDCWD, stored.path.c_str(), times, 0) == 0);
    }
    CHECK(file.read(space) == 0);
  }
}

TEST_CASE("a write is noticed, whether the file is touched before, after, or by another program") {
  const timespec now[] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
  const timespec only_modified[] = {{0, UTIME_OMIT}, {0, UTIME_NOW}};
  for (const auto* first : {"touch", "write", "set"}) {
    const Stored stored("0123456789");
    MessageFile file(stored.open(), 10, stored.modified());
    std::string space(4, '\0');
    for (const std::string_view step : {std::string_view(first), std::string_view("touch")}) {
      CHECK(file.read(space) == 4);
      usleep(20'000);
      if (step == "write")
        std::ofstream(stored.path, std::ios::binary | std::ios::in) << "xxxxxxxxxx";
      else
        REQUIRE(utimensat(AT_FDCWD, stored.path.c_str(), step == "set" ? only_modified : now, 0) ==
                0);
    }
    if (std::string_view(first) == "touch") {
      std::ofstream(stored.path, std::ios::binary | std::ios::app) << "more";
      CHECK(file.read(space) == 2);
    }
    CHECK_THROWS_AS(read_all(file, 4), pop3::MessageChanged);
  }
}

TEST_CASE("a write at once after a read is noticed") {
  for (int round = 0; round < 50; ++round) {
    const Stored stored("0123456789");
    MessageFile file(stored.open(), 10, stored.modified());
    usleep(20'000);
    std::string space(4, '\0');
    CHECK(file.read(space) == 4); // which sets the time of last access
    std::ofstream(stored.path, std::ios::binary | std::ios::in) << "xxxxxxxxxx";
    CHECK_THROWS_AS(read_all(file, 4), pop3::MessageChanged);
  }
}

TEST_CASE("octets appended after opening are not sent, and the change is noticed") {
  const Stored stored("0123456789");
  MessageFile file(stored.open(), 10, stored.modified());
  usleep(20'000);
  std::ofstream(stored.path, std::ios::binary | std::ios::app) << "more";
  CHECK_THROWS_AS(read_all(file, 100), pop3::MessageChanged);
}

TEST_CASE("a message that was written to before it came to the front is noticed at its end") {
  const Stored stored("0123456789");
  const auto opened = stored.modified();
  usleep(20'000);
  std::ofstream(stored.path, std::ios::binary | std::ios::in) << "xxxxxxxxxx";
  MessageFile file(stored.open(), 10, opened);
  CHECK_FALSE(file.is_as_opened());
  CHECK_THROWS_AS(read_all(file, 4), pop3::MessageChanged);
}

TEST_CASE("a time of last modification differs in any part of it") {
  const Stored stored("0123456789");
  const auto modified = stored.modified();
  for (const auto& [seconds, nanoseconds] : {std::pair{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
    const timespec other{modified.tv_sec + seconds, modified.tv_nsec + nanoseconds};
    MessageFile file(stored.open(), 10, other);
    const bool is_same = seconds == 0 && nanoseconds == 0;
    CHECK(file.is_as_opened() == is_same);
    if (is_same)
      CHECK(read_all(file, 100) == "0123456789");
    else
      CHECK_THROWS_AS(read_all(file, 100), pop3::MessageChanged);
  }
}

TEST_CASE("a message that is removed or renamed while it is read is still read whole") {
  const Stored stored("0123456789");
  MessageFile file(stored.open(), 10, stored.modified());
  boost::filesystem::rename(stored.path, stored.dir.path("renamed"));
  boost::filesystem::remove(stored.dir.path("renamed"));
  CHECK(read_all(file, 3) == "0123456789");
}

TEST_CASE("the opener of a message is told how many octets were sent") {
  const Stored stored("0123456789");
  pop3::Octets heard = 0;
  MessageFile file(stored.open(), 10, stored.modified(),
                   [&](pop3::Octets octets) { heard = octets; });
  file.sent_whole(12);
  CHECK(heard == 12);
}

TEST_CASE("a message that is compressed or encrypted is not read, and the opener is told") {
  const auto text = "CRYPTED\x03\x07\x02 and more"s;
  const Stored stored(text);
  pop3::Coding heard{};
  MessageFile file(
      stored.open(), text.size(), stored.modified(), [](pop3::Octets) {},
      [&](const MessageFile::Failure& failure) { heard = failure.coding; });
  try {
    read_all(file, 100);
    CHECK(false);
  } catch (const pop3::StoreFailure& failure) {
    CHECK(failure.kind == pop3::StoreFailure::Kind::coded);
  }
  CHECK(heard == pop3::Coding::mail_crypt);
}

TEST_CASE("the mark of a coding within a message is text") {
  const auto text = "1234567890CRYPTED\x03\x07\x02\n"s;
  const Stored stored(text);
  MessageFile file(stored.open(), text.size(), stored.modified());
  CHECK(read_all(file, 10) == text);
}

TEST_CASE("a medium that fails throws, and the opener is told the error") {
  int heard = 0;
  MessageFile file(
      base::UniqueFd(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), 10, {}, [](pop3::Octets) {},
      [&](const MessageFile::Failure& failure) { heard = failure.error; });
  std::string space(4, '\0');
  CHECK_THROWS_AS(file.read(space), pop3::StoreFailure);
  CHECK(heard == EISDIR);
}

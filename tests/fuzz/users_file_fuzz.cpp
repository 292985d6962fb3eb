// SPDX-License-Identifier: ISC
// The input is a template, a name and a home, one on each line, then a users file.
#include "base/system_error.hpp"
#include "fuzz/target.hpp"
#include "passwords/password_hash.hpp"
#include "users/location.hpp"
#include "users/users_file.hpp"

#include <sys/mman.h>
#include <tuple>
#include <vector>

namespace {

using fuzz::expect;
using users::User;

struct Reading {
  std::vector<User> users;
  std::vector<std::pair<std::uint64_t, base::Problem>> problems;
};

auto fields(const User& user) {
  return std::tie(user.name, user.hash, user.uid, user.gid, user.home, user.mail, user.scram,
                  user.nologin, user.pop3, user.app_passwords_only, user.rights.read_only,
                  user.rights.expires);
}

bool equal(const std::vector<User>& a, const std::vector<User>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const User& x, const User& y) { return fields(x) == fields(y); });
}

void check_path(const std::string& path) {
  expect(path.starts_with('/') && path.find('\0') == std::string::npos, "a path is absolute");
  expect(path.find_first_not_of("/.") != std::string::npos || path.find("...") != std::string::npos,
         "a path is not the root");
  expect((path + "/").find("/../") == std::string::npos, "a path never leads upwards");
}

/// Checks that a template gives each user a directory of its own.
void check_places(const User& user) {
  const auto at = user.name.find('@');
  const auto place = users::locate("/mail/%u/%n", user.name, user.home, "");
  expect(place && *place == "/mail/" + user.name + "/" + user.name.substr(0, at),
         "a name of the users file is a directory's name");
  const auto domain = users::locate("/mail/%d/x", user.name, user.home, "");
  expect(domain.has_value() == (at != std::string::npos), "a domain is there or it is not");
  if (const auto own = users::locate("%h/Maildir", user.name, user.home, user.mail))
    check_path(*own);
}

void check_user(const User& user, std::string_view line) {
  expect(users::is_valid_name(user.name), "a user has a valid name");
  expect(line.starts_with(user.name + ":" + user.hash), "the line begins with name and hash");
  expect(!user.uid || *user.uid != static_cast<uid_t>(-1), "no uid is -1");
  expect(!user.gid || *user.gid != static_cast<gid_t>(-1), "no gid is -1");
  expect(user.home.empty() || user.home.starts_with('/'), "a home is absolute");
  for (const auto* field : {&user.name, &user.hash, &user.home, &user.mail})
    for (const char c : *field)
      expect(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "no control characters");
  check_places(user);
}

void read_line(std::string_view line, bool has_end, std::uint64_t number, Reading& reading) {
  if (line.size() <= users::max_line && users::is_comment(line))
    return;
  if (!has_end && line.size() <= users::max_line) {
    reading.problems.emplace_back(number, users::line_problem::no_line_end);
    return;
  }
  const auto user = users::parse_user(line);
  const auto problem = users::problem_in(line);
  expect(user.has_value() == !problem, "problem_in refuses what parse_user refuses");
  expect(user || user.error() == *problem, "and for the same reason");
  if (!user) {
    reading.problems.emplace_back(number, *problem);
    return;
  }
  check_user(*user, line);
  reading.users.push_back(*user);
}

/// Reads the users file line by line, in memory.
Reading model(std::string_view text) {
  Reading reading;
  for (std::uint64_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    read_line(text.substr(0, end), end != text.npos, number, reading);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return reading;
}

users::UsersFile file_with(std::string_view text) {
  base::UniqueFd fd(base::check(memfd_create("users", MFD_CLOEXEC), "memfd_create"));
  base::check(fchmod(fd.get(), 0600), "fchmod");
  expect(write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()),
         "the file could be written");
  auto file = base::trust(std::move(fd));
  expect(file.has_value(), "the file is accepted");
  return users::UsersFile(std::move(*file));
}

const User* first_named(const std::vector<User>& users, const std::string& name) {
  for (const auto& user : users)
    if (user.name == name)
      return &user;
  return nullptr;
}

void check_file(std::string_view text, const std::string& stranger) {
  const auto expected = model(text);
  const auto file = file_with(text);
  Reading reading;
  file.for_each([&](const User& user, auto, auto) { return reading.users.push_back(user), true; },
                [&](auto number, auto problem) { reading.problems.emplace_back(number, problem); });
  expect(equal(reading.users, expected.users), "the file has the users of its lines");
  expect(reading.problems == expected.problems, "each bad line is reported with its number");
  for (const auto& user : expected.users) {
    const auto found = file.find(user.name, {});
    expect(found && fields(*found) == fields(*first_named(expected.users, user.name)),
           "the first line of a name counts");
  }
  expect(file.find(stranger, {}).has_value() == (first_named(expected.users, stranger) != nullptr),
         "nobody is invented");
}

void try_input(fuzz::Input input) {
  const auto site_template = input.take_until('\n');
  const auto name = input.take_until('\n');
  const auto home = input.take_until('\n');
  if (const auto path = users::locate(site_template, name, home, ""))
    check_path(*path);
  expect(users::locate("", name, home, site_template).has_value() ==
             users::locate(site_template, name, home, "").has_value(),
         "a user's own template is read like the site's");
  check_file(input.rest(), std::string(name));
}

const fuzz::Target target("users_file", try_input);

} // namespace

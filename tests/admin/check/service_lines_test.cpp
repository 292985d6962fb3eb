// SPDX-License-Identifier: ISC
#include "admin/check/service_lines.hpp"

#include <doctest/doctest.h>

using namespace admin;

namespace {

Launcher with_lines(std::vector<std::pair<std::string, std::string>> lines) {
  Launcher launcher{Launcher::Kind::systemd, "/x.service", {"/sbin/sodapopd"}, "vmail", {}};
  launcher.service_lines = std::move(lines);
  return launcher;
}

} // namespace

TEST_CASE("words of several lines add up, and an empty value resets them") {
  const auto launcher = with_lines({{"SupplementaryGroups", "a b"},
                                    {"SupplementaryGroups", ""},
                                    {"Group", "x"},
                                    {"SupplementaryGroups", "c"},
                                    {"SupplementaryGroups", "d"}});
  CHECK(service_words(launcher, "SupplementaryGroups") == std::vector<std::string>{"c", "d"});
  CHECK(service_words(launcher, "User").empty());
}

TEST_CASE("systemd makes directories below /run, /var/lib and /var/log") {
  const auto launcher = with_lines({{"RuntimeDirectory", "sodapop-vmail other"},
                                    {"StateDirectory", "mail/sodapop"},
                                    {"LogsDirectory", "pop3"}});
  for (const char* directory :
       {"/run/sodapop-vmail", "/run/other", "/var/lib/mail/sodapop", "/var/log/pop3"})
    CHECK(is_made_by_systemd(launcher, directory));
  for (const char* directory : {"/run/sodapop", "/run", "/var/lib/sodapop-vmail", "/var/log"})
    CHECK_FALSE(is_made_by_systemd(launcher, directory));
}

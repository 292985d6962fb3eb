// SPDX-License-Identifier: ISC
#include "config/settings.hpp"

#include <doctest/doctest.h>

TEST_CASE("an idle session has ten minutes unless the administrator says otherwise") {
  CHECK(config::Settings().idle_limit >= 600); // RFC 1939 section 3
}

TEST_CASE("the front's root is a setting, else a directory below the runtime directory") {
  config::Settings settings;
  CHECK(settings.front_root() == "/run/sodapop/empty");
  settings.chroot = "/var/empty";
  CHECK(settings.front_root() == "/var/empty");
}

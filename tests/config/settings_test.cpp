// SPDX-License-Identifier: ISC
#include "config/settings.hpp"

#include <doctest/doctest.h>

TEST_CASE("an idle session has ten minutes unless the administrator says otherwise") {
  CHECK(config::Settings().idle_limit >= 600); // RFC 1939 section 3
}

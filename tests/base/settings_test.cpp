// SPDX-License-Identifier: ISC
#include "base/settings.hpp"

#include <doctest/doctest.h>

TEST_CASE("an idle session has ten minutes unless the administrator says otherwise") {
  CHECK(base::Settings().idle_limit >= 600); // RFC 1939 section 3
}

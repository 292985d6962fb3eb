// SPDX-License-Identifier: ISC
// doctest's own main(), compiled once for all folders.
#define DOCTEST_CONFIG_IMPLEMENT // also where the precompiled header has had doctest.h already
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

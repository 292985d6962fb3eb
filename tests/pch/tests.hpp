// SPDX-License-Identifier: ISC
// Precompiled once for all tests.
#include "standard.hpp"

#include <doctest/doctest.h>

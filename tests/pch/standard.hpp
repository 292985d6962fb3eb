// SPDX-License-Identifier: ISC
// The headers that take most of the time to compile a test or a fuzz target, to be precompiled.
// Every source includes what it uses nevertheless: -Db_pch=false compiles it without this.
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <variant>
#include <vector>

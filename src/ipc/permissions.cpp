// SPDX-License-Identifier: ISC
#include "ipc/permissions.hpp"

#include <limits>

namespace ipc {

namespace {

constexpr unsigned in(Phase phase) {
  return 1u << static_cast<unsigned>(phase);
}

constexpr unsigned any_phase =
    in(Phase::introduction) | in(Phase::authorization) | in(Phase::transaction) | in(Phase::update);
constexpr std::uint32_t unlimited = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t as_configured = 0; // one limit for all such requests together

struct Row {
  unsigned phases;
  std::uint32_t most;
};

// clang-format off
// In the order of the alternatives of Request.
constexpr Row table[] = {
    {in(Phase::authorization), as_configured}, // LoginRequest
    {in(Phase::transaction),   unlimited    }, // SizesRequest
    {in(Phase::transaction),   unlimited    }, // UniqueIdsRequest
    {in(Phase::transaction),   unlimited    }, // OpenRequest
    {in(Phase::transaction),   unlimited    }, // MarksRequest
    {in(Phase::transaction),   1            }, // CommitRequest
    {any_phase,                1            }, // ReportRequest
    {in(Phase::transaction),   unlimited    }, // SizeChangedRequest, once a message
    {in(Phase::introduction),  1            }, // ProxyRequest
    {in(Phase::authorization), as_configured}, // TokenRequest
    {in(Phase::authorization), as_configured}, // ScramStartRequest
    {in(Phase::authorization), unlimited    }, // ScramCheckRequest, once an offer
    {in(Phase::authorization), unlimited    }, // ScramFinishRequest, once a signature
};
// clang-format on
static_assert(std::size(table) == std::variant_size_v<Request>);

} // namespace

bool Permissions::take(const Request& request) {
  const Row& row = table[request.index()];
  const bool is_attempt = row.most == as_configured;
  auto& taken = is_attempt ? attempts_taken_ : taken_[request.index()];
  const auto most = is_attempt ? attempts_ : row.most;
  if ((row.phases & in(phase_)) == 0 || taken == most)
    return false;
  ++taken;
  return true;
}

} // namespace ipc

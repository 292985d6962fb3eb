// SPDX-License-Identifier: ISC
#include "monitor/mismatch_event.hpp"

namespace monitor {

namespace {

base::Event proxy_header(std::string_view problem) {
  return base::Event("proxy-header", base::Level::warning).with("problem", problem);
}

} // namespace

std::optional<base::Event> mismatch_event(ipc::Ending ending) {
  using ipc::Ending;
  switch (ending) {
  case Ending::proxy_missing:
    return proxy_header("missing").with_quoted("hint", "let the proxy send it, or set proxy = off");
  case Ending::proxy_malformed: return proxy_header("malformed");
  case Ending::proxy_late: return proxy_header("late");
  case Ending::proxy_doubled: return proxy_header("doubled");
  case Ending::proxy_unexpected:
    return proxy_header("unexpected")
        .with_quoted("hint", "set proxy = required, or let the proxy send none");
  case Ending::tls_unexpected:
    return base::Event("tls", base::Level::warning)
        .with("problem", "unexpected")
        .with_quoted("hint", "this port is without TLS: let a TLS wrapper answer here");
  default: return {};
  }
}

} // namespace monitor

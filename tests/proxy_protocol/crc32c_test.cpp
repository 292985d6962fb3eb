// SPDX-License-Identifier: ISC
#include "proxy_protocol/crc32c.hpp"

#include <doctest/doctest.h>
#include <string>

TEST_CASE("sums are those of the standards") {
  CHECK(proxy_protocol::crc32c("123456789") == 0xe3069283);
  CHECK(proxy_protocol::crc32c("") == 0);
  // RFC 3720, appendix B.4, which has them in network order.
  CHECK(proxy_protocol::crc32c(std::string(32, '\0')) == 0x8a9136aa);
  CHECK(proxy_protocol::crc32c(std::string(32, '\xff')) == 0x62a8ab43);
}

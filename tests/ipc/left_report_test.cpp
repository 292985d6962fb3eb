// SPDX-License-Identifier: ISC
#include "ipc/left_report.hpp"

#include "support/copies.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace ipc;

namespace {

Channel closed() {
  return Channel(base::UniqueFd());
}

ReportRequest report_of(Ending ending) {
  ReportRequest report;
  report.ending = ending;
  return report;
}

} // namespace

TEST_CASE("the report of a front that has gone is found behind its requests") {
  auto [keeper, front] = Channel::make_pair();
  front.send(bytes_of(SizesRequest{.message = 1}));
  front.send(bytes_of(report_of(Ending::idle)));
  front = closed();
  const auto report = left_report(keeper);
  REQUIRE(report.has_value());
  CHECK(report->ending == Ending::idle);
  CHECK(log_name(report) == "idle");
}

TEST_CASE("it is found also after answers that the front has not read") {
  auto [keeper, front] = Channel::make_pair();
  keeper.send(bytes_of(report_of(Ending::quit))); // any message
  front.send(bytes_of(report_of(Ending::no_answer)));
  front = closed();
  const auto report = left_report(keeper);
  REQUIRE(report.has_value());
  CHECK(report->ending == Ending::no_answer);
}

TEST_CASE("a front that was killed has left none, and what is no request ends the search") {
  auto [keeper, front] = Channel::make_pair();
  front.send(bytes_of(SizesRequest{.message = 1}));
  front = closed();
  CHECK_FALSE(left_report(keeper).has_value());
  CHECK(log_name(left_report(keeper)) == "killed");

  auto [other_keeper, hostile] = Channel::make_pair();
  hostile.send(std::as_bytes(std::span("no request")));
  hostile.send(bytes_of(report_of(Ending::quit)));
  hostile = closed();
  CHECK_FALSE(left_report(other_keeper).has_value());
}

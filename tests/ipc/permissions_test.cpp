// SPDX-License-Identifier: ISC
#include "ipc/permissions.hpp"

#include <doctest/doctest.h>

using namespace ipc;

namespace {

/// One request of each kind, with whether each phase permits it.
struct Row {
  Request request;
  bool in_authorization;
  bool in_transaction;
  bool in_update;
};

const Row table[] = {
    {LoginRequest(), true, false, false},       {SizesRequest(), false, true, false},
    {UniqueIdsRequest(), false, true, false},   {OpenRequest(), false, true, false},
    {MarksRequest(), false, true, false},       {CommitRequest(), false, true, false},
    {ReportRequest(), true, true, true},        {SizeChangedRequest(), false, true, false},
    {ProxyRequest(), false, false, false},      {ScramStartRequest(), true, false, false},
    {ScramCheckRequest(), true, false, false},  {ScramFinishRequest(), true, false, false},
    {ReadFailedRequest(), false, true, false},  {CodedRequest(), false, true, false},
    {UnprotectedRequest(), true, false, false}, {SilenceRequest(), false, true, false}};
static_assert(std::size(table) == std::variant_size_v<Request>);

bool is_permitted(const Request& request, Phase phase) {
  Permissions permissions(3);
  permissions.enter(phase);
  return permissions.take(request);
}

} // namespace

TEST_CASE("every request is permitted in its phases and in no other") {
  for (const auto& row : table) {
    CAPTURE(row.request.index());
    CHECK(is_permitted(row.request, Phase::authorization) == row.in_authorization);
    CHECK(is_permitted(row.request, Phase::transaction) == row.in_transaction);
    CHECK(is_permitted(row.request, Phase::update) == row.in_update);
  }
}

TEST_CASE("a session begins in authorization") {
  Permissions permissions(1);
  CHECK_FALSE(permissions.take(OpenRequest()));
  CHECK(permissions.take(LoginRequest()));
}

TEST_CASE("before the request of a proxy only that request and a report are permitted") {
  for (const auto& row : table) {
    CAPTURE(row.request.index());
    CHECK(is_permitted(row.request, Phase::introduction) ==
          (std::holds_alternative<ProxyRequest>(row.request) ||
           std::holds_alternative<ReportRequest>(row.request)));
  }
}

TEST_CASE("the request of a proxy is permitted once") {
  Permissions permissions(3);
  permissions.enter(Phase::introduction);
  CHECK(permissions.take(ProxyRequest()));
  CHECK_FALSE(permissions.take(ProxyRequest()));
  permissions.enter(Phase::authorization);
  CHECK_FALSE(permissions.take(ProxyRequest()));
  CHECK(permissions.take(LoginRequest()));
}

TEST_CASE("logins are permitted as often as configured, and not once more") {
  for (const std::uint32_t attempts : {1u, 3u, 10u}) {
    Permissions permissions(attempts);
    for (std::uint32_t i = 0; i < attempts; ++i)
      CHECK(permissions.take(LoginRequest()));
    CHECK_FALSE(permissions.take(LoginRequest()));
    CHECK_FALSE(permissions.take(LoginRequest()));
  }
}

TEST_CASE("attempts of every kind are counted together, and a proof does not count as another") {
  const Request kinds[] = {LoginRequest(), LoginRequest{.mechanism = pop3::Mechanism::oauthbearer},
                           ScramStartRequest()};
  for (const auto& first : kinds)
    for (const auto& second : kinds) {
      Permissions permissions(2);
      CHECK(permissions.take(first));
      CHECK(permissions.take(ScramCheckRequest()));
      CHECK(permissions.take(ScramFinishRequest()));
      CHECK(permissions.take(second));
      for (const auto& third : kinds)
        CHECK_FALSE(permissions.take(third));
      CHECK(permissions.take(ScramCheckRequest())); // the proof of the second attempt
    }
}

TEST_CASE("an attempt that was refused as the connection is not protected is told three times") {
  Permissions permissions(1);
  for (int i = 0; i < 3; ++i)
    CHECK(permissions.take(UnprotectedRequest()));
  CHECK_FALSE(permissions.take(UnprotectedRequest()));
  CHECK(permissions.take(LoginRequest())); // it is no attempt
}

TEST_CASE("commit and report come once") {
  Permissions permissions(3);
  permissions.enter(Phase::transaction);
  CHECK(permissions.take(CommitRequest()));
  CHECK_FALSE(permissions.take(CommitRequest()));
  CHECK(permissions.take(ReportRequest()));
  permissions.enter(Phase::update);
  CHECK_FALSE(permissions.take(ReportRequest()));
}

TEST_CASE("questions about messages may come any number of times") {
  Permissions permissions(3);
  permissions.enter(Phase::transaction);
  bool all = true;
  for (int i = 0; i < 100'000; ++i)
    all = all && permissions.take(OpenRequest()) && permissions.take(SizesRequest()) &&
          permissions.take(UniqueIdsRequest()) && permissions.take(MarksRequest());
  CHECK(all);
}

TEST_CASE("a refused request does not count") {
  Permissions permissions(1);
  CHECK_FALSE(permissions.take(CommitRequest()));
  permissions.enter(Phase::transaction);
  CHECK(permissions.take(CommitRequest()));
}

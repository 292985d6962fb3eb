// SPDX-License-Identifier: ISC
#include "ipc/message.hpp"
#include "support/coded.hpp"

#include <cstring>
#include <doctest/doctest.h>
#include <limits>
#include <ostream>
#include <random>
#include <vector>

using namespace ipc;
using support::Bytes;
using support::decode_answer;
using support::encoded;
using support::is_answer;
using support::is_request;
using support::proxied;
using support::with;

namespace {

SizesRequest sizes(std::uint32_t first) {
  return {.message = first};
}
UniqueIdsRequest ids(std::uint32_t first) {
  return {.message = first};
}
OpenRequest open(std::uint32_t message, std::uint32_t count = 1) {
  return {{.message = message}, count};
}
MarksRequest marks(std::uint32_t first) {
  return {.first = first};
}
SizeChangedRequest size_changed(std::uint32_t message) {
  return {.message = message};
}
ReadFailedRequest read_failed(std::uint32_t message, std::uint32_t error) {
  return {{.message = message}, error};
}
CodedRequest coded(std::uint32_t message, pop3::Coding coding) {
  return {{.message = message}, coding};
}
/// Calls `check` with a valid request of each kind.
template <class Check> void for_each_request(const Check& check) {
  check(LoginRequest());
  check(sizes(1));
  check(ids(1));
  check(open(1));
  check(marks(1));
  check(CommitRequest());
  check(ReportRequest());
  check(size_changed(1));
  check(proxied());
  check(ScramStartRequest());
  check(ScramCheckRequest());
  check(ScramFinishRequest());
  check(read_failed(1, 5));
  check(coded(1, pop3::Coding::zstd));
  check(UnprotectedRequest());
  check(SilenceRequest());
}
template <class Check> void for_each_answer(const Check& check) {
  check(LoginAnswer());
  check(SizesAnswer());
  check(UniqueIdsAnswer());
  check(OpenAnswer());
  check(CommitAnswer());
  check(ProxyAnswer());
  check(ScramOfferAnswer());
  check(ScramSignatureAnswer());
  check(SilenceAnswer());
}

template <class Answer> void check_denials(unsigned value) {
  CHECK(is_answer(with(Answer(), &Answer::granted, value)) == (value <= 1));
  CHECK(is_answer(with(Answer(), &Answer::is_final, value)) == (value <= 1));
  CHECK(is_answer(with(Answer(), &Answer::reason, value)) == (value <= 6));
}

} // namespace

TEST_CASE("every kind of message survives the way there") {
  for_each_request([](const auto& message) { CHECK(is_request(message)); });
  for_each_answer([](const auto& message) { CHECK(is_answer(message)); });
}

TEST_CASE("all octets of a message arrive as they were") {
  LoginRequest login;
  login.mechanism = pop3::Mechanism::plain;
  login.name_length = 5;
  login.password_length = 3;
  std::memcpy(login.name.data(), "alice", 5);
  std::memcpy(login.password.data(), "a\0b", 3);
  const auto decoded = decode_request(encoded(login));
  REQUIRE(decoded);
  CHECK(std::memcmp(&std::get<LoginRequest>(*decoded), &login, sizeof login) == 0);
  CommitAnswer commit;
  commit.outcome = Outcome::temporary;
  commit.removed = 7;
  commit.failed = 9;
  const auto answer = decode_answer(encoded(commit));
  REQUIRE(answer);
  CHECK(std::memcmp(&std::get<CommitAnswer>(*answer), &commit, sizeof commit) == 0);
}

TEST_CASE("a message that is one octet too short or too long is refused") {
  for_each_request([](const auto& message) {
    auto bytes = encoded(message);
    bytes.push_back(std::byte{0});
    CHECK_FALSE(decode_request(bytes));
    bytes.resize(bytes.size() - 2);
    CHECK_FALSE(decode_request(bytes));
  });
  for_each_answer([](const auto& message) {
    auto bytes = encoded(message);
    bytes.push_back(std::byte{0});
    CHECK_FALSE(decode_answer(bytes));
    bytes.resize(bytes.size() - 2);
    CHECK_FALSE(decode_answer(bytes));
  });
}

TEST_CASE("nothing decodes from no octets, or from less than a kind") {
  const Bytes bytes(3, std::byte{1});
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    CHECK_FALSE(decode_request(std::span(bytes).first(size)));
    CHECK_FALSE(decode_answer(std::span(bytes).first(size)));
  }
}

TEST_CASE("requests are no answers, answers no requests, and unknown kinds are neither") {
  for_each_request([](const auto& message) { CHECK_FALSE(decode_answer(encoded(message))); });
  for_each_answer([](const auto& message) { CHECK_FALSE(decode_request(encoded(message))); });
  for (const std::uint32_t kind :
       {0u, 98u, 99u, 100u, 198u, 255u, std::numeric_limits<std::uint32_t>::max()})
    for_each_request([kind](auto message) {
      message.kind = kind;
      CHECK_FALSE(decode_request(encoded(message)));
      CHECK_FALSE(decode_answer(encoded(message)));
    });
}

TEST_CASE("a kind with another kind's length is refused") {
  for_each_request([](const auto& one) {
    for_each_request([&one](auto other) {
      if constexpr (sizeof one != sizeof other) {
        other.kind = one.tag;
        CHECK_FALSE(decode_request(encoded(other)));
      }
    });
  });
}

TEST_CASE("names and passwords are no longer than their limits") {
  for (const std::uint32_t length : {254u, 255u, 256u, 0xffffffffu}) {
    LoginRequest request;
    request.name_length = length;
    CHECK(is_request(request) == (length <= pop3::max_user_name));
  }
  for (const std::uint32_t length : {1023u, 1024u, 1025u, 0xffffffffu}) {
    LoginRequest request;
    request.password_length = length;
    CHECK(is_request(request) == (length <= pop3::max_password));
  }
}

TEST_CASE("every octet of an enumeration that is none of its values is refused") {
  for (unsigned value = 0; value < 256; ++value) {
    CAPTURE(value);
    CHECK(is_request(with(LoginRequest(), &LoginRequest::mechanism, value)) == (value <= 4));
    CHECK(is_request(with(ReportRequest(), &ReportRequest::ending, value)) == (value <= 18));
    CHECK(is_request(with(ReportRequest(), &ReportRequest::said, value)) == (value <= 2));
    CHECK(is_request(with(coded(1, pop3::Coding::none), &CodedRequest::coding, value)) ==
          (value >= 1 && value <= 6));
    CHECK(is_answer(with(LoginAnswer(), &LoginAnswer::granted, value)) == (value <= 1));
    CHECK(is_answer(with(LoginAnswer(), &LoginAnswer::is_final, value)) == (value <= 1));
    CHECK(is_answer(with(LoginAnswer(), &LoginAnswer::reason, value)) == (value <= 6));
    CHECK(is_answer(with(LoginAnswer(), &LoginAnswer::is_read_only, value)) == (value <= 1));
    check_denials<ScramOfferAnswer>(value);
    check_denials<ScramSignatureAnswer>(value);
    CHECK(is_answer(with(SizesAnswer(), &SizesAnswer::outcome, value)) == (value <= 3));
    CHECK(is_answer(with(UniqueIdsAnswer(), &UniqueIdsAnswer::outcome, value)) == (value <= 3));
    for (const std::size_t at : {std::size_t{0}, std::size_t{max_opened - 1}}) {
      OpenAnswer opened;
      opened.count = max_opened;
      opened.entries[at].outcome = static_cast<Outcome>(value);
      CHECK(is_answer(opened) == (value <= 3));
    }
    CHECK(is_answer(with(CommitAnswer(), &CommitAnswer::outcome, value)) == (value <= 3));
    CHECK(is_answer(with(SilenceAnswer(), &SilenceAnswer::is_taken_over, value)) == (value <= 1));
  }
}

TEST_CASE("message numbers begin with 1") {
  CHECK_FALSE(is_request(sizes(0)));
  CHECK_FALSE(is_request(ids(0)));
  CHECK_FALSE(is_request(open(0)));
  CHECK_FALSE(is_request(size_changed(0)));
  CHECK_FALSE(is_request(coded(0, pop3::Coding::zstd)));
  CHECK_FALSE(is_request(read_failed(0, 5)));
  CHECK_FALSE(is_request(read_failed(1, 0)));
  CHECK(is_request(read_failed(1, 4095)));
  CHECK_FALSE(is_request(read_failed(1, 4096)));
  CHECK(is_request(sizes(0xffffffff)));
  CHECK(is_request(ids(0xffffffff)));
  CHECK(is_request(open(0xffffffff)));
}

TEST_CASE("a page of marks begins with the first message of a page") {
  for (const std::uint32_t first : {1u, marks_messages + 1, 5 * marks_messages + 1})
    CHECK(is_request(marks(first)));
  for (const std::uint32_t first :
       {0u, 2u, 8u, marks_messages - 1, marks_messages, marks_messages + 2, 0xffffffffu})
    CHECK_FALSE(is_request(marks(first)));
}

TEST_CASE("a page has at most page_messages entries") {
  for (const std::uint32_t count : {page_messages - 1, page_messages, page_messages + 1}) {
    SizesAnswer with_sizes{};
    with_sizes.count = count;
    CHECK(is_answer(with_sizes) == (count <= page_messages));
    UniqueIdsAnswer with_ids{};
    with_ids.count = count;
    CHECK(is_answer(with_ids) == (count <= page_messages));
  }
}

TEST_CASE("messages are opened one to max_opened at a time") {
  for (const std::uint32_t count :
       {0u, 1u, 2u, max_opened - 1, max_opened, max_opened + 1, 0xffffffffu}) {
    CAPTURE(count);
    CHECK(is_request(open(1, count)) == (count >= 1 && count <= max_opened));
    OpenAnswer answer;
    answer.count = count;
    CHECK(is_answer(answer) == (count <= max_opened));
  }
}

TEST_CASE("of a page only its entries are sent") {
  for (const std::uint32_t count : {0u, 1u, page_messages}) {
    SizesAnswer with_sizes{};
    with_sizes.count = count;
    CHECK(bytes_of(with_sizes).size() == sizeof with_sizes - (page_messages - count) * 8);
    UniqueIdsAnswer with_ids{};
    with_ids.count = count;
    CHECK(bytes_of(with_ids).size() == sizeof with_ids - (page_messages - count) * 71);
  }
  for (const std::uint32_t count : {0u, 1u, max_opened}) {
    OpenAnswer opened;
    opened.count = count;
    CHECK(bytes_of(opened).size() == 8 + count * 32);
  }
}

TEST_CASE("a unique-id has at most max_unique_id octets, wherever it stands") {
  for (const std::size_t at : {std::size_t{0}, std::size_t{page_messages - 1}})
    for (const unsigned length : {69u, 70u, 71u, 255u}) {
      UniqueIdsAnswer answer{};
      answer.count = page_messages;
      answer.ids[at].length = static_cast<std::uint8_t>(length);
      CHECK(is_answer(answer) == (length <= pop3::max_unique_id));
    }
}

TEST_CASE("the holder's address ends within its field") {
  LoginAnswer answer;
  answer.held_from.fill('1');
  CHECK_FALSE(is_answer(answer));
  answer.held_from.back() = '\0';
  CHECK(is_answer(answer));
}

TEST_CASE("random octets of a right length never decode to anything out of range") {
  std::mt19937 random(4);
  for (int i = 0; i < 20000; ++i) {
    Bytes bytes(sizeof(ReportRequest));
    for (auto& byte : bytes)
      byte = static_cast<std::byte>(random());
    const auto kind = static_cast<std::uint32_t>(random() % 10);
    std::memcpy(bytes.data(), &kind, sizeof kind);
    if (const auto request = decode_request(bytes))
      CHECK(std::get<ReportRequest>(*request).ending <= Ending::last);
  }
}

TEST_CASE("max_request holds every request") {
  for_each_request([](const auto& message) { CHECK(sizeof message <= max_request); });
}

// SPDX-License-Identifier: ISC
// The content of the front's replies and the memory that they take.
#include "front/front.hpp"
#include "support/running_front.hpp"
#include "support/wire_text.hpp"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <functional>
#include <ostream>
#include <sys/socket.h>
#include <thread>

using namespace front;
using namespace std::chrono_literals;
using support::MemoryKeeper;
using support::RunningFront;

namespace {

constexpr auto greeting = "+OK POP3 server ready on pop.example.org\r\n";

/// Answers OpenRequest with the message that `text` gives, and other requests correctly.
MemoryKeeper::Answering opening(std::function<std::string()> text) {
  return [text](MemoryKeeper& keeper, const ipc::Request& request) {
    if (!std::holds_alternative<ipc::OpenRequest>(request))
      return keeper.answer_well(request);
    const auto message = text();
    keeper.send_files(support::memory_file(message).get(), message.size());
  };
}

/// Reads `octets` octets and gives how many of them are `kind`.
std::size_t hear_octets(RunningFront& front, std::size_t octets, char kind) {
  std::size_t found = 0;
  for (std::size_t heard = 0; heard < octets;) {
    const auto part = front.hear();
    REQUIRE_FALSE(part.empty());
    heard += part.size();
    found += support::count_of(part, kind);
  }
  return found;
}

} // namespace

TEST_CASE("messages around the sizes of the buffers are sent as the slow model says") {
  constexpr auto full = Output::enough;
  for (const std::size_t near : {std::size_t{4096}, full, 2 * full, 3 * full})
    for (const std::size_t octets : {near - 1, near, near + 1})
      for (const std::string line : {"\n", "..\r\n", "x", "a line of some length\n"}) {
        std::string text;
        while (text.size() < octets)
          text += line;
        text.resize(octets);
        RunningFront front({.messages = {text}});
        front.say("RETR 1\r\nQUIT\r\n");
        const auto lines = support::on_the_wire(support::lines_of(text));
        const bool is_right = front.hear_all() == std::string(greeting) +
                                                      "+OK message follows\r\n" + lines +
                                                      ".\r\n+OK 0 messages removed, bye\r\n";
        CHECK(is_right);
        front.hang_up();
        CHECK(front.report().retrieved_octets == support::wire_octets(text));
      }
}

TEST_CASE("one line of 64 MB takes no more memory than the buffers") {
  constexpr std::size_t octets = 64'000'000;
  for (const char kind : {'x', '.', '\r', '\n'}) {
    RunningFront front(
        {.messages = {"a\n"}, .answering = opening([kind] { return std::string(octets, kind); })});
    CHECK(front.hear() == greeting);
    const auto before = front.memory();
    front.say("RETR 1\r\nNOOP\r\n");
    const auto frame = std::string_view("+OK message follows\r\n.\r\n+OK\r\n").size();
    const auto on_wire = kind == '\n' ? 2 * octets : octets + 2 + (kind == '.' ? 1 : 0);
    CHECK(hear_octets(front, frame + on_wire, kind) >= octets);
    CHECK(front.memory() - before < (5 << 18));
    front.say("QUIT\r\n");
    CHECK(front.hear_all() == "+OK 0 messages removed, bye\r\n");
  }
}

TEST_CASE("memory of a large reply is given back when the client is silent") {
  const std::string text(Output::enough, '\n');
  RunningFront front({.messages = {text}});
  CHECK(front.hear() == greeting);
  const auto before = front.memory();
  for (int i = 0; i < 2; ++i) {
    front.say("RETR 1\r\n");
    hear_octets(front, 2 * text.size() + 24, '\n');
    CHECK(front.memory() - before > (1 << 19));
    const auto end = std::chrono::steady_clock::now() + RunningFront::patience;
    while (front.memory() - before >= (1 << 17) && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(10ms);
    CHECK(front.memory() - before < (1 << 17));
  }
}

TEST_CASE("a small message touches little memory") {
  RunningFront front({.messages = {std::string(3000, 'x') + "\n"}});
  CHECK(front.hear() == greeting);
  const auto before = front.memory();
  front.say("RETR 1\r\n");
  CHECK(front.hear().size() == 3000 + 26);
  CHECK(front.memory() - before < 128 * 1024);
}

TEST_CASE("listings that are longer than the buffers come whole") {
  constexpr std::uint32_t count = 100'000;
  const auto answering = [](MemoryKeeper& keeper, const ipc::Request& request) {
    if (const auto* sizes = std::get_if<ipc::SizesRequest>(&request)) {
      ipc::SizesAnswer page{};
      page.first = sizes->message;
      page.count = std::min(ipc::page_messages, count - sizes->message + 1);
      page.octets.fill(4096);
      keeper.send(page);
    }
  };
  std::string wanted = "+OK listing follows\r\n";
  for (std::uint32_t i = 1; i <= count; ++i)
    wanted += std::to_string(i) + " 4096\r\n";
  RunningFront front({.messages = std::vector<std::string>(count), .answering = answering});
  CHECK(front.hear() == greeting);
  front.say("LIST\r\n");
  shutdown(front.client.get(), SHUT_WR);
  const bool is_right = front.hear_all() == wanted + ".\r\n";
  CHECK(is_right);
}

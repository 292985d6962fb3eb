// SPDX-License-Identifier: ISC
// client PORT: reads orders from standard input, one on each line, carries each out on
// 127.0.0.1:PORT and answers with a line of JSON: the seconds and the results, or
// {"error": "..."}.
//
//   connect                    opens a connection and reads its greeting
//   login NAME PASSWORD        USER, PASS
//   stat | list | uidl         count: messages; octets: their sum in STAT or LIST
//   retr FIRST LAST SECONDS    one round trip for each message, none begun after SECONDS;
//                              wire: octets of all replies without their first lines
//   dele FIRST LAST            one round trip for each message
//   drain                      sends a line, reads until the server closes
//   quit                       waits until the server closes; seconds: until the reply
//   sessions N USERS PASSWORD COUNT OCTETS
//                              N sessions in turn for user0, user1 ...: connect, login, STAT
//                              (must give COUNT and OCTETS unless OCTETS is 0), QUIT
//   sessions-of NAME N PASSWORD COUNT OCTETS
//                              the same for one user
//   short N                    N sessions in turn: greeting, QUIT
//   hold N                     opens N connections and reads the greeting of each
//   release                    QUIT on each held connection; all must be answered
#include "connection.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <sys/resource.h>

namespace {

using bench::Connection;

/// The members of the answer to an order.
using Answer = std::map<std::string, double>;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// The second and third word of a line such as "+OK 10 41000"; 0 for a word that is no number.
std::pair<double, double> numbers(std::string_view line) {
  std::istringstream words{std::string(line)};
  std::string first;
  double one = 0, two = 0;
  words >> first >> one >> two;
  return {one, two};
}

class Client {
 public:
  explicit Client(std::uint16_t port) : port_(port) {}

  Answer carry_out(const std::string& name, std::istream& words) {
    const auto found = orders_.find(name);
    if (found == orders_.end())
      throw std::runtime_error("no such order: " + name);
    begin_ = now();
    auto answer = found->second(words);
    answer.emplace("seconds", now() - begin_);
    return answer;
  }

 private:
  template <class T> static T next(std::istream& words) {
    T word{};
    if (!(words >> word))
      throw std::runtime_error("a word is missing");
    return word;
  }

  Connection& connection() {
    if (!connection_)
      throw std::runtime_error("not connected");
    return *connection_;
  }

  void login(Connection& to, const std::string& name, const std::string& password) {
    to.command("USER " + name);
    to.command("PASS " + password);
  }

  Answer stat() {
    const auto [count, octets] = numbers(connection().command("STAT"));
    return {{"count", count}, {"octets", octets}};
  }

  /// LIST or UIDL. Takes the time after the lines are read and before they are counted.
  Answer listing(const std::string& verb) {
    connection().command(verb);
    std::string text;
    connection().body(&text);
    const double seconds = now() - begin_;
    std::istringstream lines(text);
    double count = 0, octets = 0, number = 0;
    for (std::string line; std::getline(lines, line) && line != ".\r"; ++count) {
      const auto blank = line.find(' ');
      if (verb == "LIST" && blank != std::string::npos) {
        std::from_chars(line.data() + blank + 1, line.data() + line.size(), number);
        octets += number;
      }
    }
    return {{"count", count}, {"octets", octets}, {"seconds", seconds}};
  }

  Answer retr(std::istream& words) {
    const auto first = next<long>(words), last = next<long>(words);
    const auto limit = next<double>(words);
    double wire = 0;
    long number = first;
    for (; number <= last && (limit == 0 || now() - begin_ < limit); ++number) {
      connection().command("RETR " + std::to_string(number));
      wire += static_cast<double>(connection().body());
    }
    return {{"count", static_cast<double>(number - first)}, {"wire", wire}};
  }

  Answer dele(std::istream& words) {
    const auto first = next<long>(words), last = next<long>(words);
    for (long number = first; number <= last; ++number)
      connection().command("DELE " + std::to_string(number));
    return {{"count", static_cast<double>(last - first + 1)}};
  }

  Answer quit() {
    connection().command("QUIT");
    const double seconds = now() - begin_;
    connection().until_end();
    connection_.reset();
    return {{"seconds", seconds}};
  }

  Answer drain() {
    connection().send("\r\n");
    const auto wire = connection().until_end();
    connection_.reset();
    return {{"wire", static_cast<double>(wire)}};
  }

  Answer sessions(std::istream& words) {
    const auto wanted = next<long>(words), users = next<long>(words);
    return sessions(wanted, words,
                    [users](long number) { return "user" + std::to_string(number % users); });
  }

  Answer sessions_of(std::istream& words) {
    const auto name = next<std::string>(words);
    return sessions(next<long>(words), words, [&name](long) { return name; });
  }

  /// `name_of` gives the user of the session with that number.
  Answer sessions(long wanted, std::istream& words,
                  const std::function<std::string(long)>& name_of) {
    const auto password = next<std::string>(words);
    const auto count = next<double>(words), octets = next<double>(words);
    for (long done = 0; done < wanted; ++done) {
      Connection one(port_);
      one.ok_line();
      login(one, name_of(done), password);
      const auto answer = numbers(one.command("STAT"));
      if (octets != 0 && answer != std::pair(count, octets))
        throw std::runtime_error("STAT gave other figures than those of the messages");
      one.command("QUIT");
      one.until_end();
    }
    return {{"count", static_cast<double>(wanted)}};
  }

  Answer brief(std::istream& words) {
    const auto wanted = next<long>(words);
    double refused = 0;
    for (long done = 0; done < wanted; ++done)
      try {
        Connection one(port_);
        one.ok_line();
        one.command("QUIT");
        one.until_end();
      } catch (const std::runtime_error&) {
        ++refused;
      }
    return {{"count", static_cast<double>(wanted)}, {"refused", refused}};
  }

  Answer hold(std::istream& words) {
    const auto wanted = next<std::size_t>(words);
    double refused = 0;
    const auto before = held_.size();
    for (std::size_t one = 0; one < wanted; ++one)
      try {
        held_.emplace_back(port_);
      } catch (const std::runtime_error&) {
        ++refused;
      }
    for (std::size_t one = before; one < held_.size(); ++one)
      try {
        held_[one].ok_line();
      } catch (const std::runtime_error&) {
        ++refused;
      }
    return {{"count", static_cast<double>(held_.size() - before)}, {"refused", refused}};
  }

  Answer release() {
    double answered = 0;
    for (auto& one : held_)
      try {
        one.command("QUIT");
        one.until_end();
        ++answered;
      } catch (const std::runtime_error&) {
        // Not counted as answered.
      }
    held_.clear();
    return {{"count", answered}};
  }

  using Words = std::istream&;
  const std::map<std::string, std::function<Answer(std::istream&)>> orders_ = {
      {"connect", [this](Words) { return connection_.emplace(port_).ok_line(), Answer{}; }},
      {"login",
       [this](Words words) {
         const auto name = next<std::string>(words), password = next<std::string>(words);
         login(connection(), name, password);
         return Answer{};
       }},
      {"stat", [this](Words) { return stat(); }},
      {"list", [this](Words) { return listing("LIST"); }},
      {"uidl", [this](Words) { return listing("UIDL"); }},
      {"retr", [this](Words words) { return retr(words); }},
      {"dele", [this](Words words) { return dele(words); }},
      {"drain", [this](Words) { return drain(); }},
      {"quit", [this](Words) { return quit(); }},
      {"sessions", [this](Words words) { return sessions(words); }},
      {"sessions-of", [this](Words words) { return sessions_of(words); }},
      {"short", [this](Words words) { return brief(words); }},
      {"hold", [this](Words words) { return hold(words); }},
      {"release", [this](Words) { return release(); }},
  };

  std::uint16_t port_;
  double begin_ = 0;
  std::optional<Connection> connection_;
  std::vector<Connection> held_;
};

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

void print(const Answer& answer) {
  const char* separator = "{";
  for (const auto& [name, value] : answer) {
    std::printf("%s\"%s\": %.15g", separator, name.c_str(), value);
    separator = ", ";
  }
  std::puts("}");
}

void print_error(std::string_view reason) {
  std::string text;
  for (const char c : reason)
    text += c == '"' || c == '\\' || c < ' ' ? '?' : c;
  std::printf("{\"error\": \"%s\"}\n", text.c_str());
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: client PORT\n", stderr);
    return 64;
  }
  raise_descriptor_limit();
  Client client(static_cast<std::uint16_t>(std::stoul(argv[1])));
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    try {
      print(client.carry_out(name, words));
    } catch (const std::exception& error) {
      print_error(error.what());
    }
    std::fflush(stdout);
  }
}

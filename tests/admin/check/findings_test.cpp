// SPDX-License-Identifier: ISC
#include "admin/check/findings.hpp"

#include "support/stream_capture.hpp"

#include <doctest/doctest.h>
#include <iostream>
#include <nlohmann/json.hpp>
#include <stdexcept>

using namespace admin;
using support::StreamCapture;

namespace {

constexpr auto limit = Findings::most_of_a_kind;

void add_error(Findings& findings, std::string_view id, std::string_view where = "/etc/x:3") {
  findings.error(id, where, "it is wrong", "mend it");
}

void add_warning(Findings& findings, std::string_view id, std::string_view where = "/etc/x:3") {
  FindingsAt(std::string(where), findings).warning(id, "it is wrong", "mend it");
}

} // namespace

TEST_CASE("a finding is one line with severity, place, id and remedy") {
  StreamCapture output(std::cout);
  Findings findings(Findings::Form::text, false);
  add_warning(findings, "a-b");
  CHECK(findings.finish() == Severity::warning);
  CHECK(output.text() == "warning: /etc/x:3: it is wrong [a-b]: mend it\n");
}

TEST_CASE("a remedy is a sentence, or a command line with its words written for a shell") {
  StreamCapture output(std::cout);
  Findings findings(Findings::Form::text, false);
  findings.error("a", "/x", "it is wrong", run({"chmod", "go-w", "/my mail"}));
  findings.error("a", "/x", "it is wrong",
                 run_all({run({"chown", "root", "/x"}), run({"chmod", "0600", "/x"})}));
  CHECK(output.text() == "error: /x: it is wrong [a]: run: chmod go-w '/my mail'\n"
                         "error: /x: it is wrong [a]: run: chown root /x && chmod 0600 /x\n");
}

TEST_CASE("a note is a line on standard error, and no finding") {
  StreamCapture output(std::cout);
  StreamCapture errors(std::cerr);
  Findings findings(Findings::Form::text, false);
  findings.note("all is well\x1b");
  CHECK(findings.finish() == Severity::none);
  CHECK(output.text().empty());
  CHECK(errors.text() == "sodapop: all is well\\x1b\n");
}

TEST_CASE("where nothing was found, one line says what was looked at") {
  const auto output_of = [](Findings::Form form, bool has_mistake, bool is_quiet) {
    StreamCapture output(std::cout);
    Findings findings(form, false);
    for (const auto* text : {"3 users", "launcher /etc/x", "3 users"})
      findings.looked_at(text);
    if (has_mistake)
      add_warning(findings, "a");
    if (is_quiet)
      findings.be_quiet();
    findings.finish();
    return output.text();
  };
  CHECK(output_of(Findings::Form::text, false, false) ==
        "nothing found: 3 users, launcher /etc/x\n");
  CHECK(output_of(Findings::Form::text, false, true).empty());
  CHECK(output_of(Findings::Form::json, false, false) == "[]\n");
  CHECK(output_of(Findings::Form::text, true, false).find("nothing found") == std::string::npos);
}

TEST_CASE("an exception of a part is an error, and the output goes on") {
  StreamCapture output(std::cout);
  Findings findings(Findings::Form::json, false);
  findings.attempt("the users", [] { throw std::runtime_error("out of pipes"); });
  findings.attempt("the rest", [&] { add_warning(findings, "a"); });
  CHECK(findings.finish() == Severity::error);
  const auto array = nlohmann::json::parse(output.text());
  REQUIRE(array.size() == 2);
  CHECK(array[0]["id"] == "check-incomplete");
  CHECK(array[0]["where"] == "the users");
  CHECK(array[0]["what"] == "not all of this was checked: out of pipes");
  CHECK(array[1]["id"] == "a");
}

TEST_CASE("findings of another process are added with every octet") {
  const auto sent = [] {
    StreamCapture output(std::cout);
    Findings findings(Findings::Form::records, false);
    findings.error("a", "/x\xff\n", "it is wrong", run({"rm", "it's"}));
    for (std::size_t i = 0; i < limit + 3; ++i)
      add_warning(findings, "b");
    findings.looked_at("3 users");
    findings.finish();
    return output.text();
  }();
  StreamCapture output(std::cout);
  StreamCapture errors(std::cerr);
  Findings findings(Findings::Form::text, false);
  std::size_t begin = 0, field = 0;
  Findings::Record record;
  for (auto end = sent.find('\0'); end != sent.npos; end = sent.find('\0', begin)) {
    record[field++] = sent.substr(begin, end - begin);
    begin = end + 1;
    if (field == record.size())
      findings.add_record(record);
    field %= record.size();
  }
  CHECK(begin == sent.size());
  CHECK(findings.finish() == Severity::error);
  CHECK(output.lines().size() == limit + 1);
  CHECK(output.lines()[0] == R"(error: /x\xff\x0a: it is wrong [a]: run: rm 'it'"'"'s')");
  CHECK(errors.text() ==
        "sodapop: 3 more of b, the last at /etc/x:3; --all-findings prints them\n");
}

TEST_CASE("what an earlier server has at the same place is told once") {
  StreamCapture output(std::cout);
  Findings findings(Findings::Form::text, false);
  for (unsigned server = 0; server < 3; ++server) {
    findings.begin_server();
    add_warning(findings, "a", "/x");
    add_warning(findings, "a", "/x"); // of the same server: both count
    add_warning(findings, "a", "/y" + std::to_string(server));
  }
  CHECK(output.lines().size() == 5);
}

TEST_CASE("the worst severity is the result, whatever came last") {
  StreamCapture output(std::cout);
  Findings findings(Findings::Form::text, false);
  CHECK(Findings(Findings::Form::text, false).finish() == Severity::none);
  add_error(findings, "a");
  add_warning(findings, "b");
  CHECK(findings.finish() == Severity::error);
}

TEST_CASE("control characters and octets beyond ASCII do not reach a terminal") {
  StreamCapture output(std::cout);
  Findings findings(Findings::Form::text, false);
  add_error(findings, "a", "/x\x1b[2J\xc2\x9b\n");
  CHECK(output.text() == "error: /x\\x1b[2J\\xc2\\x9b\\x0a: it is wrong [a]: mend it\n");
}

TEST_CASE("as JSON the findings are an array, also when there is none") {
  StreamCapture output(std::cout);
  Findings none(Findings::Form::json, false);
  none.finish();
  CHECK(output.text() == "[]\n");
}

TEST_CASE("as JSON each finding is an object, with invalid UTF-8 replaced") {
  StreamCapture output(std::cout);
  Findings findings(Findings::Form::json, false);
  add_error(findings, "a");
  add_warning(findings, "b", "/x\xff");
  findings.error("c", "/x", "it is wrong", run({"rm", "/x"}));
  findings.finish();
  const auto array = nlohmann::json::parse(output.text());
  REQUIRE(array.size() == 3);
  CHECK(array[0]["severity"] == "error");
  CHECK(array[0]["where"] == "/etc/x:3");
  CHECK(array[0]["remedy"] == "mend it");
  CHECK(array[0]["command"] == false);
  CHECK(array[2]["remedy"] == "rm /x");
  CHECK(array[2]["command"] == true);
  CHECK(array[1]["id"] == "b");
  CHECK(array[1]["where"] == "/x\xef\xbf\xbd");
}

TEST_CASE("of one kind most_of_a_kind are printed, and the others counted") {
  for (const auto number : {limit - 1, limit, limit + 1, limit + 7}) {
    StreamCapture output(std::cout);
    StreamCapture errors(std::cerr);
    Findings findings(Findings::Form::text, false);
    for (std::size_t i = 0; i < number; ++i)
      add_error(findings, "a");
    add_error(findings, "b");
    findings.finish();
    CAPTURE(number);
    CHECK(output.lines().size() == std::min(number, limit) + 1);
    const auto more = std::to_string(number - std::min(number, limit));
    CHECK(errors.text() ==
          (number <= limit ? ""
                           : "sodapop: " + more +
                                 " more of a, the last at /etc/x:3; --all-findings prints them\n"));
  }
}

TEST_CASE("where all are wanted, all are printed") {
  StreamCapture output(std::cout);
  Findings findings(Findings::Form::text, true);
  for (std::size_t i = 0; i < 2 * limit; ++i)
    add_warning(findings, "a");
  findings.finish();
  CHECK(output.lines().size() == 2 * limit);
}

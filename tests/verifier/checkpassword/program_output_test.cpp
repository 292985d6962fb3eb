// SPDX-License-Identifier: ISC
#include "verifier/checkpassword/program_output.hpp"

#include "support/scratch_dir.hpp"
#include "verifier/checkpassword/program.hpp"

#include <doctest/doctest.h>
#include <fstream>
#include <string>
#include <vector>

using namespace verifier;

namespace {

/// The fields that are logged of a program that writes `pieces`, without event and user.
std::vector<std::string> logged(const std::vector<std::string>& pieces,
                                const std::string& secret = "wonderland") {
  const support::ScratchDir dir;
  const auto log = base::Log::open(dir.path("log"), "t");
  const base::Secret password(secret);
  const config::Settings settings;
  const VerdictLog verdicts(log, settings, "alice");
  verdicts.know_user();
  ProgramOutput output(log, verdicts, password);
  for (const auto& piece : pieces)
    output.take(piece);
  output.finish();
  std::vector<std::string> lines;
  std::ifstream file(dir.path("log"));
  for (std::string line; std::getline(file, line);) {
    const std::string start = "event=checkpassword ", end = " user=alice";
    const auto from = line.find(start);
    REQUIRE(from != line.npos);
    REQUIRE(line.ends_with(end));
    lines.push_back(
        line.substr(from + start.size(), line.size() - from - start.size() - end.size()));
  }
  return lines;
}

using Lines = std::vector<std::string>;

} // namespace

TEST_CASE("a program's output is a line of the log for each of its lines, wherever it is cut") {
  const std::string text = "one\n\ntwo \"x\"\tand\nthe end";
  const Lines expected = {R"(line="one")", R"(line="")", R"(line="two \x22x\x22\x09and")",
                          R"(line="the end")"};
  CHECK(logged({text}) == expected);
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    CHECK(logged({text.substr(0, cut), text.substr(cut)}) == expected);
  CHECK(logged({""}).empty());
}

TEST_CASE("a line of a program is logged up to max_output_line octets") {
  for (const std::size_t size :
       {max_output_line - 1, max_output_line, max_output_line + 1, std::size_t{100'000}}) {
    const auto line = logged({std::string(size, 'x') + "\ny\n"});
    REQUIRE(line.size() == 2);
    CHECK(line[0] == "line=\"" + std::string(std::min(size, max_output_line), 'x') + "\"");
  }
}

TEST_CASE("max_output_lines lines of a program are logged, and how many more there were") {
  const auto several = [](unsigned count) {
    std::string text;
    for (unsigned i = 0; i < count; ++i)
      text += "x\n";
    return logged({text});
  };
  CHECK(several(max_output_lines - 1).size() == max_output_lines - 1);
  CHECK(several(max_output_lines).size() == max_output_lines);
  CHECK(several(max_output_lines).back() == R"(line="x")");
  CHECK(several(max_output_lines + 1).size() == max_output_lines + 1);
  CHECK(several(max_output_lines + 1).back() == "lines-left-out=1");
}

TEST_CASE("a line that tells the password is not logged, wherever the password is cut") {
  const std::string hidden = R"x(line="(a line with the password in it)")x";
  CHECK(logged({"wonder", "land is wrong\nnext"}) == Lines{hidden, R"(line="next")"});
  const std::string longest(max_program_message, 'p');
  for (const std::size_t before : {std::size_t{0}, max_output_line - 1}) {
    const auto lines = logged({std::string(before, 'x') + longest + "\n"}, longest);
    CHECK(lines == Lines{hidden});
  }
  CHECK(logged({"x\n"}, "") == Lines{R"(line="x")"});
}

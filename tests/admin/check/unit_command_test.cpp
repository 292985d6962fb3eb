// SPDX-License-Identifier: ISC
#include "admin/check/unit_command.hpp"

#include "support/scratch.hpp"

#include <doctest/doctest.h>
#include <ostream>

using namespace admin;

namespace {

using Words = std::vector<std::string>;

Words command(const std::string& line, const std::vector<UnitEntry>& more = {}) {
  Unit unit{"pop3@x.service", {}, more};
  unit.entries.push_back({"Service", "ExecStart", line, ""});
  return command_of(unit);
}

} // namespace

TEST_CASE("quotes hold words together, and escapes are replaced") {
  CHECK(quoted_words(R"( a "b c"  'd "e' --f="g h" )") == Words{"a", "b c", "d \"e", "--f=g h"});
  CHECK(quoted_words(R"(a\sb \x41\102 "\"" '\'' \q \)") ==
        Words{"a b", "AB", "\"", "'", "\\q", "\\"});
  CHECK(quoted_words(R"(\x4 \400 "open)") == Words{"\\x4", "\\400", "open"});
  CHECK(quoted_words("").empty());
}

TEST_CASE("specifiers that need no manager are replaced") {
  CHECK(without_specifiers("%t/%S/%C/%L/%E", "a.service") ==
        "/run//var/lib//var/cache//var/log//etc");
  CHECK(without_specifiers("%n %N %p %i", "a@b.service") == "a@b.service a@b a b");
  CHECK(without_specifiers("100%% %% %z %", "a.service") == "100% % %z %");
}

TEST_CASE("marks before the path go, and with @ the word behind it") {
  CHECK(command("-+!!/a/sodapopd --tls none") == Words{"/a/sodapopd", "--tls", "none"});
  CHECK(command("@/a/sodapopd pop3 --preauth") == Words{"/a/sodapopd", "--preauth"});
  CHECK(command("\"/a b/sodapopd\"") == Words{"/a b/sodapopd"});
  CHECK(command("/a/sodapopd --log %t/%i ; /bin/true") == Words{"/a/sodapopd", "--log", "/run/x"});
  CHECK(command("").empty());
}

TEST_CASE("the last command counts where there are several") {
  CHECK(command("/b", {{"Service", "ExecStart", "/a", ""}}) == Words{"/b"});
}

TEST_CASE("variables of the unit are replaced, inside a word or as words") {
  const Scratch scratch;
  const auto file = scratch.write("default", "# options\nMORE=\"--proxy required\"\nempty\n");
  const std::vector<UnitEntry> more{{"Service", "Environment", "A=/etc/a \"B=x y\"", ""},
                                    {"Service", "EnvironmentFile", "-" + file, ""}};
  CHECK(command("/a/sodapopd --config ${A}.conf $B $MORE ${NONE} $NONE $$1", more) ==
        Words{"/a/sodapopd", "--config", "/etc/a.conf", "x", "y", "--proxy", "required", "", "$1"});
  CHECK(command(":/a/sodapopd ${A}", more) == Words{"/a/sodapopd", "${A}"});
}

// SPDX-License-Identifier: ISC
#include "admin/check/launcher_files.hpp"

#include "support/scratch_dir.hpp"

#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <fstream>
#include <ostream>

using namespace admin;

namespace {

struct Etc {
  support::ScratchDir scratch;

  void write(const std::string& name, const std::string& text) const {
    const auto path = boost::filesystem::path(scratch.path(name));
    boost::filesystem::create_directories(path.parent_path());
    std::ofstream(path.string()) << text;
  }
  std::vector<Launcher> find() const { return find_launchers(scratch.path()); }
};

} // namespace

TEST_CASE("places are ports with or without an address, and paths") {
  for (const auto* text : {"110", "pop3", "0.0.0.0:110", ":::110", "[::]:110", "pop.example:110"}) {
    CAPTURE(text);
    CHECK(parse_endpoint(text).port == 110);
    CHECK_FALSE(parse_endpoint(text).is_local);
  }
  for (const auto* text : {"127.0.0.1:995", "[::1]:995", "localhost:pop3s"}) {
    CAPTURE(text);
    CHECK(parse_endpoint(text).port == 995);
    CHECK(parse_endpoint(text).is_local);
  }
  CHECK(parse_endpoint("/run/pop3.sock").is_local);
  CHECK(parse_endpoint("nonsense").port == 0);
}

TEST_CASE("without files there is no launcher, and files of other programs do not count") {
  const Etc etc;
  CHECK(etc.find().empty());
  etc.write("inetd.conf", "#pop3 stream tcp nowait root /usr/sbin/sodapopd sodapopd\n"
                          "pop3 stream tcp nowait root /usr/sbin/popa3d popa3d\n\npop3 stream\n");
  etc.write("xinetd.d/other", "service pop3\n{\n server = /usr/sbin/popa3d\n}\n");
  etc.write("stunnel/other.conf", "[pop3s]\naccept = 995\nconnect = 110\n");
  CHECK(etc.find().empty());
}

TEST_CASE("a line of inetd has its account, its place and its arguments") {
  const Etc etc;
  etc.write("inetd.conf", "a\n110\tstream tcp nowait.60 vmail:mail /a/sodapopd sodapopd --tls "
                          "wrapped\n");
  const auto found = etc.find();
  REQUIRE(found.size() == 1);
  CHECK(found[0].where == etc.scratch.path("inetd.conf:2"));
  CHECK(found[0].account == "vmail");
  CHECK(found[0].has_rate);
  CHECK(found[0].command == std::vector<std::string>{"/a/sodapopd", "--tls", "wrapped"});
}

TEST_CASE("a service of systemd is found by its socket, with drop-ins and without marks") {
  const Etc etc;
  etc.write("systemd/system/a.socket", "[Socket]\nListenStream=127.0.0.1:110\nAccept=yes\n"
                                       "MaxConnections=9\n");
  etc.write("systemd/system/a@.service", "[Service]\nExecStart=-@/a/sodapopd name --log stderr\n");
  etc.write("systemd/system/a@.service.d/b.conf", "[Service]\nUser=vmail\n");
  const auto found = etc.find();
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == Launcher::Kind::systemd_accept);
  CHECK(found[0].command == std::vector<std::string>{"/a/sodapopd", "--log", "stderr"});
  CHECK(found[0].account == "vmail");
  REQUIRE(found[0].places.size() == 1);
  CHECK(found[0].places[0].is_local);
  CHECK_FALSE(found[0].has_rate);
  CHECK(found[0].has_connections);
}

TEST_CASE("a unit's numbers, quotes, continued lines and booleans are read as systemd reads them") {
  const Etc etc;
  etc.write("systemd/system/a.socket", "[Socket]\nListenStream=110\nAccept=True\n"
                                       "TriggerLimitIntervalSec=0\n");
  etc.write("systemd/system/a@.service", "[Service]\nUser=60123\nExecStart=\"/a b/sodapopd\" \\\n"
                                         "  --config \\\n# not this\n '/etc/x y'\n");
  const auto found = etc.find();
  REQUIRE(found.size() == 1);
  CHECK(found[0].kind == Launcher::Kind::systemd_accept);
  CHECK(found[0].account == "60123");
  CHECK(found[0].has_rate);
  CHECK(found[0].command == std::vector<std::string>{"/a b/sodapopd", "--config", "/etc/x y"});
  CHECK(found[0].where_of("ExecStart") == etc.scratch.path("systemd/system/a@.service:3"));
}

TEST_CASE("a launcher names the file and the line that set something, a drop-in too") {
  const Etc etc;
  etc.write("systemd/system/a.socket", "[Socket]\nListenStream=127.0.0.1:110\n");
  etc.write("systemd/system/a.socket.d/b.conf", "[Socket]\n\nListenStream=995\n");
  etc.write("systemd/system/a.service", "[Service]\nExecStart=/a/sodapopd\n");
  etc.write("systemd/system/a.service.d/b.conf", "[Service]\nUser=vmail\n");
  const auto found = etc.find();
  REQUIRE(found.size() == 1);
  CHECK(found[0].where == etc.scratch.path("systemd/system/a.service"));
  CHECK(found[0].where_of("User") == etc.scratch.path("systemd/system/a.service.d/b.conf:2"));
  REQUIRE(found[0].places.size() == 2);
  CHECK(found[0].places[1].where == etc.scratch.path("systemd/system/a.socket.d/b.conf:3"));
  CHECK(found[0].unit_files.size() == 4);
  CHECK(found[0].service_lines.size() == 2);
}

TEST_CASE("an address of a place is written in one way") {
  for (const auto& place : {std::pair<const char*, const char*>("110", ""),
                            {"[::1]:110", "::1"},
                            {":::995", "::"},
                            {"localhost:110", "127.0.0.1"},
                            {"*:110", ""},
                            {"/run/a.socket", "/run/a.socket"}}) {
    CAPTURE(place.first);
    CHECK(parse_endpoint(place.first).address == place.second);
  }
}

TEST_CASE("limits of starts, the command of a reload and links in .wants are read") {
  const Etc etc;
  etc.write("systemd/system/a.socket", "[Socket]\nListenStream=127.0.0.1:110\n"
                                       "TriggerLimitIntervalSec=0s\n[Unit]\nConflicts=b.socket\n");
  etc.write("systemd/system/a.service", "[Service]\nExecStart=/a/sodapopd --tls none\n"
                                        "ExecReload=/a/sodapopd --check-configuration --tls none\n"
                                        "ExecReload=/bin/kill -HUP $MAINPID\n");
  const auto before = etc.find();
  REQUIRE(before.size() == 1);
  CHECK(before[0].has_rate);
  CHECK(before[0].has_start_limit);
  CHECK(before[0].reload_check == before[0].command);
  CHECK(before[0].where_of("ExecReload") == etc.scratch.path("systemd/system/a.service:3"));
  CHECK(before[0].conflicts == std::vector<std::string>{"b.socket"});
  CHECK_FALSE(before[0].is_enabled);
  etc.write("systemd/system/a.service.d/b.conf", "[Unit]\nStartLimitIntervalSec=0\n");
  etc.write("systemd/system/sockets.target.wants/a.socket", "");
  const auto after = etc.find();
  REQUIRE(after.size() == 1);
  CHECK_FALSE(after[0].has_start_limit);
  CHECK(after[0].is_enabled);
}

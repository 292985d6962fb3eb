// SPDX-License-Identifier: ISC
#include "admin/check/unit_file.hpp"

#include "support/scratch.hpp"

#include <boost/filesystem/operations.hpp>
#include <doctest/doctest.h>
#include <fstream>
#include <ostream>

using namespace admin;

namespace {

/// A host's directories `etc` and `usr`.
struct Host {
  Scratch scratch;

  std::string write(const std::string& name, const std::string& text) const {
    const auto path = boost::filesystem::path(scratch.path(name));
    boost::filesystem::create_directories(path.parent_path());
    std::ofstream(path.string()) << text;
    return path.string();
  }
  Unit read(const std::string& name) const { return read_unit(scratch.path("etc"), name); }
  Unit of_text(const std::string& text) const {
    write("etc/systemd/system/a.service", text);
    return read("a.service");
  }
};

std::string value(const std::string& text) {
  return Host().of_text(text).value("S", "k");
}

} // namespace

TEST_CASE("lines are joined by a backslash, and comments between them are left out") {
  CHECK(value("[S]\nk=a \\\n  b\n") == "a  b");
  CHECK(value("[S]\nk=a\\\n# c\n  ; d \\\n b\n") == "a b");
  CHECK(value("[S]\nk=a\\\\\nl=b\n") == "a\\\\");
  CHECK(value("[S]\nk=a\\ \nl=b\n") == "a\\"); // a blank ends the line
  CHECK(value("[S]\nk=a\\") == "a");
}

TEST_CASE("blanks, comments, a byte order mark and Windows line ends are no part of a value") {
  CHECK(value("\xef\xbb\xbf[S]\r\n  k  =  a b \r\n;k=c\r\n#k=d\r\n") == "a b");
  CHECK(value("k=no section\n[T]\nk=other\n").empty());
}

TEST_CASE("an empty value resets a list") {
  const auto unit = Host().of_text("[S]\nk=a\nk=\nk=b\nk=c\n[T]\nk=\n");
  const auto list = unit.list("S", "k");
  REQUIRE(list.size() == 2);
  CHECK(list[0].value == "b");
  CHECK(unit.value("S", "k") == "c");
  CHECK(list[1].where.ends_with("/a.service:5"));
}

TEST_CASE("a boolean is a word of systemd.syntax(7) in any case") {
  for (const auto* word : {"1", "yes", "Y", "TRUE", "t", "on"}) {
    CAPTURE(word);
    CHECK(Host().of_text(std::string("[S]\nk=") + word).is_true("S", "k"));
  }
  for (const auto* word : {"0", "no", "false", "off", "", "ye"}) {
    CAPTURE(word);
    CHECK_FALSE(Host().of_text(std::string("[S]\nk=") + word).is_true("S", "k"));
  }
}

TEST_CASE("drop-ins are applied by their names, and the first place of a name counts") {
  const Host host;
  host.write("usr/lib/systemd/system/a-b.service", "[S]\nk=packaged\n");
  host.write("usr/lib/systemd/system/a-b.service.d/5.conf", "[S]\nk=hidden\n");
  host.write("etc/systemd/system/a-b.service.d/5.conf", "[S]\nk=five\n");
  host.write("run/systemd/system/a-b.service.d/3.conf", "[S]\nk=three\n");
  host.write("etc/systemd/system/a-.service.d/4.conf", "[S]\nk=four\n");
  host.write("etc/systemd/system/service.d/1.conf", "[S]\nk=one\n");
  host.write("etc/systemd/system/a-b.service.d/9.conf.bak", "[S]\nk=nine\n");
  std::string order;
  for (const auto& entry : host.read("a-b.service").list("S", "k"))
    order += entry.value + " ";
  CHECK(order == "packaged one three four five ");
}

TEST_CASE("an instance has the file and the drop-ins of its template") {
  const Host host;
  const auto path = host.write("etc/systemd/system/a@.service", "[S]\nk=template\n");
  const auto more = host.write("etc/systemd/system/a@.service.d/b.conf", "[S]\nl=more\n");
  const auto unit = host.read("a@c.service");
  CHECK(unit.files == std::vector<std::string>{path, more});
  CHECK(unit.where("S", "l") == more + ":2");
  CHECK(unit.where("S", "missing") == path);
}

TEST_CASE("a unit in etc goes before one of a package, and a masked unit has no entries") {
  const Host host;
  boost::filesystem::create_directories(host.scratch.path("etc/systemd/system"));
  host.write("usr/lib/systemd/system/a.service", "[S]\nk=packaged\n");
  CHECK(host.read("a.service").value("S", "k") == "packaged");
  boost::filesystem::create_symlink("/dev/null", host.scratch.path("etc/systemd/system/a.service"));
  CHECK(host.read("a.service").entries.empty());
  CHECK(host.read("b.service").files.empty());
}

TEST_CASE("units are in the directory or enabled from there") {
  const Host host;
  host.write("etc/systemd/system/a.socket", "");
  host.write("etc/systemd/system/sockets.target.wants/b.socket", "");
  host.write("etc/systemd/system/x.service.requires/c.socket", "");
  host.write("usr/lib/systemd/system/d.socket", "");
  CHECK(unit_names(host.scratch.path("etc"), ".socket") ==
        std::set<std::string>{"a.socket", "b.socket", "c.socket"});
}

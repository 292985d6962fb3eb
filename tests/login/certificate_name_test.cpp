// SPDX-License-Identifier: ISC
#include "login/certificate_name.hpp"

#include <doctest/doctest.h>

using login::attribute_in;

TEST_CASE("the one attribute of that key is found, wherever it stands") {
  CHECK(attribute_in("C=DE, O=Example, CN=alice", "CN") == "alice");
  CHECK(attribute_in("CN=alice", "CN") == "alice");
  CHECK(attribute_in("CN=alice, C=DE", "CN") == "alice");
  CHECK(attribute_in("CN = alice , C = DE", "CN") == "alice");
  CHECK(attribute_in("C=DE + CN=alice", "CN") == "alice");
  CHECK(attribute_in("CN=Alice Example, emailAddress=alice@example.org", "emailAddress") ==
        "alice@example.org");
  CHECK(attribute_in("CN=imap/alice, C=DE", "CN") == "imap/alice");
}

TEST_CASE("an attribute that another one's value holds is not one") {
  CHECK(attribute_in("O=\"x, CN=root\", CN=alice", "CN") == "alice");
  CHECK(attribute_in("O=x\\, CN=root, CN=alice", "CN") == "alice");
  CHECK(attribute_in("O=\"a\\\", CN=root\", CN=alice", "CN") == "alice");
  CHECK_FALSE(attribute_in("O=\"x, CN=root\"", "CN"));
  CHECK_FALSE(attribute_in("O=x\\, CN=root", "CN"));
  CHECK_FALSE(attribute_in("O=CN=root", "CN"));
}

TEST_CASE("the form with slashes, in which a value may look like attributes, has no name") {
  for (const auto* name : {"/C=DE/O=Example/CN=alice", "/CN=alice", "/O=evil/CN=alice", "/"}) {
    CAPTURE(name);
    CHECK_FALSE(attribute_in(name, "CN"));
  }
  CHECK_FALSE(attribute_in("O=evil/CN=alice", "CN"));
  CHECK_FALSE(attribute_in(" /O=evil/CN=alice", "CN"));
}

TEST_CASE("without the attribute, or with two of it, there is no name") {
  for (const auto* name : {"", "alice", "C=DE", "CN=", "CN= , C=DE", "CN=alice, CN=bob",
                           "/CN=alice/CN=bob", "CN=alice + CN=bob", "cn=alice", "XCN=alice"}) {
    CAPTURE(name);
    CHECK_FALSE(attribute_in(name, "CN"));
  }
}

TEST_CASE("a value with quotes or escapes is no name") {
  for (const auto* name :
       {"CN=\"alice\"", "CN=al\\ice", "CN=\"alice", "CN=alice\\", "CN=a\"b\"c"}) {
    CAPTURE(name);
    CHECK_FALSE(attribute_in(name, "CN"));
  }
}

TEST_CASE("a name of the greatest length is read, a longer one is not") {
  const std::string start = "CN=alice, O=";
  const auto name = [&](std::size_t length) {
    return start + std::string(length - start.size(), 'x');
  };
  CHECK(attribute_in(name(login::max_distinguished_name), "CN") == "alice");
  CHECK_FALSE(attribute_in(name(login::max_distinguished_name + 1), "CN"));
}

# SPDX-License-Identifier: ISC
"""An authorization server's part for tests: keys, the document that publishes them (RFC 7517), and
tokens (RFC 7519), made with openssl(1) alone.

    server = tokens.Server(directory)            # or Server(directory, "RS256"), "ES256"
    keys.write_text(tokens.key_set(server))      # what oauth-keys names; mode 0644 or less
    site.configure(**tokens.settings(keys))
    server.token(user="alice@example.org")       # issuer, audience and dates are right
    server.token(exp=1, email=None)              # a claim with another value; without one
    tokens.oauthbearer(token, "alice@example.org"), tokens.xoauth2("alice@example.org", token)
"""

import base64
import json
import pathlib
import subprocess
import time

ISSUER = "https://id.example.org"
AUDIENCE = "pop.example.org"
KINDS = {"EdDSA": ["-algorithm", "ED25519"],
         "RS256": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
         "ES256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]}


def openssl(*arguments, data=b""):
    return subprocess.run(["openssl", *map(str, arguments)], input=data, check=True, timeout=60,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout


def base64url(octets):
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def part(value):
    """One of the first two parts of a token; text and octets are taken as they are."""
    if isinstance(value, dict):
        value = json.dumps(value)
    return base64url(value.encode() if isinstance(value, str) else value)


class Server:
    """One key of an authorization server."""

    def __init__(self, directory, algorithm="EdDSA", key_id="first"):
        self.algorithm, self.key_id = algorithm, key_id
        self.key = pathlib.Path(directory) / f"{algorithm}-{key_id}.pem"
        openssl("genpkey", "-quiet", *KINDS[algorithm], "-out", self.key)

    def jwk(self):
        """The public key in the form of RFC 7518 section 6 and RFC 8037 section 2."""
        common = {"kid": self.key_id, "use": "sig", "alg": self.algorithm}
        public = openssl("pkey", "-in", self.key, "-pubout", "-outform", "DER")
        if self.algorithm == "EdDSA":
            return {"kty": "OKP", "crv": "Ed25519", "x": base64url(public[-32:]), **common}
        if self.algorithm == "ES256":
            return {"kty": "EC", "crv": "P-256", "x": base64url(public[-64:-32]),
                    "y": base64url(public[-32:]), **common}
        modulus = openssl("rsa", "-in", self.key, "-noout", "-modulus").decode().split("=")[1]
        return {"kty": "RSA", "n": base64url(bytes.fromhex(modulus.strip())), "e": "AQAB", **common}

    def sign(self, text):
        """The signature of a text, in the form of RFC 7518 section 3."""
        if self.algorithm == "EdDSA":  # pkeyutl needs the length, and so a file
            message = self.key.with_suffix(".message")
            message.write_bytes(text)
            return openssl("pkeyutl", "-sign", "-rawin", "-inkey", self.key, "-in", message)
        signature = openssl("dgst", "-sha256", "-sign", self.key, data=text)
        return two_numbers(signature) if self.algorithm == "ES256" else signature

    def signed(self, header, claims):
        """A token of these two, each a dictionary, or text that may be anything."""
        text = f"{part(header)}.{part(claims)}"
        return f"{text}.{base64url(self.sign(text.encode()))}"

    def token(self, user="alice@example.org", **changes):
        """A token that is good for an hour. Changes are claims; None takes one away."""
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 3600, "email": user,
                  "email_verified": True, **changes}
        return self.signed({"alg": self.algorithm, "typ": "JWT", "kid": self.key_id},
                           {name: value for name, value in claims.items() if value is not None})


def two_numbers(der):
    """An ECDSA signature without ASN.1: each number in 32 octets."""
    numbers, rest = [], der[2:]
    for _ in range(2):
        length = rest[1]
        numbers.append(int.from_bytes(rest[2:2 + length], "big").to_bytes(32, "big"))
        rest = rest[2 + length:]
    return b"".join(numbers)


def key_set(*servers):
    return json.dumps({"keys": [server.jwk() for server in servers]})


def settings(keys):
    """The settings with which a site accepts the tokens of a Server, for configure()."""
    return {"oauth_keys": str(keys), "oauth_issuer": ISSUER, "oauth_audience": AUDIENCE}


def oauthbearer(token, user=""):
    """The initial response of RFC 7628 section 3.1, not yet in Base64."""
    name = f"a={user}" if user else ""
    return f"n,{name},\x01auth=Bearer {token}\x01\x01"


def xoauth2(user, token):
    """The initial response of XOAUTH2, not yet in Base64."""
    return f"user={user}\x01auth=Bearer {token}\x01\x01"

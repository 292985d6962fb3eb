#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""tests/fuzz/seeds.py [--check]: writes the seed corpora, tests/fuzz/corpus/TARGET/NAME. Names that a
fuzzer gave (SHA-1) are left alone. With --check it writes nothing, and names the seeds that the corpus
does not have, or has with other octets, and the files there that no seed has made."""

import base64
import pathlib
import re
import struct
import sys

corpus = pathlib.Path(__file__).parent / "corpus"
seeds = {}


def seed(target, name, octets):
    seeds[corpus / target / name] = octets if isinstance(octets, bytes) else octets.encode("latin-1")


def write():
    for path, octets in seeds.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)


def differences():
    files = {path: path.read_bytes() for path in corpus.glob("*/*")
             if not re.fullmatch("[0-9a-f]{40}", path.name)}
    return sorted(str(path.relative_to(corpus)) for path in files.keys() | seeds.keys()
                  if files.get(path) != seeds.get(path))


def line_reader():
    def stream(name, text, cuts=b"\x00\x01"):
        seed("line_reader", name, cuts + text)

    a8128 = b"\xff\x7f"  # 127 * 64
    stream("crlf-and-lf", b"STAT\r\nLIST 1\nQUIT\r\n")
    stream("nul", b"NO\x00OP\r\nNOOP\r\n", b"\x05\x09")
    stream("bare-cr", b"NO\rOP\r\nNOOP\r\r\n\r\r\n", b"\x01\x07")
    stream("empty-lines", b"\r\n\n\r\n")
    stream("no-end", b"QUIT")
    stream("literal-ff", b"\xff\x00\xff\x00\r\n")
    for octets in (8190, 8191, 8192, 8193, 8194):
        stream(f"line-of-{octets}", a8128 + b"b" * (octets - 8129) + b"\nNOOP\r\n", b"\x00\x2a")
    stream("crlf-at-limit", a8128 + b"b" * 62 + b"\r\nNOOP\r\n", b"\x00\x2a")
    stream("overlong-twice", (b"\xff\xff" * 3 + b"\r\n") * 2 + b"NOOP\r\n", b"\x00\x63")
    stream("overlong-no-end", b"\xff\xff" * 4)
    stream("pipelined", b"PASS x\r\n" * 40, b"\x03\x04")


def command():
    lines = ["STAT", "list 1", "RETR 18446744073709551615", "RETR 18446744073709551616", "DELE 0",
             "TOP 1 0", "TOP 1 18446744073709551616", "TOP 1", "TOP 1 2 3", "LIST  1", "LIST 1  ",
             "LIST -1", "LIST +1", "LIST 01", "LIST 00", "LIST 1x", "LIST 4294967296",
             "PASS  two  blanks ", "USER", "USER ", " NOOP", "", " ", "AUTH PLAIN =", "qUiT",
             "RETR 99999999999999999999999"]
    for number, line in enumerate(lines):
        seed("command", f"line-{number:02}", line)


def byte_stuffing():
    texts = {"dots": "a\n.\n..\n.b\n", "crlf": "H: x\r\n\r\none\r\ntwo\r\n", "lf": "H: x\n\none\ntwo\n",
             "no-end": "H: x\n\nlast", "bare-cr": "a\rb\r\r\n\r", "empty": "", "only-lf": "\n\n\n",
             "only-cr": "\r\r", "dot-alone": ".", "header-only": "H: x\n", "crlf-dot": "\r\n.\r\n.",
             "crlf-lf": "H: x\r\n\n\r\n\n"}
    for name, text in texts.items():
        for lines in (0, 1):
            seed("byte_stuffing", f"{name}-top-{lines}", bytes([lines, 1, 7]) + text.encode())


def sasl():
    def plain(name, text):
        seed("sasl", name, text)
        seed("sasl", name + "-base64", base64.b64encode(text.encode("latin-1")))

    plain("plain", "\0alice\0wonderland")
    plain("plain-acts-as", "alice\0alice\0wonderland")
    plain("plain-for-another", "bob\0alice\0wonderland")
    plain("plain-four-parts", "\0alice\0won\0derland")
    plain("plain-no-password", "\0alice\0")
    for name, text in {"empty": "", "equals": "=", "four-equals": "====", "pad-inside": "AA==AA==",
                       "pad-two": "AA==", "pad-one": "AAA=", "bits-left": "AB==", "short": "AAA",
                       "blank": "AA A", "name": "plain", "alphabet": "+/09azAZ"}.items():
        seed("sasl", name, text)


    client = "rOprNGfwEbeRWgbNEkqO"
    nonce = client + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    proof = "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    token = "auth=Bearer wonderland\1"
    for name, text in {
            "external": "alice", "not-utf-8": "\xc3(", "dummy": "\1",
            "oauthbearer": "n,a=alice,\1host=pop.example.org\1port=995\1" + token + "\1",
            "oauthbearer-nameless": "n,,\1" + token + "\1", "oauthbearer-twice": "n,,\1" + token * 2 + "\1",
            "oauthbearer-key-like-auth": "n,,\1" + token.replace("auth", "aRuth") + token + "\1",
            "oauthbearer-wrong": "y,a=al=2Cice,\1auth=bearer  x==\1\1", "oauthbearer-no-auth": "n,,\1host=x\1\1",
            "xoauth2": "user=alice\1" + token + "\1", "xoauth2-wrong": "user=bob\1auth=BEARER x\1\1",
            "scram": f"n,,n=alice,r={client}\nc=biws,r={nonce},{proof}\n\n",
            "scram-not-finished": f"n,,n=alice,r={client}\nc=biws,r={nonce},{proof}\nx\n\n",
            "scram-twice": f"n,,n=alice,r={client}\nc=biws,r={nonce},{proof}\n\n" * 2,
            "scram-unknown": f"n,,n=bob,r={client}\nc=biws,r={nonce},{proof}\n",
            "scram-acts-as": f"n,a=bob,n=alice,r={client}\nc=bixhPWJvYiw=,r={nonce},{proof}\n"}.items():
        seed("sasl", name, text)


def scram_message():
    proof = "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
    texts = {"first": "n,,n=user,r=rOprNGfwEbeRWgbNEkqO", "first-y": "y,a=a=2Cb=3D,n=a=2Cb=3D,r=x,z=1,Q=a=b",
             "first-binding": "p=tls-unique,,n=user,r=x", "first-mandatory": "n,,m=1,n=user,r=x",
             "first-m-behind": "n,,n=user,r=x,m=1", "first-doubled": "n,,n=user,r=x,t=1,t=2",
             "first-escape": "n,,n=a=2c,r=x", "first-utf-8": "n,,n=\xc3\xa4\xf0\x9f\x98\x80,r=x",
             "first-surrogate": "n,,n=\xed\xa0\x80,r=x", "first-nul": "n,,n=a\0b,r=x",
             "first-nonce": "n,,n=user,r=" + "x" * 129, "first-name": "n,,n=" + "=2C" * 256 + ",r=x",
             "first-no-name": "n,,n=,r=x", "first-comma": "n,,n=user,r=x,",
             "last": "c=biws,r=x," + proof, "last-extension": "c=biws,r=x,z=1,B=2," + proof,
             "last-nonce": "c=biws,r=y," + proof, "last-binding": "c=eSws,r=x," + proof,
             "last-short": "c=biws,r=x,p=AAAA", "last-no-proof": "c=biws,r=x", "last-behind": f"c=biws,r=x,{proof},z=1",
             "last-doubled": f"c=biws,r=x,{proof},{proof}", "last-order": "r=x,c=biws," + proof,
             "both": "n,a=bob,n=bob,r=abc\nc=bixhPWJvYiw=,r=abc,t=1," + proof, "empty": "", "commas": ",,,,,"}
    for name, text in texts.items():
        seed("scram_message", name, text)


def message_name():
    names = {"plain": "1700000000.M1P2.host/1700000000.M1P2.host:2,S/1700000001.x:2,FRT/1700000000 192.0.2.1\n",
             "dovecot": "1.a,S=10,W=12:2,Sab/1.a,S=10:2,RSab,extra/1.a:2,T,S/0 \n",
             "odd": ":2,/x:2:2,/x:2,:2,S/9223372036854775808 ::1\n",
             "numbers": "18446744073709551615/18446744073709551616a/007/-1 \n",
             "long": "a" * 70 + "/" + "a" * 71 + "/" + "a b\x80/12 ::ffff:192.0.2.1\n",
             "sync": "1.a,S=5,U=1:2,S/1.a,U=4,FMD5=7e33429f656f1e6e9d79b29c3f82c57e,U=1:2,/,U=1,U=2",
             "empty": "///"}
    for name, text in names.items():
        seed("message_name", name, text)


def password_hash():
    salt, key = "c2FsdHNhbHRzYWx0c2FsdA", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI"
    good = f"$argon2id$v=19$m=19456,t=2,p=1${salt}${key}"
    texts = {"argon2id": "{ARGON2ID}" + good, "argon2i": "{argon2i}" + good.replace("id$", "i$", 1),
             "bare": good, "wrong-scheme": "{ARGON2I}" + good, "clear": "{PLAIN}secret",
             "padded-number": good.replace("m=", "m=0"), "lanes": good.replace("p=1", "p=4"),
             "few-blocks": good.replace("m=19456", "m=7"), "huge": good.replace("19456", "4294967295"),
             "beyond": good.replace("19456", "4294967296"), "no-salt": good.replace(salt, ""),
             "version": good.replace("v=19", "v=16"), "tail": good + "$", "bits-left": good[:-1] + "J",
             "nul": good + "\0", "empty": "", "brace": "{ARGON2ID"}
    sha, blf, yes = "A" * 86, "A" * 31, "A" * 43
    texts |= {"sha512": f"$6$saltsalt${sha}", "sha512-rounds": f"{{SHA512-CRYPT}}$6$rounds=1000$s${sha}",
              "sha256": f"{{CRYPT}}$5$rounds=1000$saltsalt${yes}", "sha-few": f"$6$rounds=999$s${sha}",
              "sha-no-salt": f"$6$${sha}", "blf": f"{{blf-crypt}}$2y$04$abcdefghijklmnopqrstuu{blf}",
              "blf-a": f"$2a$04${'.' * 53}", "blf-b": f"$2b$31${'.' * 53}", "blf-x": f"$2x$04${'.' * 53}",
              "yescrypt": f"$y$j75$abcdefghijkl${yes}", "yescrypt-large": f"$y$jjj$ab.1${yes}",
              "yescrypt-more": f"$y$j75/0$ab.1${yes}", "gost": f"{{CRYPT}}$gy$j75$./${yes}",
              "scrypt": f"$7$06..../....abcdefghijkl${yes}", "scrypt-large": f"$7$Tzzzz./....a${yes}",
              "scrypt-beyond": f"$7$T..../.../.a${yes}", "md5": "$1$saltsalt$Xqz51EI./df5Dt6UHlsGf1",
              "des": "{CRYPT}ahk6T6RyhAihg", "ssha": "{SSHA}wMYH3KtWkS5fvlKzi+W4K4WPjKd0bD34",
              "encoded": "{SHA512-CRYPT.B64}JDYkdjR6", "plain-encoded": "{PLAIN.b64}eA==",
              "scram": SCRAM, "scram-lower": SCRAM.lower()}
    for name, text in texts.items():
        seed("password_hash", name, text)


SCRAM = ("{SCRAM-SHA-256}4096,W22ZaJ0SNY7soEsUEjb6gQ==,WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=,"
         "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=")


def scram_verifier():
    few, salt, stored, server = SCRAM[15:].split(",")
    texts = {"rfc7677": SCRAM, "bare": SCRAM[15:], "other-scheme": SCRAM.replace("256", "1", 1),
             "few": SCRAM.replace(few, "4095"), "many": SCRAM.replace(few, "4294967295"),
             "beyond": SCRAM.replace(few, "4294967296"), "unpadded": SCRAM.replace("==", ""),
             "bits-left": SCRAM.replace("gQ==", "gR=="), "short-salt": SCRAM.replace(salt, "AAAAAAAAAA=="),
             "long-salt": SCRAM.replace(salt, "A" * 87 + "="), "short-key": SCRAM.replace(stored, salt),
             "no-server": SCRAM.replace("," + server, ""), "fifth": SCRAM + ",", "tag": SCRAM + ";0123",
             "nul": SCRAM.replace(",", "\0"), "empty": "", "brace": "{", "url": SCRAM.replace("+", "-"),
             "high-octets": SCRAM.replace("soEs", "\xda\xda\xda\xda")}
    for name, text in texts.items():
        seed("scram_verifier", name, text)


def auth_cache():
    login, wait, overwrite, cut = 0, 2, 3, 4
    steps = {"login": [login, 0], "two-passwords": [login, 0, login, 4],
             "full": [octet for i in range(12) for octet in (wait, 1, login, i << 2)],
             "expired": [login, 0, wait, 60], "last-second": [login, 0, wait, 59],
             "four-users": [octet for i in range(4) for octet in (login, i)],
             "forged-expiry": [login, 0, overwrite, 0, 0, 8] + [255] * 8,
             "garbage": [login, 0, overwrite, 0, 0, 255] + [165] * 255,
             "new-hash": [login, 0, login, 16], "cut": [login, 0, cut, 1], "cut-all": [login, 0, cut, 255],
             "empty": []}
    for name, octets in steps.items():
        seed("auth_cache", name, bytes(octets))


def proxy_header():
    def block(rest=b"", command=0x21, protocol=0x11):
        return b"\r\n\r\n\0\r\nQUIT\n" + struct.pack(">BBH", command, protocol, len(rest)) + rest

    def tlv(kind, value):
        return struct.pack(">BH", kind, len(value)) + value

    def tls(bits, verify, parts=b""):
        return tlv(0x20, struct.pack(">BI", bits, verify) + parts)

    v4, v6 = bytes([192, 0, 2, 7, 192, 0, 2, 1, 3, 232, 0, 110]), b" \1\x0d\xb8" + bytes(28) + b"\1\2\3\4"
    name = tlv(0x21, b"TLSv1.3") + tlv(0x22, b"alice")
    longest = "ffff:" * 7 + "ffff"
    texts = {"tcp4": "PROXY TCP4 192.0.2.7 192.0.2.1 56324 110\r\n", "unknown": "PROXY UNKNOWN\r\n",
             "tcp6": "PROXY TCP6 2001:db8::7 ::1 1 65535\r\n", "line-feed": "PROXY TCP4 1.1.1.1 1.1.1.1 1 1\n",
             "longest": f"PROXY UNKNOWN {longest} {longest} 65535 65535\r\n", "too-long": "PROXY UNKNOWN " + "x" * 100,
             "few-fields": "PROXY TCP4 1.1.1.1\r\n", "port": "PROXY TCP4 1.1.1.1 1.1.1.1 65536 1\r\n", "none": "NOOP\r\n",
             "empty": b"", "v2": block(v4), "v2-tcp6": block(v6, protocol=0x21), "v2-local": block(v4, 0x20),
             "v2-unix": block(b"/" * 216, protocol=0x31), "v2-unspec": block(protocol=0), "v2-udp": block(v4, protocol=0x12),
             "v2-short": block(v4[:11]), "v2-certificate": block(v4 + tls(3, 0, name)), "v2-session": block(v4 + tls(5, 0, name)),
             "v2-not-verified": block(v4 + tls(3, 1, name)), "v2-no-tls": block(v4 + tls(0, 1)),
             "v2-long-name": block(v4 + tls(3, 0, tlv(0x22, b"n" * 257))), "v2-bad-sum": block(v4 + tlv(3, b"abcd")),
             "v2-sum": block(v4 + tlv(3, bytes.fromhex("27de9cf1"))), "v2-cut": block(v4 + tls(1, 0))[:-1],
             "v2-too-long": block(bytes(4097), 0x20)[:60]}
    for name, text in texts.items():
        octets = text if isinstance(text, bytes) else text.encode()
        seed("proxy_header", name, b"\x05" + octets + b"NOOP\r\n")
    seed("proxy_header", "doubled", b"\x01" + texts["tcp4"].encode() * 2)


def key_set():
    ed25519 = '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"%s}'
    p256 = ('{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",'
            '"y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"%s}')
    rsa = '{"kty":"RSA","n":"' + "q" * 341 + 'Q","e":"AQAB"%s}'
    sets = {"three": ed25519 % "" + "," + p256 % "" + "," + rsa % "", "private": ed25519 % ',"d":"AA"',
            "named": ed25519 % ',"kid":"a","use":"sig","alg":"EdDSA","key_ops":["verify"]',
            "other-use": p256 % ',"use":"enc"' + "," + rsa % ',"alg":"PS256"' + "," + ed25519 % "",
            "symmetric": '{"kty":"oct","k":"AA"}', "off-curve": p256.replace("x_F", "y_F") % "",
            "nothing": "", "weak": '{"kty":"RSA","n":"AQAB","e":"AQAB"}', "types": '{"kty":1},[],{"kid":{}}',
            "twice": ed25519 % ',"x":"AA"', "even": rsa.replace('Q","e"', 'g","e"') % ""}
    for name, keys in sets.items():
        seed("key_set", name, '{"keys":[' + keys + "]}")
    for name, text in {"array": "[]", "cut": '{"keys":[', "empty": "", "tower": "[" * 200, "nul": "{}\0",
                       "twice": '{"keys":[],"keys":[]}', "single": ed25519 % ""}.items():
        seed("key_set", "no-set-" + name, text)


def token():
    as_it_comes, by_known_key, by_foreign_key, changed = range(4)
    claims = '{"iss":"i","aud":"a","exp":1900000000,"u":"alice@example.org"%s}'
    header = '{"alg":"EdDSA","kid":"k"}'
    good = header + "\n" + claims % ""
    for name, text in {"good": good, "no-kid": good.replace(',"kid":"k"', ""), "crit": good.replace('"k"}', '"k","crit":[]}'),
                       "none": good.replace("EdDSA", "none"), "rs256": '{"alg":"RS256"}\n{}', "es256": '{"alg":"ES256"}\n{}',
                       "other-kid": good.replace('"k"', '"l"'), "two-audiences": good.replace('"a"', '["b","a"]'),
                       "no-end": good.replace("exp", "Exp"), "over": good.replace("19000", "17000"),
                       "float": good.replace("1900000000", "1.9e9"), "milliseconds": good.replace("1900000000", "1900000000000"),
                       "dates": header + "\n" + claims % ',"nbf":1800000060,"iat":1800000061', "bound": header + "\n" + claims % ',"cnf":{}',
                       "id": header + "\n" + claims % ',"nonce":"x"', "logout": header + "\n" + claims % ',"events":{}',
                       "typ": good.replace('"k"}', '"k","typ":"application/at+jwt"}'), "typ-logout": good.replace('"k"}', '"k","typ":"logout+jwt"}'),
                       "kind": header + "\n" + claims % ',"typ":"ID"', "bad-user": good.replace("alice", "../alice"), "escaped": good.replace("alice", "\\u0061\\u0000"),
                       "twice": header + "\n" + claims % ',"u":"bob"', "tower": header + "\n" + claims % (',"x":' + "[" * 99),
                       "not-json": header + "\nx", "empty": "\n"}.items():
        seed("token", name, bytes([by_known_key]) + text.encode())
    seed("token", "foreign", bytes([by_foreign_key]) + good.encode())
    for place in (0, 40, 70, 130, 200, 255):
        seed("token", f"changed-{place}", bytes([changed, place]) + good.encode())
    rfc7515 = ("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
               "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q")
    for name, text in {"rfc7515": rfc7515, "parts": "a.b.c", "four-parts": rfc7515 + ".AA", "padded": rfc7515 + "=",
                       "empty-parts": "..", "unsigned": "eyJhbGciOiJub25lIn0.e30.", "bits-left": rfc7515[:-1] + "R",
                       "zeros": rfc7515[:rfc7515.rindex(".")] + "." + "A" * 86}.items():
        seed("token", "raw-" + name, bytes([as_it_comes]) + text.encode())


def extra_fields():
    password, digest = "abcd-efgh-ijkm-npqr-stuv-wxyz-2345", "AAECAwQFBgcICQoLDA0ODw;" + "A" * 43
    texts = {"rights": "allow_nets=192.0.2.0/24,local nologin=gone sodapop_pop3=no sodapop_read_only=yes",
             "dates": "sodapop_expires=2028-02-29 sodapop_app_passwords_only=yes", "reason": "reason=x\tnologin=y",
             "app": f"sodapop_app=phone;{digest};expires=2027-01-31;read-only;from=10.0.0.0/8,::1",
             "apps": " ".join(f"sodapop_app={i};{digest}" for i in range(17)), "misspelt": "sodapop_readonly=yes",
             "twice": f"sodapop_app=a;{digest} sodapop_app=a;{digest}", "scram": "sodapop_scram={SCRAM-SHA-256}4096,a,b,c;d",
             "bad-day": "sodapop_expires=2027-02-29", "bad-net": "allow_nets=10.0.0.0/33", "empty": ""}
    for name, text in texts.items():
        seed("extra_fields", name, f"{password}\n{text}")
    seed("extra_fields", "capitals", "ABCDEFGH IJKM NPQR STUV WXYZ 2345\n" + texts["app"])


def users_file():
    line = "alice@example.org:{ARGON2ID}$argon2id$x:1000:1000:Alice:/home/alice:/bin/sh:"
    texts = {"plain": "%h/Maildir\nalice\n/home/alice\nalice:{X}y:1000:1000::/home/alice::\n",
             "mail": f"/mail/%d/%n\na@b\n/h\n{line}userdb_mail=maildir:~/Mail:INDEX=/x other=1\n",
             "comments": "~/M\nx\n/h\n# alice:x\n\n  \t# y\nbob:x\nbob:y\n\nno colon\n",
             "bad": "%x\n..\n\na:b:-1::::\n.a:b\na@:b\na@b@c:d\na:b:4294967295\na:b:::::home\n",
             "two-mails": f"~\n\n/\n{line}userdb_mail=maildir:/a userdb_mail=maildir:/b\n",
             "double-colon": f"%%\nn\nh\n{line}userdb_mail=maildir:/a::b\n",
             "control": "/%u\na/b\n/h\na:\x01b\na:b:\tc\na:b:::::::x\ty\n\x7f:a\n",
             "dots": "/%n/../%h\n..\n/..\na:b:::: /x\na:b::::/../..:\n",
             "no-end": "/x\n\n\nlast:{X}y", "empty": ""}
    for name, text in texts.items():
        seed("users_file", name, text)


def session():
    protected, preauth = 1, 2
    login = "USER alice\r\nPASS wonderland\r\n"
    plain = base64.b64encode(b"\0alice\0wonderland").decode()
    work = ("STAT\r\nLIST\r\nUIDL\r\nLIST 2\r\nUIDL 3\r\nRETR 1\r\nRETR 2\r\nTOP 9 3\r\nTOP 1 0\r\nDELE 1\r\n"
            "DELE 4\r\nRETR 1\r\nLAST\r\nSTAT\r\nLIST\r\nRSET\r\nDELE 2\r\nNOOP\r\nCAPA\r\n")
    every = "".join(f"RETR {n}\r\nTOP {n} 1\r\nLIST {n}\r\n" for n in range(0, 11))
    talks = {"login": login + work + "QUIT\r\nNOOP\r\n", "no-quit": login + work,
             "plain": f"CAPA\r\nAUTH\r\nAUTH PLAIN {plain}\r\n{work}QUIT\r\n",
             "plain-two-steps": f"AUTH plain\r\n{plain}\r\nSTAT\r\nQUIT\r\n",
             "cancelled": "AUTH PLAIN\r\n*\r\nAUTH PLAIN =\r\nAUTH PLAIN !\r\nAUTH X\r\nQUIT\r\n",
             "denied": "USER alice\r\nPASS x\r\n" * 3, "every": login + every + "QUIT\r\n",
             "wrong-state": "STAT\r\nPASS x\r\nUSER\r\nUSER a\r\nNOOP\r\nPASS x\r\nQUIT\r\n",
             "bad-commands": "X\r\n" * 11, "malformed": "A\0B\r\nA\rB\r\n\r\n\nQUIT now\r\nQUIT\r\n"}

    def said(text):
        return base64.b64encode(text.encode()).decode() + "\r\n"

    client = "rOprNGfwEbeRWgbNEkqO"
    nonce = client + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
    proof = said(f"c=biws,r={nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    start = "AUTH SCRAM-SHA-256 " + said(f"n,,n=alice,r={client}")
    bearer = "\1auth=Bearer {}\1\1"
    talks |= {"scram": f"{start}{proof}\r\n{work}QUIT\r\n", "scram-cancelled": f"{start}{proof}*\r\n{start}*\r\nSTAT\r\n",
              "scram-two-steps": f"AUTH scram-sha-256\r\n{start[19:]}{proof}\r\nSTAT\r\nQUIT\r\n",
              "scram-malformed": f"{start}{start}{proof}", "external": "AUTH EXTERNAL =\r\nSTAT\r\nQUIT\r\n",
              "external-two-steps": "AUTH EXTERNAL\r\n\r\nSTAT\r\n", "external-name": "AUTH EXTERNAL " + said("bob"),
              "oauthbearer": "AUTH OAUTHBEARER " + said("n,a=alice," + bearer.format("wonderland")) + "STAT\r\n",
              "oauthbearer-refused": ("AUTH OAUTHBEARER\r\n" + said("n,a=alice," + bearer.format("x")) + "AQ==\r\n") * 4,
              "xoauth2": "AUTH XOAUTH2 " + said("user=alice" + bearer.format("wonderland")) + "STAT\r\n",
              "xoauth2-refused": "AUTH XOAUTH2 " + said("user=bob" + bearer.format("x")) + "\r\nAUTH XOAUTH2\r\n*\r\n"}
    for name, text in talks.items():
        seed("session", name, bytes([protected, 0]) + text.encode())
    seed("session", "scram-unprotected", bytes([0, 7]) + f"{start}{proof}\r\nSTAT\r\n".encode())
    seed("session", "scram-in-use", bytes([0x20, 1]) + f"{start}{proof}\r\nSTAT\r\n".encode())
    seed("session", "domain-required", bytes([protected | 0x40, 1]) + f"{start}{proof.replace('Z', 'Y')}{start}*\r\n".encode())
    for trouble in range(8):
        setup = protected | preauth | trouble << 2
        seed("session", f"preauth-trouble-{trouble}", bytes([setup, 9]) + (work + "QUIT\r\n").encode())
    seed("session", "unprotected", bytes([0, 1]) + (login + f"AUTH PLAIN {plain}\r\nQUIT\r\n").encode())
    seed("session", "in-use", bytes([protected | 0x20, 1]) + (login + "NOOP\r\n").encode())
    seed("session", "too-many-sessions", bytes([protected | 0x80, 1]) + (login * 2 + "QUIT\r\n").encode())
    seed("session", "three-attempts", bytes([protected | 0x40, 1]) + ("USER a\r\nPASS b\r\n" * 4).encode())


def index_file():
    head, entry = b"sodapop-index 2 1 3 4\n", b"5 12 9 1.a\n"
    indexes = {"foreign": b"courier 1\n", "other-version": b"sodapop-index 1 0\n", "empty": b"",
               "no-checksum": head + entry, "wrong": head + entry + b"checksum 0\n",
               "long": head + b"1 2 3 " + b"a" * 340 + b"\n", "cut": b"sodapop-index 2 ",
               "no-folders": b"sodapop-index 2 1\n" + entry}
    for name, octets in indexes.items():
        seed("index_file", name, b"\0" + octets)
    sealed = {"none": (0, b""), "one": (1, entry), "two": (2, entry + b"7 13 8 2.b c\r\n"),
              "too-few": (3, entry), "too-many": (0, entry), "no-name": (1, b"5 12 9 \n"),
              "no-number": (1, b"x 12 9 a\n"), "largest": (1, b"137438953474 18446744073709551615 9 a\n"),
              "too-large": (1, b"137438953475 1 9 a\n"), "longest": (1, b"1 2 3 " + b"a" * 255 + b"\n"),
              "too-long": (1, b"1 2 3 " + b"a" * 256 + b"\n")}
    for name, (lines, octets) in sealed.items():
        seed("index_file", f"sealed-{name}", bytes([1, lines]) + octets)
    for name, change in {"none": b"", "first": b"\0\0x", "size": b"\0\x129", "inode": b"\0\x149",
                         "name": b"\0\x20z", "last": b"\0\xa0f"}.items():
        seed("index_file", f"changed-{name}", b"\2" + change)


def message(row, descriptors=0, octets=b"", fill=0):
    return bytes([row, descriptors, fill, len(octets)]) + octets


def channel_requests():
    def request(kind, octets=b"", row=None, fill=0):
        return message(kind if row is None else row, 0, struct.pack("<I", kind) + octets, fill)

    def opening(number, count):
        return request(4, struct.pack("<II", number, count))

    def unprotected(name_length):
        return request(16, struct.pack("<I", name_length) + b"alice", row=23)

    login = request(1, struct.pack("<B3xII", 1, 5, 8) + b"alice")
    commit, report = request(6), request(7, b"\x00")
    talks = {"login": login, "four-logins": login * 4, "report": report, "reports": report * 2,
             "commit": commit + report, "commits": commit * 2, "commit-then-open": commit + opening(1, 1),
             "zero": request(2), "sizes": request(2, b"\1"), "ids": request(3, b"\1"),
             "open": opening(0xffffffff, 1), "open-none": opening(1, 0), "open-8": opening(1, 8),
             "open-9": opening(1, 9), "open-wraps": opening(0xffffffff, 2), "marks": request(5, b"\1"),
             "marks-middle": request(5, b"\2"), "marks-next": request(5, struct.pack("<I", 8193)),
             "name-length": request(1, struct.pack("<B3xII", 1, 256, 0)),
             "password-length": request(1, struct.pack("<B3xII", 0, 0, 1025)),
             "mechanism": request(1, b"\2"), "ending": request(7, b"\x0e"), "said": request(7, b"\0\2"),
             "said-more": request(7, b"\0\3"), "short": request(2, row=0),
             "size-changed": request(8, b"\1", row=13),
             "read-failed": request(14, b"\1", row=21), "coded": request(15, b"\1", row=22),
             "unprotected": unprotected(5) + report, "unprotected-most": unprotected(255) * 3,
             "unprotected-more": unprotected(5) * 4, "unprotected-name": unprotected(256),
             "silence": request(17, row=24) * 2 + report, "commit-then-silence": commit + request(17, row=24),
             "commit-then-size": commit + request(8, b"\1", row=13), "unknown": request(9, row=6), "answer": request(101, row=8), "ones": message(1, 0, b"", 255)}
    def proxied(origin, tls, name_length, source=b""):
        return request(9, struct.pack("<BBxxI", origin, tls, name_length) + source, row=14)

    ipv4, ipv6 = bytes(10) + b"\xff\xff\xc0\0\2\7", bytes(15) + b"\1"
    talks |= {"proxy": proxied(0, 0, 0, ipv4) + login, "proxy-twice": proxied(2, 0, 0) * 2,
              "proxy-certificate": proxied(0, 2, 5, ipv6), "proxy-no-tls": proxied(0, 1, 1, ipv6),
              "proxy-name-length": proxied(1, 2, 257), "proxy-address": proxied(1, 0, 0, ipv6)}
    def scram_start(name, nonce, bare):
        return request(11, struct.pack("<III", name, nonce, bare) + b"alice", row=17)

    def token(mechanism, name, length):
        return request(1, struct.pack("<B3xII", mechanism, name, length) + b"alice")

    scram_check, scram_finish = request(12, struct.pack("<I", 5), row=18), request(13, row=19)
    talks |= {"scram": scram_start(5, 5, 5) + scram_check + scram_finish,
              "scram-and-logins": scram_start(5, 5, 5) + login + token(3, 5, 5) + token(4, 5, 5) + login,
              "scram-name": scram_start(256, 0, 0), "scram-nonce": scram_start(0, 129, 0),
              "scram-bare": scram_start(0, 0, 2049), "scram-most": scram_start(255, 128, 2048),
              "scram-check": scram_check, "scram-check-long": request(12, struct.pack("<I", 2049), row=18),
              "scram-finish": scram_finish * 2, "token": token(3, 0, 5), "token-most": token(4, 255, 6000),
              "token-long": token(3, 0, 6001), "token-name": token(3, 256, 5), "token-plain": token(1, 5, 6000),
              "token-mechanism": token(5, 5, 5), "external": request(1, b"\2")}
    talks["mechanism"] = request(1, b"\5")
    for name, octets in talks.items():
        for phase in range(4):
            seed("channel_requests", f"{name}-{phase}", bytes([2, phase]) + octets)


def channel_answers():
    def answer(kind, octets=b"", descriptors=0, row=None, fill=0):
        return message(kind - 93 if row is None else row, descriptors, struct.pack("<I", kind) + octets, fill)

    def step(granted, reason, is_final, hint=b"", length=None):
        return struct.pack("<BBBB160s", granted, reason, is_final, len(hint) if length is None else length, hint)

    def granted(count):
        return answer(101, step(1, 0, 0) + struct.pack("<I", count))

    def page(kind, first, count, outcome=0):
        return answer(kind, struct.pack("<B3xII", outcome, first, count) + b"\7" * 20)

    def entry(length, outcome, modified=(0, 0)):
        return struct.pack("<QB7xqq", length, outcome, *modified)

    def opened(length, outcome=0, descriptors=1, modified=(0, 0)):
        return answer(104, struct.pack("<I", 1) + entry(length, outcome, modified), descriptors)

    def several(outcomes, descriptors):
        entries = b"".join(entry(10, outcome) for outcome in outcomes)
        octets = struct.pack("<I", len(outcomes)) + entries
        return answer(104, octets[:251], descriptors)  # the times of the last entry are filled with 0

    size, identity, text, quit_ = b"\x04", b"\x05", b"\x06", b"\x07"
    in_turn = bytes(4 * number + 2 for number in range(1, 4)) + b"\xff" + granted(9) + opened(10)
    talks = {"sizes": size + b"\xff" + granted(2) + page(102, 1, 2),
             "sizes-too-many": size + b"\xff" + granted(2) + page(102, 1, 3),
             "sizes-257": size + b"\xff" + granted(300) + page(102, 1, 257),
             "sizes-fail": size + b"\xff" + granted(2) + page(102, 1, 2, 2),
             "ids": identity + b"\xff" + granted(2) + page(103, 1, 2),
             "ids-long": identity + b"\xff" + granted(2) + answer(103, b"\0", fill=71),
             "text": text + b"\xff" + granted(2) + opened(100),
             "text-cut": text + b"\xff" + granted(2) + opened(101),
             "text-no-fd": text + b"\xff" + granted(2) + opened(100, 0, 0),
             "text-two-fds": text + b"\xff" + granted(2) + opened(100, 0, 2),
             "text-gone": text + b"\xff" + granted(2) + opened(100, 1, 1),
             "text-8": in_turn + several([0] * 8, 8) + several([0] * 7, 7),
             "text-8-gone": in_turn + several([0, 1] + [0] * 6, 7) + several([1] * 7, 0),
             "text-8-few": in_turn + several([0] * 8, 7), "text-8-many": in_turn + several([1] + [0] * 7, 8),
             "text-8-most": in_turn + several([0] * 8, 9), "text-7": in_turn + several([0] * 7, 7),
             "text-9": in_turn + several([0] * 9, 8), "text-8-outcome": in_turn + several([0] * 7 + [4], 8),
             "text-none": text + b"\xff" + granted(2) + several([], 0),
             "text-changed": text + b"\xff" + granted(2) + opened(100, modified=(0, 1)),
             "text-failed": text + b"\xff" + granted(2) + opened(100, 3, 0),
             "quit": quit_ + b"\xff" + granted(2) + answer(105, struct.pack("<B3xII", 0, 1, 1)),
             "quit-fails": quit_ + b"\xff" + granted(2) + answer(105, b"\2"),
             "quit-large": quit_ + b"\xff" + granted(40_000) + answer(105),
             "all": size + identity + text + quit_ + b"\xff" + granted(1) + page(102, 1, 1) +
             page(103, 1, 1) + opened(64) + answer(105),
             "denied": b"\xff" + answer(101, step(0, 1, 1) + struct.pack("<IIq", 0, 0, 99) + b"192.0.2.1"),
             "denied-no-nul": b"\xff" + answer(101, step(0, 0, 0) + bytes(16), fill=65),
             "unwanted-fd": b"\xff" + answer(101, b"\1", 1), "silence": b"\xff",
             "none": b"\xff" + granted(0), "most": size + b"\xff" + granted(4_000_000),
             "too-many": size + b"\xff" + granted(4_000_001), "ones": b"\xff" + granted(0xffffffff),
             "short": b"\xff" + answer(101, row=0), "empty": b"\xff" + message(0)}
    def offer(salt_length=16):
        return answer(107, step(1, 0, 0) + struct.pack("<II", 4096, salt_length), row=20, fill=110)

    signature = answer(108, step(1, 0, 0), row=16)
    talks |= {"scram": b"\xfe" + size + b"\xff" + offer() + signature + granted(2) + page(102, 1, 2),
              "scram-no-offer": b"\xfe\xff" + answer(107, step(0, 3, 1), row=20),
              "scram-long-salt": b"\xfe\xff" + offer(65),
              "scram-salt-64": b"\xfe\xff" + offer(64) + signature + granted(0),
              "scram-denied": b"\xfe\xff" + offer() + answer(108, step(0, 0, 1, b"hint"), row=16),
              "scram-long-hint": b"\xfe\xff" + offer() + answer(108, step(0, 0, 1, length=161), row=16),
              "scram-then-denied": b"\xfe\xff" + offer() + signature + answer(101, step(0, 1, 1)),
              "scram-no-signature": b"\xfe\xff" + offer() + granted(2),
              "token": b"\xfd" + size + b"\xff" + granted(2) + page(102, 1, 2),
              "hint": b"\xff" + answer(101, step(0, 0, 0, b"h" * 160)),
              "hint-line": b"\xff" + answer(101, step(0, 0, 0, b"a\r\n")),
              "hint-long": b"\xff" + answer(101, step(0, 0, 0, b"h" * 160, 161)),
              "read-only": quit_ + b"\xff" + answer(101, step(1, 0, 0) + struct.pack("<IB", 2, 1)) + answer(105)}
    for name, octets in talks.items():
        seed("channel_answers", name, octets)


def compiled_users():
    def hash_of(key):
        value = 5381
        for octet in key:
            value = (value * 33 & 0xffffffff) ^ octet
        return value

    def database(records):
        octets, tables = b"", [[] for _ in range(256)]
        for key, value in records:
            tables[hash_of(key) % 256].append((hash_of(key), 2048 + len(octets)))
            octets += struct.pack("<II", len(key), len(value)) + key + value
        contents, slots = b"", b""
        for table in tables:
            contents += struct.pack("<II", 2048 + len(octets) + len(slots), 2 * len(table))
            places = [(0, 0)] * (2 * len(table))
            for hashed, position in table:
                at = hashed // 256 % len(places)
                while places[at][1]:
                    at = (at + 1) % len(places)
                places[at] = (hashed, position)
            slots += b"".join(struct.pack("<II", *place) for place in places)
        return contents + octets + slots

    header = (b"sodapop-users 2\nsize 0\ninode 0\nmtime 0\nctime 0\nscram-iterations 0\n"
              b"decoy {X}y\n")
    good = [(b"a", b"a:1:2:3::/h::k=v"), (b"b@x", b"b@x:2"), (b":header", header)]
    whole = database(good)
    files = {"whole": whole, "cut": whole[:-1], "contents-alone": whole[:2048], "longer": whole + b"x",
             "empty": b"", "zeros": bytes(2048), "ones": b"\xff" * 4096,
             "no-header": database(good[:2]), "header-alone": database(good[2:]),
             "other-version": database([(b":header", header.replace(b" 2\n", b" 3\n", 1))]),
             "old-version": database([(b":header", header.replace(b" 2\n", b" 1\n", 1))]),
             "bad-header": database([(b":header", header[:-1])]),
             "other-line": database([(b"a", b"b:1"), *good[1:]]),
             "bad-line": database([(b"a", b"a:1:x"), *good[1:]]),
             "no-line": database([(b"a", b""), *good[1:]]),
             "two-lines": database([good[0], (b"a", b"a:9"), *good[1:]]),
             "far-record": whole.replace(struct.pack("<I", 2048), b"\xf0\xff\xff\xff"),
             "long-value": whole.replace(struct.pack("<II", 1, 16), struct.pack("<II", 1, 0xfffffff0)),
             "long-key": whole.replace(struct.pack("<II", 1, 16), struct.pack("<II", 0xffffffff, 16))}
    for name, octets in files.items():
        seed("compiled_users", name, b"b@x\n" + octets)


def certificate_name():
    cn, organisation, address = b"\0", b"\1", b"\2"
    names = {"oneline": b"C=DE, O=Example, CN=alice", "slashes": b"/C=DE/O=Example/CN=alice/emailAddress=a@b",
             "quoted": b'O="Example, CN=bob", CN=alice', "plus": b"O=x + CN=alice", "spaces": b"CN = alice , O = x",
             "two": b"CN=alice, CN=bob", "escaped": b"CN=al\\, ice", "open-quote": b'O="x, CN=alice', "no-value": b"CN=",
             "quoted-part": b'CN=al"i"ce', "backslash-end": b"CN=alice\\", "no-equals": b"alice", "empty": b"",
             "slash-in-value": b"O=x/CN=bob, CN=alice", "limit": b"O=" + b"x" * 1010 + b", CN=alice",
             "printed": organisation + b"x\n" + cn + b"alice\n", "printed-quotes": organisation + b'a", CN=bob\n' + cn + b"alice",
             "printed-plus": organisation + b"a+CN=bob\\\n\x04alice\n" + address + b"a@b", "printed-blanks": b"\x08 x\n\x0d#y",
             "printed-two": cn + b"alice\n" + cn + b"bob\n"}
    for name, octets in names.items():
        seed("certificate_name", name, octets)


def session_record():
    good = "user=alice\nfrom=192.0.2.7\nsince=1800000000\npid=4711\nsession=00c0ffee\nretrieved=3\nidle-since=1800000060"
    most = good.replace("alice", "a" * 255).replace("192.0.2.7", "ffff:" * 7 + "ffff").replace("00c0ffee", "f" * 32)
    texts = {"good": good, "padded": good.ljust(512, "\n"), "most": most.replace("1800000000", "9223372036854775807"),
             "local": good.replace("192.0.2.7", "local"), "no-user": good.replace("alice", ""), "escape": good.replace("alice", "\x1b[2J"),
             "long-user": good.replace("alice", "a" * 256), "from": good.replace("192.0.2.7", "::ffff:1.2.3.4%lo"),
             "minus": good.replace("4711", "-1"), "init": good.replace("4711", "1"), "zeros": good.replace("4711", "0" * 99 + "4711"),
             "minus-zero": good.replace("=1800000000", "=-0"), "overflow": good.replace("4711", "4294967297"),
             "retrieved": good.replace("retrieved=3", "retrieved=18446744073709551615"), "twice": good + "\n" + good,
             "long-session": good.replace("00c0ffee", "0" * 33), "order": good.replace("from", "user"), "empty": ""}
    for name, text in texts.items():
        seed("session_record", name, text)


def penalty_table():
    charge, refund, wait, make_up, clear, damage = range(6)

    def step(kind, variant, *octets):
        return bytes([kind + 6 * variant, *octets])

    failures = {key: step(charge, 4, key) * 20 for key in range(16)}
    for key, octets in failures.items():
        seed("penalty_table", f"failures-of-key-{key:02}", octets)
        seed("penalty_table", f"refunded-{key:02}", octets + step(refund, 0) * 21)
        seed("penalty_table", f"forgotten-{key:02}", octets + step(wait, 20, 255) + octets + step(refund, 0) * 9)
        for number in (key, key + 16):
            seed("penalty_table", f"made-up-{number:03}", step(make_up, 0, number, 255, 15, 0x40, 2, 1, 255) + octets)
    seed("penalty_table", "cleared", failures[0] + step(clear, 0, 0) + failures[0])
    seed("penalty_table", "receipts-of-many", failures[3] + failures[4] + step(refund, 0) * 30)
    for name, octets in {"cut": step(damage, 0, 0, 9), "cut-long": step(damage, 16, 0, 255), "mode": step(damage, 9, 0),
                         "version": step(damage, 2, 16) + b"sodapop penalty2", "boot": step(damage, 22, 4, 1, 2, 3, 4),
                         "key": step(damage, 39, 16) + b"x" * 16}.items():
        seed("penalty_table", "damaged-" + name, failures[1] + octets + failures[1])
    seed("penalty_table", "empty", b"")


def checkpassword_reply():
    texts = {"home": "HOME=/home/alice", "dovecot": "userdb_uid=1001\nuserdb_gid=100\nuserdb_home=/h\nHOME=/x",
             "mail": "userdb_mail=maildir:~/Mail:INDEX=/x\nHOME=/h", "colon": "HOME=/a:b", "blank": "HOME=/h\nuserdb_mail=maildir:/a b",
             "rights": "HOME=/h\nnologin=away", "empty-right": "HOME=/h\nnologin=", "nets": "HOME=/h\nallow_nets=192.0.2.0/24,local",
             "expired": "HOME=/h\nsodapop_expires=2020-01-31\nsodapop_pop3=yes", "read-only": "HOME=/h\nsodapop_read_only=yes",
             "dots": "HOME=/h/../..", "relative": "HOME=h", "long": "HOME=/" + "h" * 200, "nothing": "", "minus": "HOME=/h\nuserdb_uid=-1",
             "tab": "HOME=/h\tnologin=x", "field": "HOME=/h\nuserdb_home=\nuserdb_uid="}
    for name, text in texts.items():
        seed("checkpassword_reply", name, "\0alice\n%h/Maildir\n" + text)
    for name, start in {"name": "..\n/%n\n", "no-name": "\n/%u\n", "colon": "a:b\n/m\n", "domain": "a@b\n/%d/%n\n", "template": "a\n%x\n"}.items():
        seed("checkpassword_reply", "for-" + name, "\0" + start + texts["home"])
    for name, octets in {"own": b"\0\1\1\0/m", "other": b"\0\2\1\0/m", "root": b"\0\0\0\0/m", "refused": b"\1\1\1\xff/m",
                         "filled": b"\0\1\1\xff/m", "kind": b"\4\1\1\0/m", "no-path": b"\0\1\1\0", "relative": b"\0\1\1\0m",
                         "no-end": b"\0\1\1\0" + b"/" * 4096, "empty": b""}.items():
        seed("checkpassword_reply", "octets-" + name, b"\1" + octets)


def import_format():
    dovecot, htpasswd, shadow, plain, ids, home = b"\0", b"\1", b"\2", b"\3", 4, 8
    sha = "$6$saltsalt$" + "A" * 86
    argon2 = "{ARGON2ID}$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI"
    lines = {"dovecot": (dovecot, f"alice:{argon2}:1000:100::/home/alice::userdb_mail=maildir:~/Mail"),
             "dovecot-root": (dovecot, f"alice:{sha}:0:0::/root"), "dovecot-half": (dovecot, f"alice:{sha}:1000:::/h"),
             "dovecot-weak": (dovecot, "alice:{MD5}x:1000:100::/h"), "dovecot-extra": (dovecot, f"a@b:{sha}:1000:100::/h::nologin=x sodapop_app=a"),
             "htpasswd": (htpasswd, f"alice:{sha}"), "htpasswd-apr1": (htpasswd, "alice:$apr1$x$y"), "htpasswd-more": (htpasswd, f"alice:{sha}:x:y"),
             "shadow": (shadow, f"nobody:{sha}:19000:0:99999:7:::"), "shadow-locked": (shadow, f"nobody:!{sha}:19000:0:99999:7:::"),
             "shadow-expiry": (shadow, f"nobody:{sha}:19000:0:99999:7::20000:"), "shadow-root": (shadow, f"root:{sha}:1::::::"),
             "shadow-far": (shadow, f"nobody:{sha}:1:::::9223372036854775807:"), "shadow-last": (shadow, f"nobody:{sha}:1:::::2932897:"),
             "shadow-beyond": (shadow, f"nobody:{sha}:1:::::2932898:"), "shadow-minus": (shadow, f"nobody:{sha}:1:::::-1:"),
             "plain": (plain, "alice:open sesame"), "plain-colon": (plain, "alice:a:b"), "plain-empty": (plain, "alice:"),
             "plain-nul": (plain, "alice:a\0b"), "no-colon": (plain, "alice"), "bad-name": (plain, "../x:y"), "return": (htpasswd, f"alice:{sha}\r"),
             "empty": (dovecot, "")}
    for name, (which, line) in lines.items():
        for defaults in (0, ids | home):
            seed("import_format", f"{name}-{defaults}", bytes([which[0] | defaults]) + line.encode())


for make in (line_reader, command, byte_stuffing, sasl, scram_message, message_name,
              password_hash, auth_cache, users_file, compiled_users,
              session, index_file, proxy_header,
              channel_requests, channel_answers, key_set, token, scram_verifier, extra_fields,
              certificate_name, session_record, penalty_table, checkpassword_reply, import_format):
    make()
if sys.argv[1:] != ["--check"]:
    write()
elif differences():
    sys.exit("not as tests/fuzz/seeds.py makes them: " + ", ".join(differences()))

# SPDX-License-Identifier: ISC
"""Messages that a careless server or client gets wrong."""

HEADER = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: %s\r\n\r\n"


def headed(subject, body):
    return HEADER % subject + body


LARGE = headed(b"large", b"".join(b"%07d " % n + b"x" * 60 + b"\r\n" for n in range(45000)))

MAILS = {
    "lf": headed(b"lf", b"one\ntwo\n").replace(b"\r\n", b"\n"),
    "crlf": headed(b"crlf", b"one\r\ntwo\r\n"),
    "mixed": headed(b"mixed", b"one\ntwo\r\nthree\n\nfour\r\n"),
    "no final line end": headed(b"no end", b"the end"),
    "dots": headed(b"dots", b".\r\n..\r\n.hidden\n.\r\n\r\n...\r\nend.\r\n"),
    "line of 8000": headed(b"line of 8000", b"z" * 8000 + b"\r\nshort\n"),
    "line of 100000": headed(b"line of 100000", b"y" * 100_000 + b"\r\nshort\r\n"),
    "8 bit": headed(b"8 bit", "Grüße, 世界\r\n".encode() + bytes(range(0x80, 0x100)) + b"\r\n"),
    "NUL": headed(b"NUL", b"before\0after\r\n\0\r\n"),
    "bare CR": headed(b"bare CR", b"one\rtwo\r\rthree\r\n\rfour\r\nfive\r"),
    "empty": b"",
    "only a line end": b"\n",
    "large": LARGE,
}

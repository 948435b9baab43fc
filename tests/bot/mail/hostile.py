"""Hostile and malformed mails by name, built when they are asked for: more than two hundred."""

from __future__ import annotations

import base64
import gzip
import io
import quopri
import zipfile
from collections.abc import Callable, Iterator
from typing import TypeVar

Maker = Callable[[], bytes]
_T = TypeVar("_T")

_FROM = b"From: Anne <anne@commune.example>\r\n"
_HEAD = _FROM + b"To: plateforme@supracom.example\r\nSubject: Bonjour\r\nMIME-Version: 1.0\r\n"
_PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n\r\n"


def all_mails() -> dict[str, Maker]:
    """Every mail by its name."""
    found: dict[str, Maker] = {}
    for family in (
        _nesting, _floods, _charsets, _authors, _line_ends, _file_names, _bombs, _encodings,
        _boundaries, _long_lines, _html, _tnef, _reports, _calendars, _headers, _sizes, _words,
    ):  # fmt: skip
        for name, maker in family():
            key = f"{family.__name__.strip('_')}: {name}"
            assert key not in found, key
            found[key] = maker
    return found


def _of(make: Callable[[_T], bytes], value: _T) -> Maker:
    return lambda: make(value)


def _fixed(content: bytes) -> Maker:
    return lambda: content


def _typed(content_type: str, body: bytes, *more: str) -> bytes:
    fields = "".join(f"{one}\r\n" for one in more)
    return _HEAD + f"Content-Type: {content_type}\r\n{fields}\r\n".encode() + body


def _mixed(*parts: bytes, kind: str = "mixed", boundary: bytes = b"b") -> bytes:
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return _typed(f'multipart/{kind}; boundary="{boundary.decode()}"', body + b"--b--\r\n")


def _attached(name_field: bytes, content: bytes = b"x", kind: bytes = b"application/pdf") -> bytes:
    head = b"Content-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n"
    return head + name_field + b"\r\n\r\n" + base64.b64encode(content)


# -- structure ------------------------------------------------------------------------------------


def _nesting() -> Iterator[tuple[str, Maker]]:
    for depth in (19, 20, 21, 100, 1_000, 20_000):
        yield f"multipart {depth} deep", _of(_nested_multipart, depth)
        yield f"forwarded {depth} deep", _of(_nested_forward, depth)
    for parts in (999, 1_000, 5_000, 100_000):
        yield f"{parts} parts", _of(lambda n: _mixed(*([_PLAIN + b"x"] * n)), parts)
    yield "alternatives of alternatives", lambda: _wide(6, 4)
    yield "the same boundary all the way", lambda: _same_boundary(300)


def _nested_multipart(depth: int) -> bytes:
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(depth)
    )
    return _HEAD + head + _PLAIN + b"x"


def _nested_forward(depth: int) -> bytes:
    return _HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + _FROM + b"\r\nBonjour"


def _wide(depth: int, width: int) -> bytes:
    def part(level: int) -> bytes:
        if level == 0:
            return _PLAIN + b"x"
        mark = b"w%d" % level
        inner = b"".join(b"--" + mark + b"\r\n" + part(level - 1) + b"\r\n" for _ in range(width))
        kind = b"Content-Type: multipart/alternative; boundary=" + mark + b"\r\n\r\n"
        return kind + inner + b"--" + mark + b"--"

    return _HEAD + part(depth)


def _same_boundary(times: int) -> bytes:
    return _HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * times + _PLAIN


def _boundaries() -> Iterator[tuple[str, Maker]]:
    kinds = {
        "missing": "multipart/mixed",
        "empty": 'multipart/mixed; boundary=""',
        "spaces": 'multipart/mixed; boundary="   "',
        "of dashes": 'multipart/mixed; boundary="--"',
        "very long": f'multipart/mixed; boundary="{"b" * 60_000}"',
        "with a regular expression": 'multipart/mixed; boundary="(a+)+$.*[^"',
        "with line ends": 'multipart/mixed; boundary="b\r\n x"',
        "encoded": "multipart/mixed; boundary*=utf-8''b%0D%0A",
        "in pieces": 'multipart/mixed; boundary*0="b"; boundary*1="c"; boundary*1="d"',
        "twice": "multipart/mixed; boundary=a; boundary=b",
        "unclosed quote": 'multipart/mixed; boundary="b',
        "not ASCII": "multipart/mixed; boundary=é",
        "digest": "multipart/digest; boundary=b",
        "signed": "multipart/signed; boundary=b",
        "encrypted": "multipart/encrypted; boundary=b",
        "report of nothing": "multipart/report; boundary=b",
        "of a kind nobody knows": "multipart/x-nowhere; boundary=b",
        "with a slash too many": "multipart/mixed/x; boundary=b",
    }
    for name, kind in kinds.items():
        body = b"--b\r\n" + _PLAIN + b"Bonjour\r\n--b--\r\nafter"
        yield name, _fixed(_typed(kind, body))
    yield "never there", _fixed(_typed("multipart/mixed; boundary=zzz", b"--b\r\n\r\nx"))
    yield "ended at once", _fixed(_typed("multipart/mixed; boundary=b", b"--b--\r\n"))
    yield "never ended", _fixed(_typed("multipart/mixed; boundary=b", b"--b\r\n" + _PLAIN + b"x"))
    yield "ended before it begins", _fixed(_mixed().replace(b"--b", b"--b--\r\n--b", 1))
    yield (
        "encoded multipart",
        _fixed(
            _typed("multipart/mixed; boundary=b", b"LS1iDQo=", "Content-Transfer-Encoding: base64")
        ),
    )
    yield (
        "ten thousand that look alike",
        lambda: _typed("multipart/mixed; boundary=b", b"--b \t-\r\n--bb\r\n-- b\r\n" * 10_000),
    )


def _floods() -> Iterator[tuple[str, Maker]]:
    for number in (100, 2_000, 50_000):
        yield f"{number} fields", _of(lambda n: b"X-A: b\r\n" * n + _HEAD + b"\r\nx", number)
        yield (
            f"{number} Received",
            _of(
                lambda n: (
                    b"Received: from a by b; Tue, 24 Mar 2026 10:00:00 +0100\r\n" * n
                    + _HEAD
                    + b"\r\nx"
                ),
                number,
            ),
        )
        yield f"{number} To", _of(lambda n: _HEAD + b"To: a@b.example\r\n" * n + b"\r\nx", number)
        yield (
            f"{number} references",
            _of(lambda n: _HEAD + b"References:" + b" <a@b.example>\r\n" * n + b"\r\nx", number),
        )
    for number in (1_000, 200_000):
        yield (
            f"{number} addresses",
            _of(
                lambda n: _HEAD + b"Cc: " + b"a@b.example,\r\n " * n + b"\r\n\r\nx",
                number,
            ),
        )
        yield (
            f"{number} folded lines",
            _of(lambda n: _HEAD + b"X-Folded: a\r\n" + b" b\r\n" * n + b"\r\nx", number),
        )
        yield (
            f"{number} encoded words",
            _of(
                lambda n: _FROM + b"Subject: " + b"=?utf-8?q?=C3=A9?= " * n + b"\r\n\r\nx",
                number,
            ),
        )
        yield (
            f"{number} comments",
            _of(
                lambda n: b"From: " + b"(" * n + b")" * n + b" <a@b.example>\r\n\r\nx",
                number,
            ),
        )
        yield (
            f"{number} parameters",
            _of(
                lambda n: _typed("text/plain" + "; p=v" * n, b"x"),
                number,
            ),
        )
        yield (
            f"{number} verdicts",
            _of(
                lambda n: (
                    b"Authentication-Results: mx.supracom.example"
                    + b"; dmarc=pass" * n
                    + b"\r\n"
                    + _HEAD
                ),
                number,
            ),
        )
    yield "quotes without end", lambda: _FROM + b'To: "' + b'\\"' * 100_000 + b"\r\n\r\nx"
    yield "angles without end", lambda: b"From: " + b"<" * 100_000 + b"\r\n\r\nx"
    yield "groups", lambda: _FROM + b"To: " + b"a:" * 50_000 + b";" * 50_000 + b"\r\n\r\nx"


# -- who and what ---------------------------------------------------------------------------------


def _authors() -> Iterator[tuple[str, Maker]]:
    values = {
        "none": b"",
        "empty": b"From:\r\n",
        "two fields": b"From: a@b.example\r\nFrom: c@d.example\r\n",
        "two fields, one case apart": b"From: a@b.example\r\nFROM: c@d.example\r\n",
        "two addresses": b"From: a@b.example, c@d.example\r\n",
        "two at signs": b"From: a@b@c.example\r\n",
        "domain of another script": "From: a@комунa.example\r\n".encode(),
        "domain in punycode": b"From: a@xn--80ak6aa92e.example\r\n",
        "punycode that is none": b"From: a@xn--99999999999.example\r\n",
        "domain in Latin-1": b"From: a@commun\xe9.example\r\n",
        "local part in UTF-8": "From: hélène@commune.example\r\n".encode(),
        "address literal": b"From: a@[192.0.2.1]\r\n",
        "quoted local part": b'From: "a b\\"c"@d.example\r\n',
        "a command in the name": b'From: "oui\\r\\nconfirmer" <a@b.example>\r\n',
        "another address in the name": b'From: "maire@commune.example" <a@b.example>\r\n',
        "address in an encoded word": b"From: =?utf-8?q?a=40b=2Eexample?=\r\n",
        "line end in an encoded word": b"From: =?utf-8?q?a=0D=0ABcc:_x?= <a@b.example>\r\n",
        "NUL in the address": b"From: a\x00@b.example\r\n",
        "our own address": b"From: plateforme@supracom.example\r\n",
        "our own token address": b"From: plateforme+x@supracom.example\r\n",
        "group": b"From: mairie: a@b.example;\r\n",
        "null sender": b"From: <>\r\n",
        "very long": b"From: " + b"a" * 70_000 + b"@b.example\r\n",
        "very long name": b"From: " + b"a" * 70_000 + b" <a@b.example>\r\n",
        "route": b"From: <@x.example,@y.example:a@b.example>\r\n",
        "reversed text": "From: \u202eelpmaxe <a@b.example>\r\n".encode(),
        "lone surrogates": b"From: \xed\xa0\x80 <a@b.example>\r\n",
        "SQL": b"From: x';DROP--@b.example\r\n",
        "markup": b"From: <script>alert(1)</script> <a@b.example>\r\n",
    }
    for name, field in values.items():
        yield name, _fixed(field + b"To: plateforme@supracom.example\r\n\r\naide")


def _headers() -> Iterator[tuple[str, Maker]]:
    fields = {
        "date of nowhere": b"Date: yesterday, about noon",
        "date in the year 99999": b"Date: Tue, 24 Mar 99999 10:00:00 +0100",
        "date with a zone of 9999": b"Date: Tue, 24 Mar 2026 10:00:00 +9999",
        "date of many digits": b"Date: Tue, " + b"9" * 5_000 + b" Mar 2026 10:00:00 +0100",
        "negative date": b"Date: Tue, -1 Mar -2026 -10:00:00 +0100",
        "two Message-IDs": b"Message-ID: <a@b.example>\r\nMessage-ID: <c@d.example>",
        "Message-ID without end": b"Message-ID: <" + b"a" * 70_000,
        "Message-ID with a line end": b"Message-ID: <a\r\n b@c.example>",
        "Message-ID of brackets": b"Message-ID: <<<>>>",
        "answer to itself": b"Message-ID: <a@b.example>\r\nIn-Reply-To: <a@b.example>",
        "subject with a bell": b"Subject: \x07\x1b[2J",
        "subject of a megabyte": b"Subject: " + b"a " * 120_000,
        "field without colon": b"Nothing here",
        "field without name": b": x",
        "field with a space": b"X A: b",
        "field name in UTF-8": "Objét: x".encode(),
        "NULs": b"X-\x00: \x00\x00",
        "an encoding nobody knows": b"Content-Transfer-Encoding: x-none",
        "an encoding with spaces": b"Content-Transfer-Encoding:  BASE64 ; x",
        "a type that is none": b"Content-Type: x",
        "a type of slashes": b"Content-Type: ////",
        "a disposition that is none": b"Content-Disposition: ;;;filename",
        "encoded word of a charset nobody knows": b"Subject: =?x-klingon?q?abc?=",
        "encoded word of broken base64": b"Subject: =?utf-8?b?!!!!=?=",
        "encoded word in nothing": b"Subject: =????=",
        "token that is none": b"Delivered-To: plateforme+../../x@supracom.example",
        "tokens in plenty": b"Delivered-To: " + b"plateforme+a@supracom.example, " * 2_000,
    }
    for name, field in fields.items():
        yield name, _fixed(field + b"\r\n" + _FROM + b"\r\naide")


def _line_ends() -> Iterator[tuple[str, Maker]]:
    mail = _mixed(
        _PLAIN + b"un\r\ndeux", _attached(b'Content-Disposition: attachment; filename="a.pdf"')
    )
    for name, end in {"LF": b"\n", "CR": b"\r", "LF CR": b"\n\r", "CR CR LF": b"\r\r\n"}.items():
        yield f"{name} only", _fixed(mail.replace(b"\r\n", end))
    yield "no end at all", _fixed(mail.replace(b"\r\n", b""))
    yield "no body", _fixed(_HEAD.rstrip())
    yield "no header", _fixed(b"\r\n\r\nBonjour")
    yield "nothing", _fixed(b"")
    yield "a NUL", _fixed(b"\x00")
    yield "NULs everywhere", _fixed(b"\x00".join(bytes([byte]) for byte in mail))
    yield "random bytes", lambda: bytes((n * n * 31 + n) % 256 for n in range(100_000))
    yield "mbox", _fixed(b"From anne Tue Mar 24 10:00:00 2026\r\n" + mail)
    yield "UTF-16", _fixed(mail.decode("latin-1").encode("utf-16"))
    yield "byte order mark", _fixed(b"\xef\xbb\xbf" + mail)
    yield "other line ends of Unicode", _fixed(_HEAD + "\r\nun\u2028deux\x0btrois\x85".encode())


# -- bodies ---------------------------------------------------------------------------------------


def _charsets() -> Iterator[tuple[str, Maker]]:
    labels = (
        "utf-8", "utf-7", "utf-16", "utf-32", "us-ascii", "x-unknown", "idna", "punycode", "rot13",
        "base64", "zlib", "hex", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs",
        "iso-2022-jp", "hz", "gb18030", "cp037", "koi8-r", "a" * 5_000, "\x00", "../../etc", "''",
        "utf-8; charset=latin-1",
    )  # fmt: skip
    for label in labels:
        kind = f'text/plain; charset="{label}"'
        yield f"{label[:30]!r}", _fixed(_typed(kind, b"\xff\xfe\x80d\xe9cision +AGE- \\x41" * 50))
    yield "the right label on the wrong bytes", _fixed(_HEAD + _PLAIN + b"\xe9" * 1_000)
    yield "200 KB of punycode", lambda: _typed("text/plain; charset=punycode", b"a-" * 100_000)


def _encodings() -> Iterator[tuple[str, Maker]]:
    def encoded(how: str, body: bytes) -> bytes:
        return _typed("text/plain", body, f"Content-Transfer-Encoding: {how}")

    for cut in range(1, 5):
        yield (
            f"base64 cut {cut} before its end",
            _fixed(encoded("base64", base64.b64encode("décision".encode() * 9)[:-cut])),
        )
    yield "base64 with rubbish", _fixed(encoded("base64", b"Qm9u!@#$%^&*()am91cg==\x00\xff"))
    yield "base64 of one letter", _fixed(encoded("base64", b"Q"))
    yield "base64 of equal signs", _fixed(encoded("base64", b"=" * 10_000))
    yield "base64 over base64", lambda: encoded("base64", _again(b"Bonjour", 12))
    yield "quoted-printable broken", _fixed(encoded("quoted-printable", b"=ZZ=\r\n=4=C3=A9=" * 99))
    yield "quoted-printable of equal signs", lambda: encoded("quoted-printable", b"=" * 200_000)
    yield (
        "quoted-printable in one line",
        lambda: encoded(
            "quoted-printable", quopri.encodestring("é".encode() * 50_000).replace(b"=\n", b"")
        ),
    )
    yield "uuencode", _fixed(encoded("x-uuencode", b"begin 644 x\r\n#86)C\r\n`\r\nend\r\n"))
    yield "uuencode without end", _fixed(encoded("x-uuencode", b"begin 644 ../x\r\nM" + b"a" * 999))
    yield "binary", _fixed(encoded("binary", bytes(range(256)) * 100))


def _again(content: bytes, times: int) -> bytes:
    for _turn in range(times):
        content = base64.b64encode(content)
    return content


def _long_lines() -> Iterator[tuple[str, Maker]]:
    for size in (1_000, 100_000, 3_000_000):
        yield f"{size} letters", _of(lambda n: _HEAD + _PLAIN + b"a" * n, size)
        yield f"{size} spaces", _of(lambda n: _HEAD + _PLAIN + b" " * n + b"x", size)
    signs = {
        "spaces and words": b"a ", "digits": b"1", "numbers": b"24.000 ", "dashes": b"-",
        "underscores": b"_", "quotation marks": b">", "at signs": b"@",
        "addresses": b"a@b.example ",
        "commas": b"a,", "euros": "1 € ".encode(), "brackets": b"<[({", "stars": b"*", "dots": b".",
        "colons": b"De: ", "wrote": "Le lundi a écrit : ".encode(), "new lines": b"\n",
        "quoted lines": b"> x\n", "blank lines": b" \n", "dates": b"24/03/2026 ",
        "names": b"Anne Dupont ",
        "hyphens": b"saint-", "phones": b"063 00 07 41 ", "slashes": b"/", "tabs": b"\t",
        "headers": b"De : x\nEnvoy\xc3\xa9 : y\n", "no-break spaces": "\u202f".encode(),
        "combining accents": "e\u0301".encode(), "zero width": "\u200b".encode(),
    }  # fmt: skip
    for name, sign in signs.items():
        yield f"200 KB of {name}", _of(lambda b: _HEAD + _PLAIN + b * (200_000 // len(b)), sign)
    yield "format=flowed", lambda: _typed("text/plain; format=flowed", b"a \r\n" * 40_000)


def _html() -> Iterator[tuple[str, Maker]]:
    def page(body: bytes) -> bytes:
        return _typed("text/html; charset=utf-8", body)

    for tag in ("div", "table", "b", "blockquote", "ul", "a", "font", "svg", "select", "p"):
        opened = f"<{tag}>".encode()
        yield f"{tag} 20 000 deep", _of(lambda b: page(b * 20_000 + b"x"), opened)
    bodies = {
        "entities": b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" + b"&b;" * 9_000,
        "numbers that are no signs": b"&#x110000;&#99999999999999999999;&#0;&#xD800;" * 2_000,
        "ampersands": b"&" * 200_000,
        "less-than signs": b"<" * 200_000,
        "a tag without end": b"<div " + b"a=b " * 50_000,
        "an attribute without end": b'<a href="' + b"x" * 200_000,
        "comments without end": b"<!--" * 40_000,
        "comments in comments": b"<!--<!---->-->" * 20_000,
        "CDATA": b"<![CDATA[" * 20_000,
        "declarations": b"<!" * 50_000 + b"<?" * 50_000,
        "scripts": b"<script>x</script><style>y</style>" * 9_000,
        "a script without end": b"<script>" + b"x" * 100_000,
        "closed before opened": b"</div></table></p>" * 20_000,
        "interleaved": b"<b><i><u></b></i></u>" * 10_000,
        "NULs": b"<p>\x00</p>" * 10_000,
        "frames and forms": b"<iframe src=javascript:x><form><input>" * 5_000,
        "cells": b"<table><tr>" + b"<td>x" * 60_000,
        "line breaks": b"<br>" * 100_000,
        "spans": b"<span>x</span>" * 40_000,
        "styled": b'<p style="' + b"a:b;" * 50_000 + b'">x',
        "markup in entities": b"&lt;script&gt;" * 10_000,
        "nothing": b"",
    }
    for name, body in bodies.items():
        yield name, _fixed(page(body))


# -- attachments ----------------------------------------------------------------------------------


def _file_names() -> Iterator[tuple[str, Maker]]:
    names = {
        "path": b'filename="../../../../etc/passwd"',
        "path of Windows": b'filename="..\\\\..\\\\windows\\\\system32\\\\x.exe"',
        "drive": b'filename="C:x.exe"',
        "device": b'filename="CON"',
        "stream": b'filename="a.txt::$DATA"',
        "share": b'filename="\\\\\\\\server\\\\share\\\\x"',
        "absolute": b'filename="/dev/null"',
        "home": b'filename="~/.ssh/authorized_keys"',
        "dot": b'filename="."',
        "two dots": b'filename=".."',
        "hidden": b'filename=".bashrc"',
        "spaces": b'filename="     "',
        "empty": b'filename=""',
        "NUL": b'filename="a\x00.pdf"',
        "line end": b'filename="a\r\n b.pdf"',
        "encoded line end": b"filename*=utf-8''a%0D%0ABcc%3A%20x.pdf",
        "encoded path": b"filename*=utf-8''..%2F..%2Fetc%2Fpasswd",
        "encoded NUL": b"filename*=utf-8''a%00.pdf",
        "charset nobody knows": b"filename*=x-none'fr'd%E9cision.pdf",
        "in pieces without a beginning": b'filename*7="b"; filename*9="c"',
        "in ten thousand pieces": b"; ".join(b'filename*%d="a"' % n for n in range(10_000)),
        "very long": b'filename="' + b"a" * 50_000 + b'.pdf"',
        "of dots": b'filename="' + b"." * 5_000 + b'"',
        "reversed": 'filename="facture\u202efdp.exe"'.encode(),
        "markup": b'filename="<img src=x onerror=y>.pdf"',
        "a command": b'filename="$(rm -rf x);`y`|z.pdf"',
        "formula": b'filename="=cmd|x!A1.csv"',
        "encoded word": b'filename="=?utf-8?b?Li4vLi4vZXRj?="',
        "lone surrogates": b'filename="\xed\xa0\x80.pdf"',
    }
    for name, field in names.items():
        disposition = b"Content-Disposition: attachment; " + field
        yield name, _fixed(_mixed(_PLAIN + b"Bonjour", _attached(disposition)))


def _bombs() -> Iterator[tuple[str, Maker]]:
    def with_file(content: bytes, name: bytes, kind: bytes) -> bytes:
        field = b'Content-Disposition: attachment; filename="' + name + b'"'
        return _mixed(_PLAIN + b"Bonjour", _attached(field, content, kind))

    yield "zip", lambda: with_file(_zipped(20_000_000), b"a.zip", b"application/zip")
    yield "docx", lambda: with_file(
        _zipped(20_000_000), b"a.docx",
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    )  # fmt: skip
    yield "gzip", lambda: with_file(gzip.compress(b"\0" * 20_000_000), b"a.gz", b"application/gzip")
    yield "pdf of nothing", _fixed(with_file(b"%PDF-1.7\n" * 100, b"a.pdf", b"application/pdf"))
    yield "svg", _fixed(with_file(b"<svg><use href='#a'/>" * 999, b"a.svg", b"image/svg+xml"))
    yield "program", _fixed(with_file(b"MZ" + b"\0" * 999, b"a.pdf.exe", b"application/pdf"))
    yield (
        "a thousand small files",
        lambda: _mixed(*([_attached(b'Content-Disposition: attachment; filename="a.txt"')] * 900)),
    )
    yield (
        "compressed body",
        _fixed(_typed("text/plain", gzip.compress(b"a" * 10**6), "Content-Encoding: gzip")),
    )


def _zipped(size: int) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../bomb.xml", b"\0" * size)
    return target.getvalue()


def _tnef() -> Iterator[tuple[str, Maker]]:
    signature = (0x223E9F78).to_bytes(4, "little") + b"\x01\x00"
    attribute = b"\x01" + (0x0006_8010).to_bytes(4, "little")
    streams = {
        "empty": b"",
        "signature only": signature,
        "another signature": b"\xff" * 500,
        "length past the end": signature + attribute + b"\xff\xff\xff\x7f" + b"x" * 100,
        "greatest length": signature + attribute + b"\xff\xff\xff\xff",
        "length nought for ever": signature + (attribute + b"\0\0\0\0\0\0") * 30_000,
        "properties without end": signature + b"\x01" + (0x0006_9003).to_bytes(4, "little")
        + (8).to_bytes(4, "little") + b"\xff" * 8 + b"\0\0",
        "a file without beginning": signature + b"\x02" + (0x0006_800F).to_bytes(4, "little")
        + (1).to_bytes(4, "little") + b"x\0\0",
        "code page of nowhere": signature + b"\x01" + (0x0006_9007).to_bytes(4, "little")
        + (8).to_bytes(4, "little") + b"\xff" * 8 + b"\0\0",
        "zeros": signature + b"\0" * 50_000,
    }  # fmt: skip
    for name, stream in streams.items():
        field = b'Content-Disposition: attachment; filename="winmail.dat"'
        part = _attached(field, stream, b"application/ms-tnef")
        yield name, _fixed(_mixed(_PLAIN + b"Bonjour", part))
        yield f"{name}, alone", _fixed(_HEAD + part)


def _reports() -> Iterator[tuple[str, Maker]]:
    def report(status: bytes, kind: str = "delivery-status") -> bytes:
        head = b"Return-Path: <>\r\n" + _HEAD.replace(b"anne@", b"mailer-daemon@")
        parts = (_PLAIN + b"Undelivered", b"Content-Type: message/delivery-status\r\n\r\n" + status)
        body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--"
        typed = f"Content-Type: multipart/report; report-type={kind}; boundary=b\r\n\r\n"
        return head + typed.encode() + body

    statuses = {
        "empty": b"",
        "without recipient": b"Action: failed\r\nStatus: 5.1.1",
        "recipient that is none": b"Final-Recipient: \x00\xff;;;\r\nAction: failed",
        "status of nowhere": b"\r\nFinal-Recipient: rfc822; a@b.example\r\nStatus: 99999.x.y",
        "action of nowhere": b"\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: sing",
        "ten thousand recipients": b"\r\nFinal-Recipient: rfc822; a@b.example\r\n"
        b"Action: failed\r\nStatus: 5.0.0\r\n" * 10_000,
        "not ASCII": "\r\nFinal-Recipient: utf-8; hélène@commune.example".encode(),
        "encoded": b"Content-Transfer-Encoding: base64\r\n\r\nQQ==",
    }
    for name, status in statuses.items():
        yield name, _fixed(report(status))
    yield "read receipt", _fixed(report(b"Disposition: x", "disposition-notification"))
    yield "abuse", _fixed(report(b"Feedback-Type: abuse", "feedback-report"))
    yield "report in a report", _fixed(report(report(b"Action: failed")))
    yield "in words only", _fixed(_FROM.replace(b"anne@", b"MAILER-DAEMON@") + b"\r\n550 " * 9_000)


def _calendars() -> Iterator[tuple[str, Maker]]:
    begin, end = b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    contents = {
        "empty": b"",
        "never ended": begin,
        "ended only": end,
        "nested": b"BEGIN:VEVENT\r\n" * 20_000,
        "date of nowhere": begin + b"DTSTART:yesterday\r\nSUMMARY:x\r\n" + end,
        "date of many digits": begin + b"DTSTART:" + b"9" * 9_000 + b"\r\n" + end,
        "zone of nowhere": begin + b"DTSTART;TZID=../../etc:20260324T100000\r\n" + end,
        "for ever": begin + b"DTSTART:20260324\r\nRRULE:FREQ=SECONDLY\r\n" + end,
        "folded": begin + b"SUMMARY:a\r\n" + b" b\r\n" * 50_000 + end,
        "without colons": begin + b"x\r\n" * 20_000 + end,
        "answer to nothing": b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + begin + end,
        "answers in plenty": begin + b"ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example\r\n" * 9_000,
        "NULs": begin + b"SUMMARY:\x00\x00\r\n" + end,
    }
    for name, content in contents.items():
        yield name, _fixed(_typed("text/calendar; method=REPLY; charset=utf-8", content))


# -- as people might ------------------------------------------------------------------------------


def _sizes() -> Iterator[tuple[str, Maker]]:
    for size in (25, 26, 60):
        yield (
            f"{size} MB of text",
            _of(lambda n: _HEAD + _PLAIN + b"Bonjour a tou\r\n" * (n << 16), size),
        )
        yield (
            f"{size} MB of file",
            _of(
                lambda n: _mixed(
                    _PLAIN + b"Bonjour",
                    _attached(
                        b'Content-Disposition: attachment; filename="a.pdf"', b"x" * (n * 700_000)
                    ),
                ),
                size,
            ),
        )
    yield "3 MB of one header", lambda: b"X: " + b"a" * 3_000_000 + b"\r\n" + _HEAD + b"\r\nx"
    yield "25 MB without a line end", lambda: _HEAD + _PLAIN + b"a" * 25_000_000


def _words() -> Iterator[tuple[str, Maker]]:
    texts = {
        "a command a thousand times": "catalogue\n" * 1_000,
        "every kind of request": "inscription commande annonce désinscrire aide oui non\n" * 500,
        "an order without end": "Nous commandons e-guichet pour 24.000 € HTVA. " * 3_000,
        "a registration without end": "La commune de Musson souhaite s'inscrire. " * 3_000,
        "numbers of enterprises": "BE 0207.362.427 " * 9_000,
        "amounts that are none": "1.2.3,4.5,6€ -0€ 1e999 € NaN € ∞ € " * 3_000,
        "dates that are none": "le 31/02/2026, 99/99/9999, le 0 mars, 30 février 2026 " * 3_000,
        "format of Python": "{0} {x.__class__} %s %(x)s {" * 3_000,
        "markup": "<b>x</b> **x** `x` [x](javascript:y) | a | b |\n" * 3_000,
        "SQL": "'; DROP TABLE inbox; --\n" * 3_000,
        "emoji": "👩‍👩‍👧‍👦🇧🇪✅❌" * 5_000,
        "right to left": "\u202e\u2066مرحبا\u2069 " * 5_000,
        "Zalgo": ("e" + "\u0301\u0302\u0303" * 40) * 1_000,
        "lines of one letter": "a\n" * 90_000,
        "signatures": "-- \nAnne\n" * 20_000,
        "quotations": "> " * 60_000 + "x",
        "a short command": "commander " + "e-guichet " * 20,
        "a long word": "commander " + "a" * 150_000,
    }
    for name, text in texts.items():
        yield name, _fixed(_HEAD + _PLAIN + text.encode())

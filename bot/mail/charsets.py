"""Bytes to text, whatever the label says."""

from __future__ import annotations

import codecs

# As browsers do (WHATWG Encoding): these labels mean windows-1252, whose extra signs (€, ’, œ)
# mail programs send under them.
_WINDOWS = {"iso8859-1", "ascii", "latin-1"}
_ALIASES = {
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gbk",
    "ansi": "cp1252",
    "cp-1252": "cp1252",
    "x-cp1252": "cp1252",
    "utf8mb4": "utf-8",
}
# Codecs of Python that are no charsets of mail; some take quadratic time.
_NOT_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}


def to_text(raw: bytes, label: str) -> str:
    """Read bytes by their label, else as UTF-8, else as windows-1252; never raises."""
    for codec in (_codec(label), "utf-8"):
        try:
            return raw.decode(codec)
        except (UnicodeError, LookupError):
            continue
    return raw.decode("cp1252", "replace")


def _codec(label: str) -> str:
    name = label.strip().strip("\"'").lower()[:40]
    try:
        found = codecs.lookup(_ALIASES.get(name, name))
    except (LookupError, ValueError):
        # ValueError: a label with a NUL in it.
        return "utf-8"
    if not found._is_text_encoding or found.name in _NOT_CHARSETS:
        return "utf-8"
    # UTF-8 first under these labels too: text that is valid UTF-8 by chance does not happen.
    return "utf-8" if found.name in _WINDOWS else found.name

"""What somebody wrote now, apart from what is quoted below or between.

The words by which mail programs introduce a quotation in thirteen languages and the closing
formulas are those of mail-parser-reply; French, Dutch, German and English are extended here. Its
patterns are not run: one line of 16,000 characters takes them four seconds, and strangers write
mails. Everything here is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailparser_reply.constants import MAIL_LANGUAGES

_LANGUAGES = ("fr", "nl", "de", "en")
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u3000\t]")
_LONGEST_LINE = 400
_ATTRIBUTION_LINES = 4
_HEADER_LINES = 12


@dataclass(frozen=True, slots=True)
class Cut:
    """A text in its parts. ``text`` keeps the signature, which is also given on its own."""

    text: str
    quoted: str = ""
    signature: str = ""


def cut(text: str, forwarded: bool = False) -> Cut:
    """Part what was written now from what is quoted.

    ``forwarded`` says that the subject speaks of a mail passed on: without own words, the passed
    on ones then are the text. Without it they are a quotation, and nothing was written.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    own, quoted, passed_on = _split(lines)
    written = _joined(own)
    if not written and (forwarded or passed_on):
        return Cut(_joined(_unquoted(lines)), "", "")
    return Cut(written, _joined(quoted), _joined(own[_signature_start(own) :]))


def is_forward(subject: str) -> bool:
    """Whether a subject begins as programs mark a mail that is passed on."""
    return _FORWARD_SUBJECT.match(subject) is not None


_FORWARD_SUBJECT = re.compile(
    r"\s*((re|aw|antw?|sv)\s*:\s*)?(tr|fwd?|wg|doorst|transf[ée]r[ée]?|i)\s*:", re.IGNORECASE
)


def _split(lines: list[str]) -> tuple[list[str], list[str], bool]:
    """Own lines, quoted lines, and whether a mark says that the rest is passed on."""
    plain = [_plain(line) for line in lines]
    own: list[str] = []
    quoted: list[str] = []
    index = 0
    while index < len(lines):
        if _FORWARD.fullmatch(plain[index]):
            return own, quoted + lines[index:], True
        if _starts_rest(plain, index):
            return own, quoted + lines[index:], False
        taken = 1 if _is_quote(plain[index]) else _attribution_length(plain, index)
        if taken and not _is_quote(plain[index]) and not _quote_follows(plain, index + taken):
            return own, quoted + lines[index:], False
        (quoted if taken else own).extend(lines[index : index + (taken or 1)])
        index += taken or 1
    return own, quoted, False


def _plain(line: str) -> str:
    """A line for comparing: plain spaces, no bold marks, bounded length."""
    return _SPACES.sub(" ", line[:_LONGEST_LINE]).strip().replace("*", "").strip("_ ") or (
        "_" if line.strip().startswith("____") else ""
    )


def _is_quote(line: str) -> bool:
    return line.startswith(">")


def _unquoted(lines: list[str]) -> list[str]:
    """The lines without marks of quotation."""
    return [re.sub(r"^(?:> ?)+", "", line) for line in lines]


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


_FORWARD = re.compile(
    r"-{2,} ?(forwarded message|message transf[ée]r[ée]|message r[ée]exp[ée]di[ée]"
    r"|doorgestuurd bericht|weitergeleitete nachricht) ?-{2,}"
    r"|(begin forwarded message|d[ée]but du message (transf[ée]r[ée]|r[ée]exp[ée]di[ée])"
    r"|begin doorgestuurd bericht|anfang der weitergeleiteten nachricht) ?:",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"-{2,} ?(original message|(message|(e-?)?mail|courriel) (d['’]origine|original)"
    r"|oorspronkelijk bericht|origineel bericht|urspr[üu]e?ngliche (nachricht|mail)"
    r"|original appointment|rendez-vous d['’]origine) ?-{2,}"
    r"|(#+-?)? ?-* ?(please )?((type|write) your )?reply above this line.*"
    r"|-* ?(merci de |veuillez )?(r[ée]pond(re|ez)|[ée]cri(re|vez)) (votre r[ée]ponse )?"
    r"au[- ]dessus de cette ligne.*"
    r"|-* ?(gelieve |graag )?(te )?antwoord(en)? boven deze (lijn|regel).*"
    r"|-* ?(bitte )?(antworten sie )?[üo]e?ber(halb)? dieser (linie|zeile).*",
    re.IGNORECASE,
)


def _starts_rest(plain: list[str], index: int) -> bool:
    """Whether everything from here on is an older mail."""
    line = plain[index]
    if _SEPARATOR.fullmatch(line):
        return True
    if line == "_":
        after = next((k for k in range(index + 1, min(index + 3, len(plain))) if plain[k]), None)
        return after is not None and _is_header_block(plain, after)
    return _is_header_block(plain, index)


# "De :", "Van:", "Von:", "From:" and what follows them in Outlook, Exchange, Zimbra and others.
_FIRST_LABEL = re.compile(
    r"(de|van|von|from|exp[ée]diteur|afzender|absender) ?: ?\S.*", re.IGNORECASE
)
_DATE_LABEL = re.compile(
    r"(envoy[ée] ?(le)?|date|verzonden|datum|gesendet|sent|on) ?: ?\S.*", re.IGNORECASE
)
_OTHER_LABEL = re.compile(
    r"([àa]|pour|destinataires?|aan|an|to|cc|objet|sujet|onderwerp|betreff|subject"
    r"|r[ée]pondre [àa]) ?:( ?\S.*)?",
    re.IGNORECASE,
)


def _is_header_block(plain: list[str], index: int) -> bool:
    """A sender, a date, and a recipient or subject, in lines that follow each other."""
    if not (_FIRST_LABEL.fullmatch(plain[index]) or _DATE_LABEL.fullmatch(plain[index])):
        return False
    block = plain[index : index + _HEADER_LINES]
    block = block[: block.index("")] if "" in block else block
    sender = any(_FIRST_LABEL.fullmatch(line) for line in block)
    dated = any(_DATE_LABEL.fullmatch(line) for line in block)
    others = sum(1 for line in block if _OTHER_LABEL.fullmatch(line))
    # A registration form has such labels too (« De : …, Date : … »): it takes the three kinds.
    return sender and dated and others > 0


_ATTRIBUTION = re.compile(
    r"(le|op|am|on|den|el|il|em|dnia|schrieb|en date du|\d{1,4}[-./])\b.*\d.*"
    r"( a [ée]crit| [ée]crivait| schreef| het volgende geschreven| geschreven| schrieb| wrote"
    r"| escribi[óo]| ha scritto| escreveu| napisał(\(a\))?| skrev)( .*|>)? ?:",
    re.IGNORECASE,
)
_NAMES_ADDRESS = re.compile(r"[^\s<>@]{1,100}@[^\s<>@]{1,100}")
_ATTRIBUTION_BY_NAME = re.compile(
    r"[^<>:]{0,120}<[^<>\s]+@[^<>\s]+>[^:]{0,40} ?(a [ée]crit|schreef|schrieb|wrote)\b.{0,120}:",
    re.IGNORECASE,
)
_ATTRIBUTION_START = re.compile(
    r"(le|op|am|on|den|el|il|em|dnia|en date du) .*\d|\d{1,4}[-./]\d", re.IGNORECASE
)


def _attribution_length(plain: list[str], index: int) -> int:
    """How many lines the sentence « Le …, X a écrit : » takes here; 0 if it is none."""
    if _ATTRIBUTION_START.match(plain[index]):
        pattern = _ATTRIBUTION
    elif _NAMES_ADDRESS.search(plain[index]):
        pattern = _ATTRIBUTION_BY_NAME
    else:
        return 0
    for last in range(index, min(index + _ATTRIBUTION_LINES, len(plain))):
        if not plain[last]:
            break
        if pattern.fullmatch(" ".join(plain[index : last + 1])):
            return last - index + 1
    return 0


def _quote_follows(plain: list[str], index: int) -> bool:
    """Whether the next line with anything in it is marked as quoted."""
    following = next((line for line in plain[index:] if line), "")
    return _is_quote(following)


def _phrases(key: str) -> str:
    found: list[str] = []
    for language in _LANGUAGES:
        entry = MAIL_LANGUAGES[language].get(key, "")
        found += [entry] if isinstance(entry, str) else list(entry)
    return "|".join(f"(?:{phrase.rstrip(',')})" for phrase in found if phrase)


_CLOSING = re.compile(
    rf"(?:{_phrases('signatures')}|bien [àa] (vous|toi)|d['’]avance merci|belle journ[ée]e|mvg|mfg"
    r"|((avec )?(mes|nos) )?((meilleures|sinc[èe]res) )?salutations)\b.{0,60}",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    rf"(?:{_phrases('sent_from')}|envoy[ée] (de|à partir de) mon|t[ée]l[ée]charger outlook"
    r"|obtenez outlook|outlook voor|von meinem).{0,120}",
    re.IGNORECASE,
)


def _signature_start(lines: list[str]) -> int:
    """The line at which a signature begins; the length when there is none."""
    plain = [_plain(line) for line in lines]
    for index, line in enumerate(lines):
        if line.rstrip() in {"--", "—"} or _SENT_FROM.fullmatch(plain[index]):
            return index
    closings = [k for k, line in enumerate(plain) if k and _CLOSING.match(line)]
    return closings[-1] if closings else len(lines)

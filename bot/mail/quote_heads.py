"""How mail programs introduce what they quote: separators, blocks of headers, attributions.

The words are those of Outlook, Thunderbird, Gmail, Apple Mail, Zimbra, GroupWise, Horde, Roundcube,
K-9, ProtonMail, Samsung and Yahoo in French, Dutch, German and English, and the commonest of other
languages. Every test is a search of bounded cost in at most four lines of 400 characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

_ATTRIBUTION_LINES = 4
_HEADER_LINES = 12


class Sort(IntEnum):
    """What introduces a quotation."""

    WEAK = 1
    """A sentence that somebody could have written: only with marked lines after it."""
    ATTRIBUTION = 2
    """« Le …, X a écrit : »; with marked lines after it, answers may stand between them."""
    BLOCK = 3
    """Headers, or a line « Message d'origine »: the older mail stands below as it was."""
    MARKER = 4
    """« Répondre au-dessus de cette ligne ». Nothing new is below."""


@dataclass(frozen=True, slots=True)
class Head:
    """What introduces a quotation, and the line after it."""

    end: int
    sort: Sort


def head_at(plain: list[str], index: int) -> Head | None:
    """What introduces a quotation at this line; several in a row are one."""
    found = _single(plain, index)
    while found is not None:
        following = _filled(plain, found.end, 2)
        # Two sentences in a row that need marked lines are not one of them.
        more = _single(plain, following) if following is not None else None
        if more is None or Sort.WEAK in (more.sort, found.sort):
            return found
        found = Head(more.end, max(more.sort, found.sort) if found.sort > 3 else more.sort)
    return None


def _single(plain: list[str], index: int) -> Head | None:
    line = plain[index]
    if not line:
        return None
    if _MARKER.match(line):
        return Head(index + 1, Sort.MARKER)
    if _SEPARATOR.fullmatch(line):
        return Head(index + 1, Sort.BLOCK)
    if line == "_":
        after = _filled(plain, index + 1, 2)
        block = _header_block(plain, after) if after is not None else 0
        return Head(block, Sort.BLOCK) if block else None
    block = _header_block(plain, index)
    return Head(block, Sort.BLOCK) if block else _attribution(plain, index)


def _filled(plain: list[str], index: int, empty: int) -> int | None:
    """The next line with anything in it, after at most so many empty ones."""
    return next((k for k in range(index, min(index + empty + 1, len(plain))) if plain[k]), None)


# -- lines on their own -------------------------------------------------------------------------

_FORWARD = re.compile(
    r"-{2,} ?(?:forwarded message|(?:message|mail|courriel) (?:transf[ée]r[ée]"
    r"|r[ée]exp[ée]di[ée])|doorgestuurd(?:e)? (?:bericht|e-?mail)"
    r"|weitergeleitete (?:nachricht|mail)|messaggio inoltrato|mensaje reenviado) ?-{2,}"
    r"|(?:begin forwarded message|d[ée]but du (?:message|courriel) (?:transf[ée]r[ée]"
    r"|r[ée]exp[ée]di[ée])|begin doorgestuurd(?:e)? (?:bericht|e-?mail)"
    r"|anfang der weitergeleiteten (?:nachricht|e-?mail)) ?:",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"-{2,} ?(?:original(?:e)? (?:message|appointment|meeting|mail)"
    r"|(?:message|(?:e-?)?mail|courriel) (?:d['’]origine|original|initial|pr[ée]c[ée]dent)"
    r"|(?:oorspronkelijk|origineel)e? (?:bericht|e-?mail|afspraak)"
    r"|(?:urspr[üu]e?ngliche|original-?) ?(?:nachricht|(?:e-?)?mail|termin)"
    r"|r(?:endez-vous|[ée]union) d['’]origine|mensaje original|messaggio originale"
    r"|mensagem original|originalnachricht|urspr(?:ü|u)ngligt meddelande"
    r"|oprindelig meddelelse|opprinnelig melding|oryginalna wiadomo[śs][ćc]) ?-{2,}",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"[#\s-]{0,20}(?:(?:please )?(?:(?:type|write) your )?reply above this line"
    r"|(?:merci de |veuillez )?(?:r[ée]pond(?:re|ez)|[ée]cri(?:re|vez)) (?:votre r[ée]ponse )?"
    r"au[- ]dessus de cette ligne"
    r"|(?:gelieve |graag )?(?:te )?(?:antwoord(?:en)?|reageer|typ uw antwoord) boven deze"
    r" (?:lijn|regel)"
    r"|(?:bitte )?(?:antworten(?: sie)?|antwort)(?: bitte)? (?:[üo]e?ber(?:halb)?|ober) dieser"
    r" (?:linie|zeile))",
    re.IGNORECASE,
)


def is_forward_mark(line: str) -> bool:
    """Whether a line says that a mail passed on follows."""
    return _FORWARD.fullmatch(line) is not None


# -- blocks of headers --------------------------------------------------------------------------

_SENDER = re.compile(
    r"(?:de|van|von|from|exp[ée]diteur|afzender|absender|da|fr[åa]n|fra|od) ?: ?\S", re.IGNORECASE
)
_SENT = re.compile(
    r"(?:envoy[ée](?: le)?|verzonden|gesendet|sent|enviado(?: el)?|inviato|skickat|sendt"
    r"|wys[łl]ano) ?: ?\S",
    re.IGNORECASE,
)
_DATE_LABEL = re.compile(r"(?:date|datum|fecha|data|dato|on) ?: ?\S", re.IGNORECASE)
_OTHER = re.compile(
    r"(?:[àa]|pour|destinataires?|aan|an|to|para|til|till|do|cc|cci|bcc|copie [àa]|kopie"
    r"|objet|sujet|onderwerp|betreff|subject|asunto|oggetto|assunto|[äa]mne|emne|temat"
    r"|r[ée]pondre [àa]|reply-to|antwoord aan|antwort an|risposta|importance|priorit[ée]"
    r"|pi[èe]ces? jointes?|bijlagen?|anlagen?|attachments?|envoy[ée] par|sent by) ?:",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>@]{1,100}@[^\s<>@]{1,100}")
_TIME = re.compile(
    r"\d{1,2} ?: ?\d{2}|\d{1,2} ?h ?\d{2}|(?:\b(?:um|om|alle|kl\.?|at)|à) \d{1,2}\.\d{2}",
    re.IGNORECASE,
)


def _is_label(line: str) -> bool:
    return any(label.match(line) for label in (_SENDER, _SENT, _DATE_LABEL, _OTHER))


def _header_block(plain: list[str], index: int) -> int:
    """The line after a block of headers that begins here; 0 if there is none.

    A sender, a date, and a recipient or subject. A memo that somebody writes has these three too
    (« De : …, Date : …, Objet : … »): without « Envoyé : » it takes an address or a time of day.
    """
    if not any(label.match(plain[index]) for label in (_SENDER, _SENT, _DATE_LABEL)):
        return 0
    end = _block_end(plain, index)
    block = [line for line in plain[index:end] if line]
    sent = any(_SENT.match(line) for line in block)
    dated = sent or any(_DATE_LABEL.match(line) for line in block)
    whole = any(_SENDER.match(line) for line in block) and any(_OTHER.match(line) for line in block)
    by_machine = sent or any(_ADDRESS.search(line) or _TIME.search(line) for line in block)
    return end if whole and dated and by_machine else 0


def _block_end(plain: list[str], index: int) -> int:
    """Labels, what they are wrapped to, and single empty lines between them."""
    last = min(index + _HEADER_LINES, len(plain))
    end = index
    while end < last and plain[end]:
        end += 1
        if end + 1 < last and not plain[end] and _is_label(plain[end + 1]):
            end += 1
    return end


def after_headers(plain: list[str], index: int) -> int:
    """Behind the headers of a mail passed on, which begin here; the same line without such."""
    first = _filled(plain, index, 2)
    return index if first is None else _header_block(plain, first) or index


# -- attributions -------------------------------------------------------------------------------

_WROTE = re.compile(
    r"\b(?:(?:a|avez) [ée]crit|[ée]crivait|schreef|geschreven|schrieb|geschrieben|wrote|writes"
    r"|escribi[óo]|ha scritto|escreveu|napisał|skrev|kirjoitti|napsal|написал|написав|пише"
    r"|a scris|[íi]rta|yazdı|geschriwwen|έγραψε)|写道|寫道",
    re.IGNORECASE,
)
_START = re.compile(r"(?:le|op|am|on|den|el|il|em|dnia|dne|at) .{0,60}?\d", re.IGNORECASE)
_DATE_FIRST = re.compile(r"\d{1,4}[-./ ]{1,2}\w")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[-./]\d{1,2}[-./]\d\d\b")
_QUOTING = re.compile(
    r"(?:quoting|zitat von|zitiere|citeren|citaat van|citation de|selon|quoth) \S", re.IGNORECASE
)
_ISO = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}(?: \d{1,2}:\d\d)?( GMT[+-]\d\d:\d\d)? \S")
_BETWEEN_DASHES = re.compile(r"-{2,} .*[^-] -{2,}")
_CLOSES_ADDRESS = re.compile(
    r"> ?(?:a [ée]crit|schreef|schrieb|wrote|escribi[óo]|ha scritto|escreveu|[\w ]{0,40})? ?:",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(
    r"(?:[!?]|\b(?:\w{5,}|oui|non|ja|nee|neen|nein|ok|yes|no)\.)$", re.IGNORECASE
)


def _attribution(plain: list[str], index: int) -> Head | None:
    """The sentence « Le …, X a écrit : », wrapped as it may be."""
    line = plain[index]
    if _is_groupwise(line):
        return Head(index + 1, Sort.BLOCK)
    if line.startswith(">"):
        return None
    starts = _START.match(line) is not None or _DATE_FIRST.match(line) is not None
    if not starts and not _ADDRESS.search(line) and "<" not in line:
        sort = _sort_of(line)
        return Head(index + 1, sort) if sort else None
    words = line
    end = index + 1
    while True:
        sort = _sort_of(words)
        if sort:
            return Head(end, sort)
        following = _continuation(plain, end, line)
        if following is None or following - index >= _ATTRIBUTION_LINES + 2:
            return None
        words, end = f"{words} {plain[following]}", following + 1


def _continuation(plain: list[str], index: int, first: str) -> int | None:
    """The line at which a wrapped attribution goes on; None if it does not."""
    if _SENTENCE_END.search(plain[index - 1]):
        return None
    following = _filled(plain, index, 1)
    if following is None:
        return None
    line = plain[following]
    if following > index and not (line.startswith("<") or plain[index - 1] == "<"):
        return None
    if line.startswith(">"):
        return following if _CLOSES_ADDRESS.fullmatch(line) else None
    # Another attribution begins: what stands above it was written.
    dated = _START.match(line) is not None and not line.lower().startswith("at ")
    addressed = _ADDRESS.search(first) is not None and _ADDRESS.search(line) is not None
    return None if dated or addressed else following


def _sort_of(words: str) -> Sort | None:
    """Whether words are an attribution, and how sure that is."""
    addressed = _ADDRESS.search(words) is not None
    dated = _DATE.search(words) is not None
    timed = _TIME.search(words) is not None
    ends = words.endswith((":", "："))
    if _WROTE.search(words) and (ends or _BETWEEN_DASHES.fullmatch(words)):
        if addressed or (dated and timed):
            return Sort.ATTRIBUTION
        return Sort.WEAK if dated or timed else None
    if ends and _QUOTING.match(words):
        return Sort.ATTRIBUTION if addressed else Sort.WEAK
    return _iso(words, ends=ends, addressed=addressed)


def _iso(words: str, *, ends: bool, addressed: bool) -> Sort | None:
    """« 2025-03-03 10:02 GMT+01:00 X <x@y>: », as Gmail writes in languages without a verb."""
    found = _ISO.match(words)
    if found is None:
        return None
    if (ends and addressed) or found[1]:
        return Sort.ATTRIBUTION
    return Sort.WEAK if addressed and words.endswith(">") else None


def _is_groupwise(line: str) -> bool:
    """« >>> X <x@y> 03/03/2025 10:02 >>> », or the longer form with « in message »."""
    if not (_DATE.search(line) and _TIME.search(line)):
        return False
    return line.endswith(">>>") or (line.startswith(">>>") and " in message <" in line)

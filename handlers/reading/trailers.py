"""What stands under somebody's words without being said: lines of devices, legal notices.

A telephone or a server adds them; nobody wrote them. Everything here looks at single lines of
bounded length with patterns that hold no repetition in a repetition.
"""

from __future__ import annotations

import re

_GADGET = re.compile(
    r"\b(?:iphone|ipad|ipod|android|samsung|galaxy|huawei|xiaomi|nokia|htc|alcatel|blackberry"
    r"|windows|outlook|yahoo|gmx|web\.de|proton ?mail|tutanota|airmail|mailbox|k-9|fairemail"
    r"|bluemail|orange|mobile?|mobil\w*|(?:smart)?phone|t[ée]l[ée]phone|telefoon|handy|tablette?"
    r"|tabletcomputer|cell|device|appareil|apparaat|toestel|ger[äa]t|unterwegs|mac(?:book)?)\b",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(
    r"(?:envoy[ée]e? (?:de|depuis|[àa] partir|avec|via)|(?:verzonden|verstuurd) (?:van(?:af|uit)?"
    r"|met|via)|gesendet (?:von|vom|mit|[üu]ber|aus)|sent (?:from|via|with|using|by)|sendt fra"
    r"|skickat fr[åa]n|enviado (?:desde|do|de|con|via)|inviato (?:da|dal|con)|wys[łl]an[oe] z"
    r"|odesl[áa]no z|从我的|從我的|发自我的)(?: |\b)",
    re.IGNORECASE,
)
_OWNED = re.compile(
    r"(?:envoy[ée]e? (?:de|depuis) (?:mon|ma)|(?:verzonden|verstuurd) van(?:af|uit)? mijn"
    r"|gesendet von meine[mr]|sent from my|sendt fra min|skickat fr[åa]n min|enviado desde mi"
    r"|inviato dal mio) \S+(?: \S+)?",
    re.IGNORECASE,
)
_SENT_LAST = re.compile(
    r"(?:von meine[mr]|diese (?:nachricht|e-?mail) wurde (?:von|mit)|ce (?:message|mail|courriel) a"
    r" [ée]t[ée] envoy[ée]|dit bericht (?:is|werd) (?:verzonden|verstuurd)) ",
    re.IGNORECASE,
)
_GET_OUTLOOK = re.compile(
    r"(?:get|obtenir|obtenez|t[ée]l[ée]charge[rz]|download(?:en)?|haal|holen sie sich|laden sie)"
    r" \[?outlook (?:for|pour|voor|f[üu]r)\b|outlook (?:voor|f[üu]r) \S+ (?:downloaden"
    r"|herunterladen)\b",
    re.IGNORECASE,
)
_FROM_MOBILE = re.compile(
    r"(?:\S{1,30} ){0,2}from (?:my )?(?:mobile|(?:i|smart)?phone|ipad|android)(?: ?\d{1,2})?\.?",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://[^\s<>()]*")
_LONGEST_DEVICE = 160


def is_device(plain: str) -> bool:
    """Whether a line was added by a telephone or a mail program: « Envoyé de mon iPhone »."""
    line = _LINK.sub("", plain).strip("<>()[]* ")
    if not line or len(line) > _LONGEST_DEVICE or "?" in line:
        return False
    if _OWNED.fullmatch(line) or _GET_OUTLOOK.match(line) or _FROM_MOBILE.fullmatch(line):
        return True
    starts = _SENT_FROM.match(line) or _SENT_LAST.match(line)
    return starts is not None and _GADGET.search(line) is not None


_DISCLAIMER = re.compile(
    r"(?:disclaimer|avertissement|clause de confidentialit[ée]|confidentiality notice)\b"
    r"|(?:ce|cet|le pr[ée]sent) (?:message|e-?mail|courriel|courrier)\b|this (?:e-?mail|message)\b"
    r"|the information (?:contained )?in this\b|dit (?:e-?mail)?(?:bericht)?\b|deze e-?mail\b"
    r"|diese (?:e-?mail|nachricht)\b|der inhalt dieser\b|de informatie in (?:dit|deze)\b"
    r"|les informations contenues\b",
    re.IGNORECASE,
)
_SECRET = re.compile(
    r"confiden[tc]i|vertrouwelijk|vertraulich|destinataire|intended recipient|geadresseerde"
    r"|bestemd voor|empf[äa]nger",
    re.IGNORECASE,
)
_MACHINE_LINE = re.compile(
    r"(?:l['’]absence de virus|virus-free\b|virenfrei\b|virusvrij\b|garanti sans virus"
    r"|(?:pensez|merci de penser) [àa] (?:l['’]environnement|la plan[èe]te|nos for[êe]ts)\b"
    r".{0,40}\bimprim|n['’]imprimez (?:ce|cet|pas ce|que si)\b"
    r"|(?:please )?(?:consider|think of) the environment before printing"
    r"|denk aan het milieu voor(?:dat)? u|bitte denken sie an die umwelt)",
    re.IGNORECASE,
)


def disclaimers_start(plain: list[str]) -> int:
    """The line from which there are only legal notices; the length when there are none.

    Never the first line: a message that speaks of confidentiality is a message.
    """
    start = end = _without_machine_lines(plain, _without_blank_end(plain, len(plain)))
    while start > 0:
        first = _paragraph_start(plain, start)
        if first == 0 or not _is_notice(plain[first:start]):
            break
        end = first
        start = _without_blank_end(plain, first)
    return end if end < _without_blank_end(plain, len(plain)) else len(plain)


_LONGEST_NOTICE = 40


def _paragraph_start(plain: list[str], end: int) -> int:
    first = end
    while first > 0 and plain[first - 1]:
        first -= 1
    return first


def _is_notice(paragraph: list[str]) -> bool:
    first = paragraph[0]
    if _MACHINE_LINE.match(first):
        return len(paragraph) <= 2
    whole = " ".join(paragraph[:_LONGEST_NOTICE])
    # A paragraph of law is long; « ce message est confidentiel » may be what somebody says.
    long_enough = len(whole) > 120 and len(paragraph) <= _LONGEST_NOTICE
    return long_enough and bool(_DISCLAIMER.match(first)) and bool(_SECRET.search(whole))


def _without_machine_lines(plain: list[str], end: int) -> int:
    """The end without such lines right under a signature; the first line always counts."""
    while end > 1 and _MACHINE_LINE.match(plain[end - 1]):
        end = _without_blank_end(plain, end - 1)
    return end


def _without_blank_end(plain: list[str], end: int) -> int:
    while end > 0 and not plain[end - 1]:
        end -= 1
    return end


def is_notice_line(plain: str) -> bool:
    """Whether a line on its own reads like the beginning of a legal notice, however short."""
    legal = _DISCLAIMER.match(plain) is not None and _SECRET.search(plain) is not None
    return legal or _MACHINE_LINE.match(plain) is not None

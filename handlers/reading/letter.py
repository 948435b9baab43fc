"""A message laid out: what it says, its signature, its sentences; what machines added is cut."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from handlers.reading.letters import level, tidy


@dataclass(frozen=True)
class Letter:
    """A message as its reader needs it; ``body`` and ``signature`` together are the text."""

    subject: str
    body: str
    signature: str
    sender_address: str = ""
    sender_name: str = ""
    from_member: bool | None = None
    """Whether its writer is known as somebody of a member; None where that is not known."""

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences of the body, the subject not among them."""
        return sentences(self.body)

    @cached_property
    def all_sentences(self) -> list[str]:
        """The subject, then the sentences of the body."""
        return [self.subject, *self.sentences] if self.subject else self.sentences

    @property
    def text(self) -> str:
        """Body and signature."""
        return f"{self.body}\n\n{self.signature}".strip()


_FORWARD_SUBJECT = re.compile(r"^\s*\[?(?:tr|fwd?|wg|i)\s?:", re.IGNORECASE)
_REPLY_SUBJECT = re.compile(
    r"^\s*(?:\[?(?:re|tr|fwd?|aw|wg|rif|antw)\s?(?:\[\d+\])?\s?:\s*)+", re.IGNORECASE
)
_FORWARD_LINE = re.compile(
    r"^\s*[-_>]*\s*(?:debut du )?(?:message (?:transfere|reexpedie)|forwarded message)[\s:_-]*$"
)
_HEADER_LINE = re.compile(
    r"^\s*\*?(?:de|from|a|to|cc|envoye|sent|date|objet|subject|sujet|pour|repondre a|van|aan"
    r"|verzonden|onderwerp)\s?:\*?\s"
)
_QUOTE_START = re.compile(
    r"^\s*(?:-+\s*message d'origine\s*-+|-+ ?original message ?-+"
    r"|(?:le|on|op|am) .{6,120}(?:a ecrit|wrote|schreef.*|schrieb.*)\s?:)\s*$"
)
_DEVICE = re.compile(
    r"^\s*(?:envoye (?:de(?:puis)?|a partir de) (?:mon|ma|outlook|yahoo|l'application)|sent from"
    r"|telecharger outlook|obtenir outlook|get outlook|verzonden vanaf)\b"
)
_CLOSING = re.compile(
    r"^\s*(?:(?:bien |tres |avec mes |nos |mes |meilleures |sinceres |mes meilleures "
    r"|nos meilleures )*(?:cordiale(?:s|ment)|salutations?|sentiments)"
    r"|(?:bien|cordialement|sincerement) (?:a (?:vous|toi)|votre)|(?:bav|cdt|cdlt)\b"
    r"|(?:d'avance |par avance |encore |grand |un grand |mille )?mercis?"
    r"(?: (?:d'avance|beaucoup|de votre \w+|de votre suivi|de vos|pour (?:votre|vos|le|la"
    r"|tout)).*|)\W*$"
    r"|(?:une? )?(?:tres )?(?:bonne|belle|excellente) "
    r"(?:fin de |reception|journee|apres-midi|soiree|continuation|semaine)"
    r"|(?:veuillez|je vous prie|nous vous prions|recevez|je vous souhaite|agreez).{0,80}"
    r"(?:salutations|sentiments|consideration|assurance|journee)"
    r"|(?:dans l'attente|en vous remerciant|respectueusement|amicalement|au plaisir"
    r"|bonne reception)"
    r"|(?:par le college|pour le (?:college|conseil|cpas)|par delegation|met vriendelijke groet))"
    r"[^?]{0,90}$"
)
_DASHES = re.compile(r"^\s*(?:--|__+|==+|\*\*+|- -)\s*$")
_NAME_LIKE = re.compile(r"^\s*[*(]?[^\W\d_][\w.'’-]*(?: +[\w.'’-]+){1,4}[*]?\s*$")


_ENDS = re.compile(r"\w{5,}\.\s*$")
"""How a short sentence ends, and no name or function (« f.f. »)."""


LONGEST = 20_000
"""Letters read of one message: five pages; what follows was pasted or made by a machine."""
LONGEST_SUBJECT = 500
_ARROW = re.compile(r"[ \t]?\*?[ \t]?(?:->|=>|→|⇒)[ \t]?")
"""« Institution* -> Commune de … »: how web forms and their users part question and answer."""
_FILLED_IN = re.compile(r"^([^<>\n]{2,60}?\w[ \t)]*)>[ \t]+(?=\S)", re.MULTILINE)
"""« Correspondant   > Mme X »: the same, drawn with one sign."""
_LONG_BLANK = re.compile(r"[^\S\n]{100,}")
"""No person's spacing; patterns that begin with optional spaces would take ages over it."""


def open_letter(subject: str, text: str, sender_address: str = "", sender_name: str = "") -> Letter:
    """Lay a message out; quotations that the channel left in are cut, forwarded text is kept."""
    squeezed = _ARROW.sub(" : ", _LONG_BLANK.sub(" ", tidy(text[:LONGEST])))
    squeezed = _elided(_FILLED_IN.sub(r"\1: ", squeezed))
    lines = _without_quotes(squeezed.split("\n"), _FORWARD_SUBJECT.match(subject) is not None)
    lines = _without_notice(lines)
    while lines and (not lines[-1].strip() or _DASHES.match(lines[-1])):
        # What the dashes set off was a device's line, cut before.
        lines.pop()
    body, signature = _split(lines)
    if _is_signed_only(body, sender_name):
        body, signature = "", f"{body}\n\n{signature}".strip()
    subject = _REPLY_SUBJECT.sub("", tidy(subject[:LONGEST_SUBJECT])).strip()
    return Letter(subject, body, signature, sender_address.lower(), tidy(sender_name).strip())


_LOST = re.compile(r"(?<![\w'’])(?P<small>[DLSNCJMT]|QU) (?=[AEIOUYHÀÂÉÈÊÎÔ])")
_MOSTLY = 0.7


def _elided(text: str) -> str:
    """A text in capitals with the apostrophes put back that its typist left out: « C EST », « D
    ENTRAIDE ».
    """
    letters = [letter for letter in text if letter.isalpha()]
    if not letters or sum(map(str.isupper, letters)) < _MOSTLY * len(letters):
        return text
    return _LOST.sub(lambda match: f"{match['small']}'", text)


_NOTICE = re.compile(
    r"^[\W_]*(?:(?:le present|ce|cet?) (?:courriel|courrier electronique|message|mail|e-?mail)"
    r"|(?:avertissement|disclaimer|clause de (?:non|confid)\w*|avis de confidentialite)\b"
    r"|this (?:e-?mail|message)|(?:dit|deze) (?:e-?mail|bericht)|diese (?:e-?mail|nachricht))\b"
)
_OF_A_NOTICE = re.compile(
    r"\b(?:destine\w*|destinataires?|confidenti\w+|par erreur|engager|imprimer|intended|bestemd"
    r"|vertrouwelijk|vertraulich|bestimmt|irrtumlich)\b"
)
_LONGEST_NOTICE = 8


def _without_notice(lines: list[str]) -> list[str]:
    """The lines without the notice of confidentiality that a server adds below every mail."""
    for index in range(max(0, len(lines) - _LONGEST_NOTICE), len(lines)):
        if not _NOTICE.match(level(lines[index])):
            continue
        rest = level(" ".join(lines[index:]))
        if len(_OF_A_NOTICE.findall(rest)) > 1 and "?" not in rest:
            return lines[:index]
    return lines


def _without_quotes(lines: list[str], forwarded: bool) -> list[str]:
    kept: list[str] = []
    for index, line in enumerate(lines):
        plain = level(line)
        if _FORWARD_LINE.match(plain):
            forwarded = True
        elif not forwarded and _quote_starts(lines, index):
            if not any(other.startswith(">") for other in lines[index + 1 :]):
                break
        elif not (plain.startswith(">") or _DEVICE.match(plain) or _is_header(plain, forwarded)):
            kept.append(line.rstrip())
    return kept


def _is_header(plain: str, forwarded: bool) -> bool:
    return forwarded and _HEADER_LINE.match(plain + " ") is not None


def _quote_starts(lines: list[str], index: int) -> bool:
    """An attribution, or the block of headers that mail programs put above a quotation."""
    plain = level(lines[index])
    broken = plain + " ".join(level(line) for line in lines[index + 1 : index + 2])
    if _QUOTE_START.match(plain) or _QUOTE_START.match(broken):
        return True
    following = [level(line) + " " for line in lines[index : index + 4]]
    return len(following) > 2 and all(_HEADER_LINE.match(line) for line in following[:3])


def _split(lines: list[str]) -> tuple[str, str]:
    """Body and signature: after the last line of dashes or closing formula, or a last block."""
    cut = _last_close(lines)
    if cut is None:
        cut = _last_block(lines)
    body, signature = lines[:cut], lines[cut:]
    return _joined(body), _joined(line for line in signature if not _DASHES.match(line))


def _is_signed_only(body: str, sender_name: str) -> bool:
    """Whether nothing stands above the signature: the first line is the sender's own name."""
    if len(body) > _LONGEST_SIGNATURE:
        return False
    first = set(re.findall(r"\w+", level(body.lstrip().partition("\n")[0])))
    return len(first) > 1 and first == set(re.findall(r"\w+", level(sender_name)))


_LONGEST_SIGNATURE = 300


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _last_close(lines: list[str]) -> int | None:
    """The first line that closes the message with not too much after it."""
    for index, line in enumerate(lines):
        dashes = line.startswith("--") and _DASHES.match(line) is not None
        if not dashes and (len(line) >= 110 or not _CLOSING.match(level(line))):
            continue
        rest = [other for other in lines[index + 1 :] if other.strip()]
        if rest and len(rest) <= SIGNATURE_LINES and (dashes or not _prose(rest)):
            return index
    return None


SIGNATURE_LINES = 14
"""What follows a closing formula in more lines is no signature."""


def _prose(lines: list[str]) -> bool:
    """Whether sentences go on: most of what is left are long lines that end like sentences."""
    sentences_left = [
        line for line in lines if len(line) > 45 and line.rstrip().endswith((".", "?"))
    ]
    return len(sentences_left) > max(1, len(lines) // 3)


def _last_block(lines: list[str]) -> int:
    """Where a last block of short lines begins with a name; the end if there is none."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    for index in range(end - 1, max(end - 12, 0), -1):
        line = lines[index]
        if len(line) > 75 or line.rstrip().endswith(("?", "!", ";")):
            break
        if not lines[index - 1].strip() and _NAME_LIKE.match(line) and not _ENDS.search(line):
            start = index
    return start if start < end else len(lines)


_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:m|mm|mr|mme|mlle|dr|ir|ing|insp|princ|f\.f|st|ste|tel|ref|art|n|no|p|av|adm"
    r"|comm|sce|dir|resp|c\.-a-d"
    r"|cf|ex"
    # « vom 12. bis 30. Oktober »
    r"|etc|e\.g|[a-z])$|\b(?:vom|am|zum|bis|ab|dem) \d{1,2}$"
)
_STOP = re.compile(r"(?:[.!?…]+|[:;]-?[)D(])(?=[\s»\")]|$)")
"""The end of a sentence; a smiley ends one as well."""


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line that is not wrapped is a sentence of its own."""
    found: list[str] = []
    for paragraph in unwrap(text).split("\n"):
        start = 0
        for stop in _STOP.finditer(paragraph):
            before = level(paragraph[max(start, stop.start() - 12) : stop.start()])
            if stop.group() == "." and _ABBREVIATION.search(before):
                continue
            found.append(paragraph[start : stop.end()].strip())
            start = stop.end()
        found.append(paragraph[start:].strip())
    return [sentence for sentence in found if sentence]


_ITEM = re.compile(r"^\s*(?:[-*•o·>]\s|\d{1,2}[.)/]\s|\w[\w '.’-]{0,30}\s?:)")


def unwrap(text: str) -> str:
    """Text with the lines joined that a mail program broke."""
    joined: list[str] = []
    for line in text.split("\n"):
        if joined and _wrapped(joined[-1], line):
            joined[-1] = f"{joined[-1].rstrip()} {line.strip()}"
        else:
            joined.append(line)
    return "\n".join(joined)


_TITLED = re.compile(r"\s*(?:M\.|Mr|Mme|Mlle|Monsieur|Madame|Mademoiselle|Mevr|Dhr)[. ]")


def _wrapped(previous: str, line: str) -> bool:
    if not previous.strip() or not line.strip() or _ITEM.match(line):
        return False
    first = line.strip()[0]
    last_line = previous.rstrip()
    if first.islower():
        return last_line[-1] not in ".!?"
    if last_line[-1] == ":" and _TITLED.match(line):
        return True
    return len(last_line) % 1000 > 58 and last_line[-1] not in ".!?:;"

"""What the three shelves of the library have in common: finding, naming and handing out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.folding import fold
from handlers import finding
from handlers.context import Context
from handlers.reply import File
from handlers.request import IncomingFile
from handlers.wording import Text, _, since, verbatim
from storage import files as stored
from storage.library import Enclosure, Publication


def search(publications: Sequence[Publication], words: str) -> list[Publication]:
    """The publications that words mean; a text in which one is named means it, too."""
    found = finding.search(publications, words, names, lambda one: one.summary)
    return found or named_in(publications, words)


def named_in(publications: Sequence[Publication], text: str) -> list[Publication]:
    """The publications that a text names; the plural of a name is one, too.

    A name of one word is a common word (« services »): it counts only soon after a word that says
    what is being named.
    """
    told = _singular(text)
    return [one for one in publications if any(_is_named(_singular(n), told) for n in names(one))]


_KINDS = r"\b(?:modele|faible montant|marche|convention|mission|version)\b"


def _is_named(name: str, told: str) -> bool:
    if " " in name:
        return f" {name} " in f" {told} "
    return re.search(rf"{_KINDS}[^.;]{{0,40}}\b{re.escape(name)}\b", told) is not None


def names(publication: Publication) -> list[str]:
    """Everything that a publication is called."""
    return [publication.name, publication.slug, *publication.aliases]


def _singular(text: str) -> str:
    return " ".join(
        word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in fold(text).split()
    )


def files(publications: Sequence[Publication]) -> tuple[File, ...]:
    """The files of publications, each once."""
    rows = {row.file.sha256: row.file for one in publications for row in one.enclosures}
    return tuple(File(row.name, row.media_type, row.content) for row in rows.values())


def paragraphs(publication: Publication) -> list[Text]:
    """The text of a publication, a paragraph each."""
    parts = publication.text.split("\n\n")
    return [verbatim(" ".join(part.split())) for part in parts if part.strip()]


def edition(publication: Publication) -> Text | None:
    """Version and date, as far as they are known (acceptance A14, B33)."""
    if publication.version and publication.dated:
        return _(
            "version {version}, établie {since}",
            version=publication.version,
            since=since(publication.dated),
        )
    return _("version {version}", version=publication.version) if publication.version else None


def enclose(ctx: Context, publication: Publication, sent: Sequence[IncomingFile]) -> None:
    """Give a publication these files in the place of those that it had (acceptance B15)."""
    publication.enclosures.clear()
    ctx.session.flush()
    for position, one in enumerate(sent):
        kept = stored.keep(ctx.session, one.name, one.media_type, one.content, ctx.now)
        publication.enclosures.append(
            Enclosure(publication_id=publication.id, position=position, file_id=kept.id)
        )
    ctx.session.flush()

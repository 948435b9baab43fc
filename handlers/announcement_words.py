"""How an announcement is worded: its headline, what was understood, who will see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from handlers import texts
from handlers.desk import Desk
from handlers.reply import Block, Fields, File, Paragraph, Quote, Reply, reply
from handlers.wording import Text, _, n_, verbatim
from storage import inbox
from storage.announcements import Announcement, Direction
from storage.files import StoredFile


def headline(kept: Announcement) -> Text:
    """One line: demand or offer, its reference once it has one, about what, from whom."""
    demand_, offer_ = _("🔎 Demande"), _("🤝 Offre")
    what = demand_ if kept.direction == Direction.DEMAND else offer_
    return _(
        "**{what} · {category}** · {institution}",
        what=_("{what} {reference}", what=what, reference=kept.reference) if kept.number else what,
        category=category_name(kept.category),
        institution=texts.bare(kept.person.institution),
    )


def category_name(category: str) -> Text:
    """What an announcement is about, in words."""
    names = {
        "staff": _("personnel"),
        "equipment": _("matériel"),
        "knowledge": _("savoir-faire"),
        "other": _("autre"),
    }
    return names[category]


def facts(kept: Announcement) -> list[Fields]:
    """What was understood beside the words."""
    rows: list[tuple[Text, Text]] = []
    if kept.service:
        rows.append((_("Service"), verbatim(kept.service)))
    if kept.starts_on:
        rows.append((_("Période"), _period(kept.starts_on, kept.ends_on)))
    severities = {"overwhelmed": _("service débordé"), "blocked": _("service bloqué")}
    if kept.severity in severities:
        rows.append((_("Gravité"), severities[kept.severity]))
    return [Fields(tuple(rows))] if rows else []


def _period(start: date, end: date | None) -> Text:
    if end is None or end == start:
        return _("le {start}", start=start) if end else _("dès le {start}", start=start)
    return _("du {start} au {end}", start=start, end=end)


def enclosed(desk: Desk, kept: Announcement) -> tuple[File, ...]:
    """The files that came with the message in which an announcement was written."""
    return tuple(File(row.name, row.media_type, row.content) for row in _rows(desk, kept))


def _rows(desk: Desk, kept: Announcement) -> list[StoredFile]:
    if kept.entry_id is None:
        return []
    entry = desk.session.get_one(inbox.Entry, kept.entry_id)
    return [desk.session.get_one(StoredFile, id_) for id_ in inbox.files_of(desk.session, entry)]


def preview(desk: Desk, kept: Announcement) -> list[Block]:
    """What others will see, shown to the author."""
    blocks: list[Block] = [Paragraph(headline(kept)), Quote(kept.words)]
    blocks += [*facts(kept), *_readers(desk, kept)]
    names = ", ".join(row.name for row in _rows(desk, kept))
    if names:
        blocks.append(Paragraph(_("📎 Avec : {names}.", names=names)))
    if not kept.audience and len(kept.words) > SHOWN_IN_PLACE:
        blocks.append(
            Paragraph(
                _(
                    "C'est long : le salon des membres n'en montre que le début, le texte entier y"
                    " est joint ; par mail, tout y est."
                )
            )
        )
    return blocks


def _readers(desk: Desk, kept: Announcement) -> list[Paragraph]:
    """Who will see it, where not everybody will."""
    if not kept.audience:
        return []
    territory = desk.platform.territory
    names = [territory.authority(*key.split(":", 1)).name for key in kept.audience]
    return [Paragraph(_("Seules la verront : {names}.", names=", ".join(names)))]


def post(kept: Announcement) -> Reply:
    """What others get."""
    return reply(
        Paragraph(headline(kept)),
        Quote(kept.words),
        *facts(kept),
        _(
            "Répondez à ce message : votre réponse part {whom}, et tous les membres peuvent la"
            " lire. Chacun aide dans la mesure du possible.",
            whom=texts.to_the(kept.person.institution),
        ),
        title=headline(kept),
    )


def post_in_place(kept: Announcement, institutions: int) -> Reply:
    """What the members' place gets: short, and to how many institutions it was sent."""
    sent = n_("Envoyée à {count} institution.", "Envoyée à {count} institutions.", institutions)
    private = _("Ou en privé : `répondre A-{number} en privé …`.", number=str(kept.number))
    words = shortened(post(kept), f"{kept.reference}.txt")
    return replace(words, blocks=(*words.blocks, Paragraph(private), Paragraph(sent)))


SHOWN_IN_PLACE = 1000
"""How many characters of what somebody wrote are shown where everybody reads."""


def shortened(words: Reply, file_name: str) -> Reply:
    """The same with the beginning of a long quotation; the whole goes with it as a file."""
    blocks: list[Block] = []
    files: list[File] = []
    for block in words.blocks:
        if not isinstance(block, Quote) or len(block.words) <= SHOWN_IN_PLACE:
            blocks.append(block)
            continue
        beginning = _beginning(block.words)
        left = len(block.words) - len(beginning)
        blocks += [Quote(f"{beginning} …"), Paragraph(_continued(left, file_name))]
        files.append(File(file_name, "text/plain", block.words.encode()))
    return replace(words, blocks=tuple(blocks), files=(*words.files, *files))


def _beginning(words: str) -> str:
    """As much as is shown, cut between words where there are any."""
    cut = words[:SHOWN_IN_PLACE]
    between = max(cut.rfind(" "), cut.rfind("\n"))
    return cut[:between].rstrip() if between > SHOWN_IN_PLACE // 2 else cut


def _continued(left: int, file_name: str) -> Text:
    return n_(
        "La suite ({count} caractère) est dans le fichier joint, {file}.",
        "La suite ({count} caractères) est dans le fichier joint, {file}.",
        left,
        file=file_name,
    )

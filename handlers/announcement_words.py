"""How an announcement is worded: its headline, what was understood, who will see it."""

from __future__ import annotations

from datetime import date

from handlers import texts
from handlers.desk import Desk
from handlers.reply import Block, Fields, Paragraph, Quote, Reply, reply
from handlers.wording import Text, _, verbatim
from storage.announcements import Announcement, Direction


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


def preview(desk: Desk, kept: Announcement) -> list[Block]:
    """What others will see, shown to the author."""
    return [Paragraph(headline(kept)), Quote(kept.words), *facts(kept), *_readers(desk, kept)]


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

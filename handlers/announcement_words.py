"""How an announcement is worded: its headline, what was understood, who will see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from config.authorities import Authority, AuthorityType
from handlers import kinds, texts
from handlers.desk import Desk
from handlers.reply import Block, Bullets, Fields, File, Paragraph, Quote, Reply, reply
from handlers.wording import Text, _, n_, verbatim
from storage import inbox, members
from storage.announcements import Announcement, Direction
from storage.files import StoredFile


def headline(kept: Announcement) -> Text:
    """One line: demand or offer, its reference once it has one, about what, from whom."""
    demand_, offer_ = _("🔎 Demande"), _("🤝 Offre")
    what = demand_ if kept.direction == Direction.DEMAND else offer_
    return _(
        "**{what} · {category}** · {institution}",
        what=_("{what} {reference}", what=what, reference=kept.reference) if kept.number else what,
        category=kinds.name_of(kept),
        institution=texts.bare(kept.person.institution),
    )


def service_name(service: str) -> Text:
    """A service as it is written; what is kept has no accents."""
    names = {
        "etat civil": _("état civil"),
        "secretariat": _("secrétariat"),
        "marches publics": _("marchés publics"),
        "cimetieres": _("cimetières"),
    }
    return names.get(service) or verbatim(service)


def facts(kept: Announcement) -> list[Fields]:
    """What was understood beside the words."""
    rows: list[tuple[Text, Text]] = []
    if kept.service:
        rows.append((_("Service"), service_name(kept.service)))
    if kept.starts_on:
        rows.append((_("Période"), period(kept.starts_on, kept.ends_on)))
    urgency = urgency_of(kept)
    if urgency is not None:
        rows.append((_("Urgence"), urgency))
    return [Fields(tuple(rows))] if rows else []


SEVERITIES = {"blocked": _("service bloqué"), "overwhelmed": _("service débordé")}
"""How bad it is for a service, the worst first."""


def urgency_of(kept: Announcement) -> Text | None:
    """How bad it is and whether it is urgent, as far as its words say (acceptance B28, B32)."""
    severity = SEVERITIES.get(kept.severity)
    if severity is None:
        return _("urgent") if kept.urgent else None
    return _("urgent, {severity}", severity=severity) if kept.urgent else severity


def pressing(kept: Announcement) -> int:
    """Its place in a list: a blocked service comes first (acceptance B32), what is not urgent
    last.
    """
    if kept.severity in SEVERITIES:
        return list(SEVERITIES).index(kept.severity)
    return len(SEVERITIES) + (not kept.urgent)


def period(start: date, end: date | None) -> Text:
    """From when until when, both days included; without an end, since when."""
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
    """Who will see it, where not everybody will; and who of them is no member yet."""
    if not kept.audience:
        return []
    territory = desk.platform.territory
    meant = [territory.authority(*key.split(":", 1)) for key in kept.audience]
    absent = [one for one in meant if members.living(desk.session, one.type, one.code) is None]
    told = [Paragraph(_("Seules la verront : {names}.", names=_named(meant)))]
    if len(absent) == len(meant):
        told.append(
            Paragraph(
                _("⚠️ Personne ne la recevrait : aucune n'est encore membre de la plateforme.")
            )
        )
    elif absent and len(absent) <= MOST_NAMED:
        names = ", ".join(one.name for one in absent)
        told.append(
            Paragraph(_("N'en recevront rien, faute d'être membres : {names}.", names=names))
        )
    return told


MOST_NAMED = 12
"""Up to how many institutions are named one by one."""


def _named(meant: Sequence[Authority]) -> Text:
    """Each of a few institutions; of many, how many of each sort."""
    if len(meant) <= MOST_NAMED:
        return verbatim(", ".join(one.name for one in meant))
    kinds = Counter(one.type for one in meant)
    sorts = {
        AuthorityType.COMMUNE: n_(
            "{count} commune", "{count} communes", kinds[AuthorityType.COMMUNE]
        ),
        AuthorityType.CPAS: n_("{count} CPAS", "{count} CPAS", kinds[AuthorityType.CPAS]),
        AuthorityType.ZONE_POLICE: n_(
            "{count} zone de police", "{count} zones de police", kinds[AuthorityType.ZONE_POLICE]
        ),
        AuthorityType.ZONE_SECOURS: _("la zone de secours"),
        AuthorityType.PROVINCE: _("la Province"),
    }
    parts = {f"part{kind}": words for kind, words in sorts.items() if kinds[kind]}
    return Text(", ".join(f"{{{name}}}" for name in parts), parts)


def post(kept: Announcement) -> Reply:
    """What others get."""
    return _post(kept, _how_to_answer(kept))


def _post(kept: Announcement, *how_to_answer: Text) -> Reply:
    """An announcement; how to answer it is told as long as it looks for somebody."""
    told = how_to_answer if kept.is_awaiting else ()
    return reply(
        Paragraph(headline(kept)), Quote(kept.words), *facts(kept), *told, title=headline(kept)
    )


def _how_to_answer(kept: Announcement) -> Text:
    whom = texts.to_the(kept.person.institution)
    if kept.audience:
        return n_(
            "Cette annonce n'est adressée qu'à {count} institution. Répondez à ce message : votre"
            " réponse part {whom}. Chacun aide dans la mesure du possible.",
            "Cette annonce n'est adressée qu'à {count} institutions. Répondez à ce message : votre"
            " réponse part {whom}, et ceux qui répondent aussi la lisent. Chacun aide dans la"
            " mesure du possible.",
            len(kept.audience),
            whom=whom,
        )
    return _(
        "Répondez à ce message : votre réponse part {whom}, et tous les membres peuvent la lire ;"
        " pour n'écrire qu'à l'auteur, commencez par « en privé ». Chacun aide dans la mesure du"
        " possible.",
        whom=whom,
    )


def post_in_place(kept: Announcement, institutions: int) -> Reply:
    """What the members' place gets: short, and to how many institutions it was sent."""
    sent = n_("Envoyée à {count} institution.", "Envoyée à {count} institutions.", institutions)
    answer = _(
        "Répondez dans ce fil : votre réponse part {whom}, et tous les membres peuvent la lire."
        " Pour n'écrire qu'à l'auteur : `répondre A-{number} en privé …` dans notre conversation à"
        " deux. Chacun aide dans la mesure du possible.",
        whom=texts.to_the(kept.person.institution),
        number=str(kept.number),
    )
    words = shortened(_post(kept, answer), f"{kept.reference}.txt")
    return replace(words, blocks=(*words.blocks, Paragraph(sent)))


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


def is_an_answer(kept: Announcement, words: str) -> Reply:
    """The question whether words without a number answer an announcement, before anybody reads
    them.
    """
    return reply(
        _("Est-ce votre réponse à cette annonce ?"),
        Bullets((headline(kept),)),
        Quote(words),
        _(
            "Répondez ✅ ou `oui` : elle part {whom}, et tous les membres peuvent la lire. Sinon,"
            " rien n'est envoyé.",
            whom=texts.to_the(kept.person.institution),
        ),
    )

"""What became of an announcement for those for whom it was meant (« reçue par 28 sur 31 »).

A platform knows what the servers of its readers answer, never whether somebody has read: the words
say no more than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers import broadcast, texts
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.identity import require
from handlers.policy import Role
from handlers.reply import Block, Bullets, Heading, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, n_
from storage import recipients
from storage.announcements import Announcement
from storage.members import Institution
from storage.recipients import Fate, Recipient

table = Table()

_ARRIVED = frozenset({Fate.TAKEN, Fate.PLACE})


@table.command(
    "diffusion",
    aliases={
        "fr": ["reçue par", "qui a reçu", "qui a bien reçu"],
        "en": ["delivery"],
        "nl": ["verspreiding"],
        "de": ["zustellung"],
    },
    usage=_("diffusion A-NUMÉRO"),
    summary=_("par qui votre annonce est reçue"),
    example="diffusion A-1",
    helps=(Role.MEMBER, Role.ADMINISTRATOR),
)
def reach(ctx: Context, announcement: Announcement) -> Reply:
    """Whom an announcement reached, for its author's institution and the administrators."""
    administrator = Role.ADMINISTRATOR in ctx.roles
    if not administrator and not _is_theirs(ctx, announcement):
        raise Refusal(
            _("La diffusion d'une annonce n'est montrée qu'à l'institution qui l'a faite.")
        )
    meant = recipients.of(ctx.session, f"announcement:{announcement.id}")
    return reply(
        summary(ctx, announcement),
        *_others(meant, administrator=administrator),
        _(
            "« Reçue » veut dire : acceptée par le serveur de la personne, ou publiée dans le salon"
            " qu'elle suit. Personne ne peut savoir qui l'a lue."
        ),
        title=_("Diffusion de l'annonce {reference}", reference=announcement.reference),
    ).about(f"announcement:{announcement.id}")


def _is_theirs(ctx: Context, announcement: Announcement) -> bool:
    if ctx.person is None and ctx.claimed is not None:
        require(ctx)
    return (
        Role.MEMBER in ctx.roles and ctx.member.institution_id == announcement.person.institution_id
    )


# -- what the author is told unasked ------------------------------------------------------------

MISSED = "announcement-missed"
LOOK_AFTER, LOOK_AGAIN = timedelta(hours=1), timedelta(days=1)
LOOK_UNTIL = timedelta(days=3)
"""How long after it left an announcement may still be under way before its author is told."""
_LOST = frozenset({Fate.RETURNED, Fate.FAILED})


def look_later(desk: Desk, kept: Announcement) -> None:
    """Plan to look whom a new announcement did not reach."""
    desk.remind(MISSED, Topic("announcement", kept.id), desk.now + LOOK_AFTER)


@table.reminder(MISSED)
def tell_missed(desk: Desk, topic: Topic) -> None:
    """Tell an author once which institutions an announcement did not reach, if there are any; later
    while it is still on its way to some.
    """
    kept = desk.session.get_one(Announcement, topic.id)
    fates = [(recipients.fate(one), one) for one in recipients.of(desk.session, str(topic))]
    left = desk.now - (kept.published_at or desk.now)
    if any(fate is Fate.UNDERWAY for fate, _one in fates) and left < LOOK_UNTIL:
        desk.remind(MISSED, topic, desk.now + LOOK_AGAIN)
        return
    lost = {one.person.institution for fate, one in fates if fate in _LOST}
    if lost and kept.person.active:
        broadcast.tell_author(desk, kept, _missed(kept, sorted(lost, key=lambda one: one.name)))


def _missed(kept: Announcement, lost: Sequence[Institution]) -> Reply:
    return reply(
        n_(
            "Votre annonce **{reference}** n'est pas arrivée dans {count} institution :",
            "Votre annonce **{reference}** n'est pas arrivée dans {count} institutions :",
            len(lost),
            reference=kept.reference,
        ),
        Bullets(tuple(texts.bare(one) for one in lost)),
        _(
            "Si c'est urgent, téléphonez-leur. Les administrateurs voient la même liste ; en détail"
            " : `diffusion {reference}`.",
            reference=kept.reference,
        ),
        title=_("Annonce {reference} : pas arrivée partout", reference=kept.reference),
    ).about(f"announcement:{kept.id}")


# -- what is told -------------------------------------------------------------------------------


def summary(desk: Desk, announcement: Announcement) -> Text:
    """In one sentence, for how many of those for whom it was meant it arrived."""
    meant = recipients.of(desk.session, f"announcement:{announcement.id}")
    arrived = sum(recipients.fate(one) in _ARRIVED for one in meant)
    return _(
        "Annonce **{reference}** : reçue par **{arrived} sur {count}**, au {now}.",
        reference=announcement.reference,
        arrived=arrived,
        count=len(meant),
        now=desk.now,
    )


def _others(meant: Sequence[Recipient], *, administrator: bool) -> list[Block]:
    """Those whom it did not reach, or not yet, by the reason; at last those whom it did (B09)."""
    blocks: list[Block] = []
    for fate in _IN_ORDER:
        theirs = [one for one in meant if recipients.fate(one) is fate]
        if theirs:
            names = tuple(_who(one, administrator=administrator) for one in theirs)
            blocks += [Heading(_why(fate)), Bullets(names)]
    return blocks


_IN_ORDER = (
    *(Fate.RETURNED, Fate.FAILED, Fate.UNDERWAY, Fate.DIGEST, Fate.NONE),
    *(Fate.TAKEN, Fate.PLACE),
)


def _why(fate: Fate) -> Text:
    match fate:
        case Fate.RETURNED:
            return _("Revenue : leur serveur l'a renvoyée")
        case Fate.FAILED:
            return _("Pas remise : l'envoi a été abandonné")
        case Fate.UNDERWAY:
            return _("En route")
        case Fate.DIGEST:
            return _("Dans leur prochain résumé quotidien")
        case Fate.TAKEN:
            return _("Reçue à leur adresse")
        case Fate.PLACE:
            return _("Reçue au salon des membres")
    return _("Ne souhaitent pas recevoir d'annonces")


def _who(one: Recipient, *, administrator: bool) -> Text:
    """An institution; to administrators also the person, and what the server said."""
    institution = texts.bare(one.person.institution)
    if not administrator:
        return institution
    said = one.row.error if one.row is not None else None
    if said is None:
        return _("{institution} : {name}", institution=institution, name=one.person.name)
    return _(
        "{institution} : {name} ({said})",
        institution=institution,
        name=one.person.name,
        said=said,
    )

"""Moderation: administrators may read announcements before anybody else, all of them or some kinds.

They say yes or no by a symbol or a command; a no has a reason, which its author is told. While it
waits its author may change it or take it back, and a yes counts for what was shown last only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NewType

from handlers import amendments, announcement_acts, announcements, broadcast, kinds, moderating
from handlers.announcement_checks import publishable
from handlers.announcement_words import headline
from handlers.arguments import MaybeWords, Words, reads
from handlers.calls import check, own_words
from handlers.campaign_words import is_administrator
from handlers.command import Followed, Table
from handlers.context import Context, Revision
from handlers.courtesy import only_thanks
from handlers.desk import Desk
from handlers.moderating import topic_of
from handlers.policy import Role
from handlers.reading.announcement import read_announcement
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reply import Bullets, Quote, Refusal, Reply, reply
from handlers.request import Kind, Place, Topic, consent
from handlers.wording import Text, _
from storage import moderation
from storage.announcement_states import Stage, Step
from storage.announcements import Announcement, in_stages, written_in
from storage.conversations import Question
from storage.members import Standing
from storage.moderation import ALL

table = Table()

Waiting = NewType("Waiting", Announcement)
"""An announcement that waits for an administrator, by its M-NUMBER."""

REASON = "moderation-reason"
"""The question why an announcement shall not leave."""
_REFERENCE = re.compile(r"\s*M?\s?-?\s?0*(\d{1,9})\b", re.IGNORECASE)
_NO = re.compile(r"^\W*(?:non|refus\w*|rejet\w*)\b[\s,:;.]*(?:car|parce que|:)?\s*", re.IGNORECASE)

KINDS = {
    ALL: (_("toutes les annonces"), ("tout", "toute", "toutes", "tous", "all", "alles", "alle")),
    "staff": (_("personnel"), ("personnel", "staff", "personal", "personeel")),
    "equipment": (_("matériel"), ("materiel", "equipment", "materieel", "material")),
    "knowledge": (_("connaissances"), ("connaissance", "connaissances", "savoir", "knowledge")),
    "other": (_("autre"), ("autre", "autres", "other", "andere")),
}
_NONE = frozenset({"aucune", "aucun", "non", "rien", "none", "geen", "keine", "off", "arret"})


@reads(Waiting)
def read_waiting(ctx: Context, words: str) -> Waiting:
    """The announcement of a reference such as M-12. Raises Refusal."""
    match = _REFERENCE.fullmatch(words.strip(" .,;:"))
    kept = ctx.session.get(Announcement, int(match[1])) if match else None
    if kept is None or kept.stage != Stage.PENDING:
        raise Refusal(
            _(
                "Aucune annonce n'attend sous « {words} » : `modération` montre celles qui"
                " attendent.",
                words=words[:40],
            )
        )
    return Waiting(kept)


# -- the rule -----------------------------------------------------------------------------------


@table.command(
    "modération",
    aliases={"en": ["moderation"], "nl": ["moderatie"], "de": ["moderieren"]},
    who=Role.ADMINISTRATOR,
    usage=_("modération [tout, aucune, ou des genres]"),
    summary=_("relire les annonces avant leur diffusion : toutes, certains genres, ou aucune"),
    example="modération personnel, matériel",
)
def moderate(ctx: Context, words: MaybeWords) -> Reply:
    """Choose what is moderated; without a word, see what is, and what waits."""
    if words.strip():
        wanted = _kinds(ctx, words)
        moderation.replace(ctx.session, wanted, ctx.now)
        ctx.audit("moderation.set", Topic("entry", ctx.entry.id), kinds=" ".join(sorted(wanted)))
    return reply(_rule(ctx), *_waiting(ctx), title=_("Relecture des annonces"))


def _words(ctx: Context) -> Iterator[tuple[str, frozenset[str]]]:
    """Every kind with the words that name it, levelled; the operator's own by one word each."""
    for key, (_name, known) in KINDS.items():
        yield key, frozenset(known)
    for own in ctx.platform.settings.announcements.kinds:
        yield own.slug, frozenset(map(level, (own.slug, own.fr, own.nl, own.de, own.en)))


def _kinds(ctx: Context, words: str) -> frozenset[str]:
    """The kinds that words name. Raises Refusal for a word that names none."""
    said = [part for part in re.split(r"[\s,;]+", level(words)) if part not in {"", "et", "en"}]
    if said and set(said) <= _NONE:
        return frozenset()
    named = {kind: {one for one in said if one in known} for kind, known in _words(ctx)}
    strange = set(said) - set().union(*named.values())
    if strange or not said:
        raise Refusal(
            _(
                "Dites quoi relire : `modération tout`, `modération personnel, matériel` ou"
                " `modération aucune`."
            )
        )
    found = frozenset(kind for kind, words_ in named.items() if words_)
    return frozenset({ALL}) if ALL in found else found


def _rule(ctx: Context) -> Text:
    ruled = moderation.rules(ctx.session)
    if not ruled:
        return _("Aucune annonce n'est relue avant sa diffusion.")
    own = [kinds.name(ctx, key) for key in kinds.in_order(ruled - KINDS.keys())]
    names = [KINDS[key][0] for key in KINDS if key in ruled] + own
    listed = names[0]
    for name in names[1:]:
        listed = _("{first}, {second}", first=listed, second=name)
    return _("Un administrateur relit avant diffusion : **{kinds}**.", kinds=listed)


def _waiting(ctx: Context) -> list[Bullets]:
    found = in_stages(ctx.session, {Stage.PENDING})
    lines = tuple(
        _(
            "**M-{number}** · {name}, {institution}",
            number=kept.id,
            name=kept.person.name,
            institution=kept.person.institution.name,
        )
        for kept in found
    )
    return [Bullets(lines)] if lines else []


# -- deciding -----------------------------------------------------------------------------------


@table.command(
    "valider",
    aliases={"en": ["approve"], "nl": ["goedkeuren"], "de": ["freigeben"]},
    who=Role.ADMINISTRATOR,
    usage=_("valider M-NUMÉRO"),
    summary=_("laisser partir une annonce relue"),
    example="valider M-12",
    listed=False,
)
def approve(ctx: Context, waiting: Waiting) -> Reply:
    """Let an announcement out."""
    return _approved(ctx, waiting)


@table.command(
    "rejeter",
    aliases={"en": ["reject"], "nl": ["afwijzen"], "de": ["zurückweisen"]},
    who=Role.ADMINISTRATOR,
    usage=_("rejeter M-NUMÉRO MOTIF"),
    summary=_("ne pas laisser partir une annonce, avec le motif"),
    example="rejeter M-12 merci de ne nommer personne",
    listed=False,
)
def reject(ctx: Context, waiting: Waiting, reason: Words) -> Reply:
    """Keep an announcement back, and tell its author why."""
    return _rejected(ctx, waiting, reason)


@table.topic("moderation", who=Role.ANYONE, symbols=True)
def said_about_it(ctx: Context, topic: Topic) -> Reply | None:
    """A yes or a no of an administrator, or what its author says while it waits."""
    kept = ctx.session.get_one(Announcement, topic.id)
    words = own_words(ctx).strip() or ctx.incoming.text.strip()
    if is_administrator(ctx) and ctx.incoming.place is Place.ADMINS:
        return _decided(ctx, kept, words)
    check(ctx, Role.MEMBER)
    if kept.person.institution_id != ctx.institution.id or only_thanks(words, ctx.claimed):
        return None
    _must_wait(kept)
    if consent(words) is False:
        return _dropped(ctx, kept)
    if consent(words) is True or ctx.incoming.kind is not Kind.MESSAGE:
        return moderating.waits(kept)
    return _reworded(ctx, kept, words)


def _decided(ctx: Context, kept: Announcement, words: str) -> Reply | None:
    said = consent(words)
    reason = _NO.match(words)
    if said is None and reason is None:
        # What administrators say among themselves.
        return None
    _must_wait(kept)
    if ctx.incoming.kind is Kind.REACTION:
        _must_be_shown_last(ctx, kept)
    if said:
        return _approved(ctx, kept)
    if reason is not None and words[reason.end() :].strip():
        return _rejected(ctx, kept, words[reason.end() :].strip())
    question = ctx.ask(REASON, topic_of(kept))
    return reply(
        _("**Quel motif lui dire ?** Une phrase suffit ; « annuler » laisse l'annonce en attente."),
        title=_("Annonce à relire (M-{number})", number=kept.id),
    ).about(f"question:{question.id}")


@table.question(REASON, free_text=True)
def reason_told(ctx: Context, question: Question, said: bool | None) -> Reply:
    """Keep an announcement back for the reason that was asked for."""
    kept = ctx.session.get_one(Announcement, Topic.parse(question.topic).id)
    if said is not None:
        return reply(_("L'annonce M-{number} attend toujours.", number=kept.id))
    return _rejected(ctx, kept, own_words(ctx).strip())


def _must_wait(kept: Announcement) -> None:
    if kept.stage != Stage.PENDING:
        raise Refusal(_("Cette annonce n'attend plus : rien n'a changé."))


def _must_be_shown_last(ctx: Context, kept: Announcement) -> None:
    """A symbol counts for the words under which it stands. Raises Refusal for former ones."""
    last = moderating.last_shown(ctx, kept)
    if last is None or last.external_id not in ctx.incoming.answers:
        raise Refusal(_("Son texte a changé depuis : décidez sous la dernière version."))


def _approved(ctx: Context, kept: Announcement) -> Reply:
    _must_wait(kept)
    author = kept.person
    if not author.active or author.institution.state != Standing.ACTIVE:
        raise Refusal(_("Son auteur n'est plus membre : l'annonce ne peut plus partir."))
    receipt = announcements.publish(ctx, kept)
    ctx.audit("announcement.approved", topic_of(kept))
    ctx.tell(author, receipt)
    return reply(_("C'est fait : l'annonce **{reference}** part.", reference=kept.reference))


def _rejected(ctx: Context, kept: Announcement, reason: str) -> Reply:
    _must_wait(kept)
    announcement_acts.take(ctx, kept, Step.REFUSE, reason)
    words = reply(
        _("Votre annonce n'est pas diffusée telle quelle. Un administrateur l'a relue et écrit :"),
        Quote(reason),
        _("Votre texte, pour le reprendre et le renvoyer :"),
        Quote(kept.words),
        title=headline(kept),
    )
    broadcast.tell_author(ctx, kept, words)
    return reply(_("C'est fait : le motif part à **{name}**.", name=kept.person.name))


# -- its author, while it waits -----------------------------------------------------------------


def _dropped(ctx: Context, kept: Announcement) -> Reply:
    announcement_acts.take(ctx, kept, Step.DROP)
    ctx.tell_administrators(
        reply(_("L'annonce M-{number} est retirée par son auteur.", number=kept.id))
    )
    return reply(_("C'est annulé : rien n'a été envoyé."))


def _reworded(ctx: Context, kept: Announcement, words: str) -> Reply:
    """Put other words in its place, or what a few words change of them, and show these to the
    administrators.
    """
    change = amendments.read(ctx, kept, words)
    if change is not None and change.audience is not None:
        meant = change.audience.institutions or ()
        kept.audience = [f"{one.type}:{one.code}" for one in meant]
    period = change.period if change is not None else None
    words = (change.words or kept.words) if change is not None else words
    clean = publishable(ctx, words)
    if clean != words.strip():
        raise Refusal(
            _(
                "Ce texte contient un élément personnel qui ne peut pas être diffusé : renvoyez-le"
                " sans lui. Le texte d'avant attend toujours."
            )
        )
    read = read_announcement(open_letter("", words), ctx.today)
    kept.words, kept.service = words, read.service or kept.service
    if read.period and not read.period.faults:
        kept.starts_on, kept.ends_on = read.period.start, read.period.end
    if period is not None:
        kept.starts_on, kept.ends_on = period.start or kept.starts_on, period.end or kept.ends_on
    lead = _("✏️ L'annonce M-{number} a changé ; seule cette version compte.", number=kept.id)
    moderating.show(ctx, kept, lead)
    return reply(
        _("Votre nouveau texte remplace l'ancien ; il attend la relecture."), title=headline(kept)
    ).about(str(topic_of(kept)))


@table.edited
def edited(ctx: Context, revision: Revision) -> Followed | None:
    """What waits says now what its message says."""
    kept = written_in(ctx.session, revision.ids)
    if kept is None or kept.stage != Stage.PENDING:
        return None
    return Followed(_reworded(ctx, kept, revision.words))


@table.withdrawn
def deleted(ctx: Context, revision: Revision) -> Followed | None:
    """What waits is taken back with its message."""
    kept = written_in(ctx.session, revision.ids)
    if kept is None or kept.stage != Stage.PENDING:
        return None
    return Followed(_dropped(ctx, kept))


@table.reminder("moderation")
def remind(desk: Desk, topic: Topic) -> None:
    """Remind the administrators of what still waits."""
    kept = desk.session.get_one(Announcement, topic.id)
    if kept.stage == Stage.PENDING:
        lead = _("🔎 L'annonce M-{number} attend toujours votre relecture.", number=kept.id)
        moderating.show(desk, kept, lead)
        desk.remind("moderation", topic, desk.now + moderating.REMINDED_AFTER)

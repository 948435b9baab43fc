"""How often a member is told what is said to everybody: at once, once a day, or never.

STOP means stop: nothing that is said to everybody reaches that person any more, whichever way they
said it. What concerns them (their own requests, orders and answers) still does, and everything can
be undone.
"""

from __future__ import annotations

from handlers.arguments import MaybeWords
from handlers.calls import check
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.platform import Platform
from handlers.policy import Role
from handlers.reading.letters import level
from handlers.reply import Bullets, Refusal, Reply, reply
from handlers.request import Incoming, Topic
from handlers.tokens import read_leave_tag
from handlers.wording import Text, _
from storage import rhythms
from storage.members import Person, Standing
from storage.rhythms import Rhythm

table = Table()

# Unaccented, as they are compared: the beginnings of words in the four languages.
_WORDS = {
    Rhythm.IMMEDIATE: "immediat aussitot tout onmiddellijk direct meteen sofort immediate at once",
    Rhythm.DAILY: "quotidien resume jour journalier dagelijks samenvatting taglich daily digest",
    Rhythm.OWN: "seulement personnel concerne alleen persoonlijk nur personlich only personal own",
}
_SAID = {rhythm: tuple(words.split()) for rhythm, words in _WORDS.items()}


def name(rhythm: Rhythm) -> Text:
    """A rhythm in words."""
    match rhythm:
        case Rhythm.IMMEDIATE:
            return _("les annonces immédiatement")
        case Rhythm.DAILY:
            return _("un résumé quotidien des annonces")
        case Rhythm.OWN:
            return _("seulement ce qui concerne la personne")


@table.command(
    "rythme",
    private=True,
    aliases={"en": ["rhythm", "frequency"], "nl": ["ritme"], "de": ["rhythmus"]},
    who=Role.MEMBER,
    usage=_("rythme immédiat, quotidien ou personnel"),
    summary=_("recevoir les annonces aussitôt, en un résumé par jour, ou pas du tout"),
    example="rythme quotidien",
)
def rhythm(ctx: Context, words: MaybeWords) -> Reply:
    """Choose a rhythm; without a word, see the present one and the others."""
    if not words.strip():
        return _present(ctx)
    wanted = _read(words)
    if wanted is None:
        raise Refusal(_("Je connais trois rythmes :"), _choices(ctx))
    return _chosen(ctx, wanted)


def _read(words: str) -> Rhythm | None:
    """The one rhythm that some words name; None if there is none, or more than one."""
    said = level(words)
    found = [
        one
        for one, marks in _SAID.items()
        if any(mark in said.split() or _begins(said, mark) for mark in marks)
    ]
    return found[0] if len(found) == 1 else None


def _begins(said: str, mark: str) -> bool:
    """Whether a word begins like a mark: « immédiatement », « quotidienne », « tägliche »."""
    return len(mark) > 4 and any(word.startswith(mark) for word in said.split())


def _present(ctx: Context) -> Reply:
    present = rhythms.of(ctx.session, ctx.member.id)
    return reply(
        _("Vous recevez {what}. Pour en changer :", what=_yours(present)),
        _choices(ctx),
        title=_("Votre rythme"),
    )


def _choices(ctx: Context) -> Bullets:
    hour = ctx.platform.settings.rules.digest_hour
    return Bullets(
        (
            _("`rythme immédiat` : chaque annonce dès sa publication ;"),
            _("`rythme quotidien` : un résumé par jour, à {hour} h, s'il y a du neuf ;", hour=hour),
            _("`rythme personnel` : seulement ce qui vous concerne, aucune annonce."),
        )
    )


def _yours(rhythm: Rhythm) -> Text:
    match rhythm:
        case Rhythm.IMMEDIATE:
            return _("chaque annonce dès sa publication")
        case Rhythm.DAILY:
            return _("un résumé par jour")
        case Rhythm.OWN:
            return _("seulement ce qui vous concerne")


def _chosen(ctx: Context, wanted: Rhythm) -> Reply:
    _choose(ctx, ctx.member, wanted)
    match wanted:
        case Rhythm.IMMEDIATE:
            return _resumed()
        case Rhythm.DAILY:
            return _daily(ctx)
        case Rhythm.OWN:
            return _stopped()


def _choose(desk: Desk, person: Person, wanted: Rhythm) -> bool:
    changed = rhythms.choose(desk.session, person.id, wanted, desk.now)
    if changed:
        author = next((address.address for address in person.addresses), "")
        desk.record(author, "person.rhythm", Topic("person", person.id), rhythm=wanted)
    return changed


def _daily(ctx: Context) -> Reply:
    return reply(
        _(
            "C'est noté : un résumé par jour, à {hour} h, les jours où il y a du neuf. Ce qui vous"
            " concerne vous parvient toujours aussitôt.",
            hour=ctx.platform.settings.rules.digest_hour,
        ),
        _("Pour recevoir à nouveau chaque annonce aussitôt : `reprendre`."),
        title=_("Votre rythme : un résumé par jour"),
    )


def _stopped() -> Reply:
    return reply(
        _(
            "C'est noté : vous ne recevrez plus d'annonces. Ce qui vous concerne (vos demandes, vos"
            " commandes, les réponses à vos annonces) vous parvient toujours."
        ),
        _("Pour recevoir à nouveau les annonces : `reprendre`."),
        title=_("Vous ne recevez plus les annonces"),
    )


def _resumed() -> Reply:
    return reply(
        _("C'est noté : chaque annonce vous parvient à nouveau dès sa publication."),
        _("Plutôt un seul message par jour ? Écrivez `rythme quotidien`."),
        title=_("Vous recevez à nouveau les annonces"),
    )


# -- STOP -------------------------------------------------------------------------------------


@table.command(
    "stop",
    private=True,
    alone=True,
    aliases={
        "fr": ["ne plus recevoir", "stop annonces", "stop mails", "me désabonner", "désabonner"],
        "en": ["unsubscribe", "stop mailing", "no more mails"],
        "nl": ["stoppen", "niet meer ontvangen", "geen mails meer"],
        "de": ["stopp", "nicht mehr erhalten", "abbestellen", "keine mails mehr"],
    },
    usage=_("stop"),
    summary=_("ne plus recevoir les annonces"),
    helps=(Role.MEMBER,),
)
def stop(ctx: Context) -> Reply:
    """No more announcements; said once more, it changes nothing. Who says it while their
    registration waits gets none from the day on which it is accepted.
    """
    waits = ctx.person is not None and ctx.person.institution.state == Standing.PENDING
    if not waits:
        check(ctx, Role.MEMBER, _("ne plus recevoir les annonces"), "stop")
    return _chosen(ctx, Rhythm.OWN)


@table.command(
    "reprendre",
    private=True,
    alone=True,
    aliases={"en": ["resume"], "nl": ["hervatten"], "de": ["fortsetzen"]},
    who=Role.MEMBER,
    usage=_("reprendre"),
    summary=_("recevoir à nouveau les annonces"),
)
def resume(ctx: Context) -> Reply:
    """Every announcement again, at once."""
    return _chosen(ctx, Rhythm.IMMEDIATE)


def is_stop(platform: Platform, incoming: Incoming) -> bool:
    """Whether a message was sent to somebody's token for stopping, whatever it says."""
    return read_leave_tag(platform.secret, incoming.tag or "") is not None


def stop_by_tag(desk: Desk, tag: str) -> bool:
    """STOP for the person whose token it is, confirmed to them once; False if it is nobody's.

    Mail programs and their servers send it again at will: that changes nothing, and says nothing.
    """
    person = person_of_tag(desk, tag)
    if person is None:
        return False
    if _choose(desk, person, Rhythm.OWN):
        desk.tell(person, _stopped())
    return True


def person_of_tag(desk: Desk, tag: str) -> Person | None:
    """Whose token for stopping it is."""
    person_id = read_leave_tag(desk.platform.secret, tag)
    return desk.session.get(Person, person_id) if person_id is not None else None

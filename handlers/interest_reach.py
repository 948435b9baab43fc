"""Whom a call for interest reached: each member's messages are followed to their end, who cannot be
reached is named at once, and whoever stays silent is made known to their direction.
"""

from __future__ import annotations

from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.policy import Role
from handlers.reading.contacts import find_addresses
from handlers.reply import Block, Bullets, Paragraph, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, Value, _, verbatim
from storage import interests, recipients
from storage.interests import Interest, InterestCall
from storage.members import Standing
from storage.recipients import Fate, Way

table = Table()

_LOST = frozenset({Fate.FAILED, Fate.RETURNED})


def ask(desk: Desk, one: Interest, words: Reply) -> None:
    """Ask everybody who acts for a member, and note under which messages."""
    topic = _topic(one)
    for person in one.institution.persons:
        if person.active:
            row = desk.tell(person, words)
            recipients.note(desk.session, topic, person.id, Way.MESSAGE, row, desk.now)


def _topic(one: Interest) -> str:
    return f"interest:{one.id}"


def is_unreached(desk: Desk, one: Interest) -> bool:
    """Whether nothing that was sent to a member arrived anywhere, as far as anybody knows."""
    fates = {recipients.fate(kept) for kept in recipients.of(desk.session, _topic(one))}
    return fates <= _LOST


def tell_unreached(desk: Desk, made: InterestCall) -> list[Block]:
    """Tell the administrators which members cannot be reached; gives the same for the manager."""
    lost = [one for one in interests.silent(made) if is_unreached(desk, one)]
    if not lost:
        return []
    names = tuple(verbatim(one.institution.name) for one in lost)
    blocks: list[Block] = [
        Paragraph(
            _(
                "⚠️ Personne ne peut être joint chez ces membres pour la demande d'intérêt {id} :",
                id=str(made.id),
            )
        ),
        Bullets(names),
    ]
    desk.tell_administrators(reply(*blocks))
    return blocks


def line(desk: Desk, one: Interest) -> Text:
    """A silent member in a list: whether it was reached, and whether its direction knows."""
    name = one.institution.name
    if is_unreached(desk, one):
        return _("{name} (injoignable)", name=name)
    if not one.institution.direction:
        return _("{name} (pas d'adresse de direction)", name=name)
    return verbatim(name)


def escalate(desk: Desk, one: Interest) -> None:
    """Make a member's silence known to its direction, if its address is known."""
    address = one.institution.direction
    if not address:
        return
    users = [person.name for person in one.institution.persons if person.active]
    values: dict[str, Value] = {
        "central": one.call.central.name,
        "subject": one.call.subject,
        "until": one.call.until,
    }
    words = reply(
        _(
            "La centrale **{central}** demande à chaque membre son intérêt pour un marché :"
            " **{subject}**. Votre institution n'a pas encore répondu.",
            **values,
        ),
        _(
            "La réponse est attendue pour le **{until}**, de {users} : « oui, 12 » ou « non ».",
            users=", ".join(users) or one.institution.name,
            **values,
        ),
        title=_("Sans réponse : intérêt pour {subject}", subject=one.call.subject),
    )
    desk.put(desk.platform.record_channel, address, desk.platform.language, words)
    desk.record("platform", "interest.escalated", Topic("interest", one.id))


# -- the address of the direction -----------------------------------------------------------------


@table.command(
    "direction",
    aliases={"en": ["management address"], "nl": ["directie"], "de": ["leitung"]},
    who=Role.MEMBER,
    private=True,
    usage=_("direction [ADRESSE MAIL]"),
    summary=_("l'adresse de votre direction, prévenue de ce qui reste sans réponse"),
    example="direction direction@commune.example",
    listed=False,
)
def direction(ctx: Context, words: MaybeWords) -> Reply:
    """Say, or see, where the direction of one's own institution is written to."""
    institution = ctx.institution
    if institution.state != Standing.ACTIVE:
        raise Refusal(_("Votre institution n'est pas encore membre."))
    if words:
        found = find_addresses(words)
        if len(found) != 1:
            raise Refusal(_("Écrivez une adresse : `direction direction@commune.example`."))
        institution.direction = found[0].email
        ctx.audit("institution.direction", Topic("registration", institution.id))
    if not institution.direction:
        return reply(
            _("Aucune adresse de direction n'est connue : `direction direction@commune.example`.")
        )
    return reply(
        _(
            "Votre direction est prévenue à **{address}** de ce qui reste sans réponse.",
            address=institution.direction,
        )
    )

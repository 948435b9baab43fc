"""The rules of the platform: asked for by anybody, accepted with a registration, and a new version
announced once to the members (acceptance B33).
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from handlers import publications
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.reply import Block, Heading, Refusal, Reply, reply
from handlers.request import Place, Topic
from handlers.wording import Text, _, verbatim
from storage import library, members
from storage.library import RULES_CHANGED, Publication, Shelf

table = Table()


@table.command(
    "règlement",
    aliases={"en": ["rules"], "nl": ["reglement"], "de": ["regeln"]},
    usage=_("règlement"),
    summary=_("le règlement de la plateforme"),
    listed=False,
)
def regulation(ctx: Context) -> Reply:
    """The current rules with their version and date."""
    known = library.on(ctx.session, Shelf.REGULATION)
    if not known:
        raise Refusal(_("Aucun règlement n'est encore publié."))
    blocks = [block for one in known for block in _whole(one)]
    return reply(*blocks, title=verbatim(known[0].name)).with_files(*publications.files(known))


def _whole(one: Publication) -> list[Block | Text]:
    edition = publications.edition(one)
    return [
        Heading(verbatim(one.name)),
        *([_("En vigueur : {edition}.", edition=edition)] if edition else []),
        *publications.paragraphs(one),
    ]


def accepted_with_a_registration(session: Session) -> list[Text]:
    """What a receipt says of the rules in force; nothing where there are none."""
    editions = [publications.edition(one) for one in library.on(session, Shelf.REGULATION)]
    return [
        _("Elle vaut acceptation du règlement, {edition} : `règlement`.", edition=edition)
        for edition in editions
        if edition is not None
    ]


@table.reminder(RULES_CHANGED)
def announce(desk: Desk, topic: Topic) -> None:
    """Tell every member once that the rules are new: in the members' place, and each of those who
    do not read there. Who asked for no announcements is bound by them, too.
    """
    one = desk.session.get(Publication, topic.id)
    if one is None:
        return
    edition = publications.edition(one)
    title = _("Nouvelle version du règlement")
    words = reply(
        _("**{name}** a changé : {edition}.", name=one.name, edition=edition)
        if edition
        else _("**{name}** a changé.", name=one.name),
        *publications.paragraphs(one),
        _("Pour le relire à tout moment : `règlement`. Une question ? Répondez simplement."),
        title=title,
    ).with_files(*publications.files([one]))
    desk.tell_place(Place.MEMBERS, words)
    for person in members.active_persons(desk.session):
        if not desk.is_in_places(person):
            desk.tell(person, words)

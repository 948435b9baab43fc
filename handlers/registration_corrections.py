"""Putting a registration right while it waits for its decision (acceptance B20, B47).

Those whose it is may: the designated user, and whoever asked for it from the same house, each as
far as they are believed. The administrators see what changed before they decide. From anybody else,
and where the words are not plain, nothing changes and a person reads them.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from config.territory import Authority
from handlers import membership
from handlers.command import Table
from handlers.context import Context
from handlers.enquiries import to_a_person, veiled
from handlers.observation import Action
from handlers.reading.contacts import display
from handlers.reading.correcting import Correction, find_correction
from handlers.reading.letter import open_letter
from handlers.reading.mailboxes import is_private
from handlers.reading.people import Gender
from handlers.reading.people import Person as Named
from handlers.registration_consent import CONSENT, REGISTRATION, is_third_party
from handlers.registration_words import (
    address_wanted,
    corrected,
    corrected_to_administrators,
    correction_waits,
)
from handlers.reply import Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, verbatim
from storage import conversations, inbox, members
from storage.conversations import Question
from storage.members import Institution, Person, Standing

table = Table()

CORRECTION = "registration-correction"
Change = tuple[Text, Text]


def heard(ctx: Context) -> Reply | None:
    """The answer to what puts a waiting registration right; None if it is not such."""
    return _put_right(ctx, ctx.letter.text)


@table.question(CORRECTION, free_text=True)
def completed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """The address of the user who was named without one."""
    if said is False:
        return reply(_("Rien ne change."))
    put = _put_right(ctx, f"{question.data['text']}\n{ctx.letter.text}")
    if put is not None:
        return put
    waiting = ctx.session.get_one(Institution, Topic.parse(question.topic).id)
    return correction_waits(waiting).about(str(to_a_person(ctx, shown_lead(waiting))))


def shown_lead(known: Institution) -> Text:
    """What introduces words about a registration to those who decide on it."""
    return _(
        "✏️ Réponse à l'inscription **{reference}** ({name}), qui attend votre décision :",
        reference=known.reference or "",
        name=known.name,
    )


def _put_right(ctx: Context, text: str) -> Reply | None:
    known = _theirs(ctx)
    if known is None:
        return None
    user = known.persons[0]
    former = _named(ctx, user)
    mail = membership.mail_of(ctx)
    letter = open_letter(ctx.letter.subject, text, mail, ctx.letter.display_name)
    read = find_correction(letter, former, by_user=_is_user(ctx, user))
    if read is None:
        return None
    ctx.observe(institution=known, designated_user=read.user or former)
    if read.user is not None and not read.user.email:
        return _asked_for(ctx, known, read.user, text)
    wanted = _after(former, read)
    if wanted.email != former.email and not _may_be(ctx, known, wanted):
        return None
    return _applied(ctx, known, former, wanted)


# -- whose it is --------------------------------------------------------------------------------


def _theirs(ctx: Context) -> Institution | None:
    """The waiting registration that a believed sender may put right, if there is one."""
    if not ctx.believed or not ctx.incoming.direct or ctx.letter is not ctx.incoming:
        return None
    known = _meant(ctx)
    if known is None or known.state != Standing.PENDING or not known.persons:
        return None
    return known if _is_user(ctx, known.persons[0]) or _asked(ctx, known) else None


def _meant(ctx: Context) -> Institution | None:
    """The registration that is answered, or else the one in which the sender is named."""
    if ctx.topic is None:
        return ctx.person.institution if ctx.person is not None else None
    if ctx.topic.kind == REGISTRATION:
        return ctx.session.get(Institution, ctx.topic.id)
    asked = ctx.session.get(Question, ctx.topic.id) if ctx.topic.kind == "question" else None
    if asked is None or asked.kind != CORRECTION:
        return None
    return ctx.session.get(Institution, Topic.parse(asked.topic).id)


def _is_user(ctx: Context, user: Person) -> bool:
    return ctx.person is not None and ctx.person.id == user.id


def _asked(ctx: Context, known: Institution) -> bool:
    """Whether the sender asked for a registration, and is no third party to it."""
    topic = f"{REGISTRATION}:{known.id}"
    first = inbox.first_about(ctx.session, topic, known.requested_at)
    if first is None or first.channel != ctx.incoming.channel:
        return False
    user = _named(ctx, known.persons[0])
    near = not is_third_party(ctx, _authority(ctx, known), user)
    return near and first.sender.lower() == ctx.incoming.sender.lower()


def _authority(ctx: Context, known: Institution) -> Authority:
    return ctx.platform.territory.authority(known.type, known.code)


def _may_be(ctx: Context, known: Institution, wanted: Named) -> bool:
    """Whether an address can be the user's without anybody being asked: of the house, nobody's."""
    if is_private(wanted.email) or is_third_party(ctx, _authority(ctx, known), wanted):
        return False
    house = known.persons[0].addresses[0].address.rpartition("@")[2]
    own = wanted.email.rpartition("@")[2].lower() == house
    return own and _is_free(ctx.session, ctx.platform.record_channel, wanted.email)


def _is_free(session: Session, channel: str, email: str) -> bool:
    return members.person_at(session, channel, email) is None


# -- what changes -------------------------------------------------------------------------------


def _named(ctx: Context, person: Person) -> Named:
    address = members.address_of(ctx.session, person, ctx.platform.record_channel)
    return Named(
        person.name,
        Gender(person.gender) if person.gender else None,
        person.function,
        address.address if address else "",
        person.phone,
    )


def _after(former: Named, read: Correction) -> Named:
    if read.user is not None:
        return read.user
    return Named(
        former.name,
        former.gender,
        former.role,
        read.email or former.email,
        read.phone or former.phone,
    )


def _applied(ctx: Context, known: Institution, former: Named, wanted: Named) -> Reply:
    changes = list(_changes(former, wanted))
    _write(ctx, known.persons[0], wanted)
    topic = Topic(REGISTRATION, known.id)
    if wanted.email != former.email:
        # Whoever was asked whether it is exact was asked about something else.
        conversations.withdraw(ctx.session, CONSENT, str(topic), ctx.now)
    ctx.observe(action=Action.ACCEPT)
    ctx.tell_administrators(
        corrected_to_administrators(
            known, ctx.incoming.sender, changes, veiled(ctx.incoming.text)
        ).about(str(topic))
    )
    ctx.audit("registration.corrected", topic, facts=len(changes))
    return corrected(known, changes).about(str(topic))


def _write(ctx: Context, person: Person, wanted: Named) -> None:
    person.name, person.phone, person.function = wanted.name, wanted.phone, wanted.role
    person.gender = wanted.gender.value if wanted.gender else ""
    members.link(ctx.session, person, ctx.platform.record_channel, wanted.email, ctx.now)


def _changes(former: Named, wanted: Named) -> list[Change]:
    facts = (
        (_("Personne désignée"), former.name, wanted.name),
        (_("Téléphone"), _shown(former.phone), _shown(wanted.phone)),
        (_("Adresse"), former.email, wanted.email),
        (_("Fonction"), former.role, wanted.role),
    )
    return [
        (label, verbatim(f"{before or '–'} → {after or '–'}"))
        for label, before, after in facts
        if before != after
    ]


def _shown(phone: str) -> str:
    return display(phone) if phone else ""


def _asked_for(ctx: Context, known: Institution, named: Named, text: str) -> Reply:
    """Another user is named without an address: it is asked for, and who decides knows it."""
    to_a_person(ctx, shown_lead(known))
    question = ctx.ask(CORRECTION, Topic(REGISTRATION, known.id), text=text)
    ctx.observe(ask_for=["designated_user"])
    return address_wanted(known, named).about(f"question:{question.id}")

"""Who acts for an institution: another designated user, or a deputy for a time.

Nobody is put in the place of the designated user on the word of a stranger: the user confirms, or
an administrator decides (DESIGN, section 4).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from handlers import admission, identity, membership, texts
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.enquiries import to_a_person
from handlers.intents import Intent, Understanding
from handlers.newcomers import kept_aside
from handlers.observation import Action
from handlers.policy import Role, morning_of
from handlers.reading.contacts import find_addresses
from handlers.reading.deputies import adds, find_deputy, find_successor
from handlers.reading.designating import takes_over
from handlers.reading.effect import change_day
from handlers.reading.letter import Letter, open_letter
from handlers.reading.letters import level
from handlers.reading.people import Gender, find_names, fits_address, same_person
from handlers.reading.people import Person as Named
from handlers.reading.whose import only_phone
from handlers.reply import Fields, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, verbatim
from storage import announcements, conversations, members
from storage.conversations import Question
from storage.inbox import State
from storage.members import Institution, Person, Standing

table = Table()

USER = "user"


def _letter(ctx: Context) -> Letter:
    letter = ctx.letter
    return open_letter(letter.subject, letter.text, letter.sender, letter.display_name)


# -- a deputy for a time --------------------------------------------------------------------


@table.intent(Intent.DEPUTY, who=Role.MEMBER)
def deputy_named(ctx: Context, understood: Understanding) -> Reply:
    """Let a colleague act for the institution between two days, both included."""
    found = find_deputy(_letter(ctx), ctx.today)
    person, period = found.person, found.period or understood.period
    ctx.observe(institution=ctx.institution, deputy=person)
    if ctx.member.is_deputy:
        raise Refusal(_("Seule la personne désignée peut nommer qui la remplace."))
    complete = period is not None and period.complete
    if period is not None and period.faults:
        ctx.observe(action=Action.ASK, ask_for=["period"])
        raise Refusal(
            _(
                "Les dates de ce remplacement ne vont pas ensemble : un jour qui n'existe pas, une"
                " fin avant le début, ou un jour de la semaine qui ne correspond pas. Quels sont"
                " le premier et le dernier jour ?"
            )
        )
    if person is None or not person.email or period is None or not complete:
        ctx.observe(action=Action.ASK, ask_for=["deputy", "period"])
        raise Refusal(
            _(
                "Pour qu'une personne vous remplace, indiquez en une phrase son nom, son adresse"
                " mail professionnelle, le premier et le dernier jour."
            )
        )
    assert period.start is not None  # noqa: S101 - a complete period has both
    assert period.end is not None  # noqa: S101 - as above
    if period.end < ctx.today:
        raise Refusal(_("Ce remplacement prend fin le {day}, qui est passé.", day=period.end))
    return _deputed(ctx, person, period.start, period.end)


def _deputed(ctx: Context, named: Named, first: date, last: date) -> Reply:
    deputy = _person_for(ctx, ctx.institution, named, ctx.language)
    if deputy.active and not deputy.is_deputy:
        raise Refusal(
            _(
                "{name} agit déjà pour {institution}.",
                name=deputy.name,
                institution=texts.the(ctx.institution),
            )
        )
    deputy.active, deputy.acts_from, deputy.acts_until = True, first, last
    topic = Topic("person", deputy.id)
    ctx.observe(action=Action.ACCEPT, deputy=named, period={"start": first, "end": last})
    ctx.tell(
        deputy,
        reply(
            _(
                "**{name}** vous confie ses pouvoirs sur la plateforme pour {institution}, du"
                " {first} au {last} inclus : répondre, publier et confirmer en écrivant à cette"
                " adresse.",
                name=ctx.member.name,
                institution=texts.the(ctx.institution),
                first=first,
                last=last,
            ),
            title=_("Vous remplacez {name}", name=ctx.member.name),
        ).about(str(topic)),
    )
    ctx.audit("person.deputed", topic, first=first.isoformat(), last=last.isoformat())
    return reply(
        _(
            "C'est noté : **{deputy}** ({address}) agit pour {institution} du **{first}** au"
            " **{last}** inclus ; un message l'en prévient. Vous gardez vos propres accès.",
            deputy=deputy.name,
            address=named.email,
            institution=texts.the(ctx.institution),
            first=first,
            last=last,
        ),
        title=_("Votre remplacement"),
    )


def _person_for(desk: Desk, institution: Institution, named: Named, language: str) -> Person:
    """The person at an address; a new one of the institution if nobody is known there."""
    known = members.person_at(desk.session, desk.platform.record_channel, named.email)
    if known is not None:
        if known.institution_id != institution.id:
            raise Refusal(
                _(
                    "L'adresse {address} est déjà celle de la personne désignée {whose} :"
                    " indiquez-en une autre.",
                    address=named.email,
                    whose=texts.of_the(known.institution),
                )
            )
        return known
    person = Person(
        institution=institution,
        name=named.name,
        gender=named.gender.value if named.gender else "",
        phone=named.phone,
        function=named.role,
        language=language,
        active=False,
    )
    desk.session.add(person)
    desk.session.flush()
    members.link(desk.session, person, desk.platform.record_channel, named.email, desk.now)
    return person


# -- another designated user ------------------------------------------------------------------


@table.intent(Intent.CHANGE_USER)
def change_asked(ctx: Context, understood: Understanding) -> Reply:
    """Another user for an institution: at the word of the present one, or held for theirs."""
    letter = _letter(ctx)
    named = _moved(ctx, letter) or understood.registration.user or find_successor(letter)
    if (
        named is None
        and ctx.claimed is None
        and any(takes_over(level(x)) for x in letter.sentences)
    ):
        named = _with_phone(understood.registration.requester, letter)
    ctx.observe(designated_user=named, requester=understood.registration.requester)
    if ctx.claimed is not None and ctx.person is None:
        # Whose address it is can be asked; the right to change anything follows from the answer.
        identity.require(ctx)
    if Role.MEMBER in ctx.roles and not ctx.member.is_deputy:
        return _by_the_user(ctx, named, change_day(letter, ctx.today), add=adds(letter))
    return _by_another(ctx, understood, named, add=adds(letter))


def _with_phone(writer: Named | None, letter: Letter) -> Named | None:
    return writer and replace(writer, phone=writer.phone or only_phone(letter))


def _moved(ctx: Context, letter: Letter) -> Named | None:
    """The user under a new address, made from her name or told while nobody else is named."""
    new = {found.email for found in find_addresses(letter.body)} - {ctx.letter.sender.lower()}
    if ctx.person is None or len(new) != 1 or not _ADDRESS_CHANGES.search(level(letter.body)):
        return None
    address, user = new.pop(), ctx.person
    signed = [name.name for name in find_names(f"{letter.signature}\n{letter.sender_name}")]
    own = [name for name in (*signed, user.name) if fits_address(name, address)]
    others = [name for name in find_names(letter.body) if not same_person(name.name, user.name)]
    if not own and others:
        return None
    phone = only_phone(letter) or user.phone
    return Named(own[0] if own else user.name, email=address, phone=phone, role=user.function)


_ADDRESS_CHANGES = re.compile(
    r"\badresse\b.{0,40}\b(?:chang|nouvelle|modifi)|nouvel(?:le)? (?:adresse|e-?mail|mail|courriel)"
    r"|\bnieuw (?:mail|e-?mail)?adres|\bneue (?:mail|e-?mail)?-?adresse|\bnew (?:e-?mail )?address"
)


def _by_the_user(ctx: Context, named: Named | None, on: date | None, *, add: bool) -> Reply:
    ctx.observe(institution=ctx.institution)
    if named is None or not named.email:
        ctx.observe(action=Action.ASK, ask_for=["designated_user"])
        raise Refusal(
            _(
                "Qui agira pour {institution} ? Indiquez en une phrase le nom et l'adresse mail"
                " professionnelle de la nouvelle personne désignée.",
                institution=texts.the(ctx.institution),
            )
        )
    question = ctx.ask(USER, Topic("registration", ctx.institution.id), **_data(named, add=add))
    if on is not None:
        return _planned(ctx, question, named, on)
    return _question_words(ctx.institution, named, add=add).about(f"question:{question.id}")


def _planned(ctx: Context, question: Question, named: Named, on: date) -> Reply:
    """A change on a day to come, told by the present user: noted, and hers to give up until then.

    Nothing changes before that morning, so there is nothing to confirm first.
    """
    due_at = morning_of(on, ctx.platform.zone)
    question.data = {**question.data, "on": on.isoformat(), "former": ctx.member.id}
    question.expires_at = due_at
    ctx.remind(USER, Topic("question", question.id), due_at)
    ctx.observe(action=Action.ACCEPT, effective=on)
    return reply(
        _(
            "C'est noté : **{name}** ({address}) agira au nom {whose} à partir du **{day}**."
            " Jusque-là, rien ne change. Pour y renoncer, répondez « annuler » à ce message.",
            name=named.name,
            address=named.email,
            whose=_whose(ctx.institution),
            day=on,
        ),
        title=_("Personne désignée {whose}", whose=_whose(ctx.institution)),
    ).about(f"question:{question.id}")


@table.reminder(USER)
def change_on_the_day(desk: Desk, topic: Topic) -> None:
    """The day has come from which another user acts, unless it was given up or asked anew."""
    question = desk.session.get_one(Question, topic.id)
    former = desk.session.get_one(Person, question.data["former"])
    given_up = question.answered_at is not None and not question.data.get("agreed")
    if given_up or not former.active or former.institution.state != Standing.ACTIVE:
        return
    conversations.answer(desk.session, question.id, desk.now)
    successor = _succeed(desk, former, question.data)
    desk.tell(former, reply(*_done(successor).blocks))
    desk.record("", "person.designated", Topic("person", successor.id))


def _data(named: Named, *, add: bool) -> dict[str, Any]:
    return {
        "name": named.name,
        "email": named.email,
        "phone": named.phone,
        "role": named.role,
        "gender": named.gender.value if named.gender else "",
        "add": add,
    }


def _question_words(institution: Institution, named: Named, *, add: bool) -> Reply:
    lead = (
        _("Voulez-vous que cette personne agisse aussi au nom {whose} ?", whose=_whose(institution))
        if add
        else _(
            "Voulez-vous que cette personne agisse désormais à votre place au nom {whose} ?",
            whose=_whose(institution),
        )
    )
    return reply(
        lead,
        Fields(((_("Nom"), verbatim(named.name)), (_("Adresse"), verbatim(named.email)))),
        texts.confirm_or_cancel(_("le changement se fait"), _("rien ne change")),
        title=_("Personne désignée {whose}", whose=_whose(institution)),
    )


def _whose(institution: Institution) -> Text:
    return texts.of_the(institution)


def _by_another(
    ctx: Context, understood: Understanding, named: Named | None, *, add: bool
) -> Reply:
    """Somebody who is not the designated user: nothing changes before the user says so."""
    authority = understood.registration.institution
    known = members.living(ctx.session, authority.type, authority.code) if authority else None
    ctx.observe(action=Action.HOLD, institution=authority, reason="not_designated_user")
    if known is None:
        aside = kept_aside(ctx, understood, Role.MEMBER)
        if aside is not None:
            return aside
    ctx.entry.state = State.HELD
    if known is not None and known.state == Standing.ACTIVE and named and named.email:
        for user in [p for p in known.persons if p.active and not p.is_deputy]:
            _ask_the_user(ctx, known, user, named, add=add)
    topic = to_a_person(
        ctx, _("👤 {sender} demande à changer de personne désignée :", sender=ctx.incoming.sender)
    )
    ctx.observe(action=Action.HOLD)
    return reply(
        _(
            "Votre demande est conservée, mais rien n'est changé : la personne désignée actuelle"
            " doit la confirmer, ou un administrateur vous répond ici même."
        ),
        title=_("Votre demande attend une confirmation"),
    ).about(str(topic))


def _ask_the_user(
    ctx: Context, known: Institution, user: Person, named: Named, *, add: bool
) -> None:
    channel = ctx.platform.record_channel
    address = members.address_of(ctx.session, user, channel)
    if address is None:
        return
    topic = f"registration:{known.id}"
    conversations.withdraw(ctx.session, USER, topic, ctx.now)
    hours = ctx.platform.settings.rules.confirmation_hours
    question = conversations.ask(
        ctx.session,
        Question(
            kind=USER,
            topic=topic,
            channel=channel,
            address=address.address,
            conversation=address.conversation or address.address,
            data=_data(named, add=add),
            asked_at=ctx.now,
            expires_at=ctx.now + timedelta(hours=hours),
        ),
    )
    words = _question_words(known, named, add=add).about(f"question:{question.id}")
    ctx.put(channel, address.address, user.language, words)


@table.question(USER)
def changed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """The designated user said so: the new one is welcomed, the former one leaves unless added."""
    ctx.observe(action=Action.ACCEPT)
    if Role.MEMBER not in ctx.roles or ctx.member.is_deputy:
        raise Refusal(*texts.no_right(Role.MEMBER, ctx.claimed).blocks)
    if not said:
        return reply(_("Rien ne change."))
    if question.data.get("on"):
        question.data = {**question.data, "agreed": True}
        day = date.fromisoformat(question.data["on"])
        return reply(_("C'est noté : le changement se fait le **{day}**.", day=day))
    successor = _succeed(ctx, ctx.member, question.data)
    ctx.audit("person.designated", Topic("person", successor.id))
    return _done(successor)


def _succeed(desk: Desk, former: Person, data: Mapping[str, Any]) -> Person:
    """Let the person told act for the institution, in the place of the former one unless added."""
    gender = Gender(data["gender"]) if data["gender"] else None
    named = Named(data["name"], gender, data["role"], data["email"], data["phone"])
    institution = former.institution
    successor = _person_for(desk, institution, named, former.language)
    successor.active, successor.acts_from, successor.acts_until = True, None, None
    if not data["add"] and successor is not former:
        former.active = False
        announcements.hand_over(desk.session, former, successor)
        admission.arrange(desk)
    welcome = membership.welcome(desk, successor)
    desk.tell(successor, welcome.about(str(Topic("person", successor.id))))
    desk.tell_administrators(
        reply(
            _(
                "👤 **{name}** agit désormais pour {institution}.",
                name=successor.name,
                institution=texts.the(institution),
            )
        )
    )
    return successor


def _done(successor: Person) -> Reply:
    return reply(
        _(
            "C'est fait : **{name}** agit désormais pour {institution}, et reçoit un message de"
            " bienvenue.",
            name=successor.name,
            institution=texts.the(successor.institution),
        )
    )

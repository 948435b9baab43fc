"""What a member does about themselves: linking a second address, language, leaving."""

from __future__ import annotations

import re
from datetime import date, timedelta

from handlers import admission, farewell, texts
from handlers.arguments import Words
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role, morning_of
from handlers.reading.dates import find_periods
from handlers.reading.effect import without_decisions
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reply import Bullets, Choice, Choices, Heading, Refusal, Reply, reply
from handlers.request import Topic
from handlers.tokens import code_hash, new_code
from handlers.wording import _
from storage import conversations, members
from storage.conversations import Question
from storage.members import Institution, Person, Standing

table = Table()


def mail_of(ctx: Context) -> str:
    """The sender's address if it is one to which a durable copy can go; else nothing."""
    return ctx.letter.sender if ctx.incoming.channel == ctx.platform.record_channel else ""


def _code_for(desk: Desk, person: Person) -> tuple[str, int]:
    """A one-time code for a person, and for how many days it is good."""
    code = new_code()
    hours = desk.platform.settings.rules.link_code_hours
    conversations.ask(
        desk.session,
        Question(
            kind="link",
            topic=f"person:{person.id}",
            channel="",
            address="",
            code_hash=code_hash(desk.platform.secret, code),
            asked_at=desk.now,
            expires_at=desk.now + timedelta(hours=hours),
        ),
    )
    return code, hours // 24


def welcome(desk: Desk, person: Person) -> Reply:
    """The welcome of a designated user, with the way into the rooms and one-time code for it."""
    code, days = _code_for(desk, person)
    return reply(
        _(
            "Bienvenue ! L'inscription **{whose}** est acceptée : vous agissez désormais en son nom"
            " sur la plateforme.",
            whose=texts.of_the(person.institution),
        ),
        _("Vous pouvez dès maintenant, en répondant simplement par mail :"),
        Bullets(
            (
                _("demander un coup de main à tous les membres : `demande …` ;"),
                _("proposer du matériel ou du personnel : `offre …` ;"),
                _("voir les centrales d'achats : `catalogue` ;"),
                _("tout savoir : `aide`."),
            )
        ),
        Heading(_("Aussi par messagerie instantanée")),
        _(
            "Vous avez un compte Matrix ? Ouvrez une conversation avec **{user}** et envoyez :"
            " `lier {code}`. Une invitation au salon des membres vous parviendra. Ce code vaut"
            " {days} jours et une seule fois.",
            user=desk.platform.place_address,
            code=code,
            days=days,
        ),
        title=_("Bienvenue sur {platform}", platform=desk.platform.settings.platform.name),
    )


@table.command(
    "lier",
    aliases={"en": ["link"], "nl": ["koppelen"], "de": ["verknüpfen"]},
    usage=_("lier CODE"),
    summary=_("relier cette adresse à votre inscription"),
    example="lier 7F3K-9QTM-4XAC",
    helps=(Role.ANYONE, Role.MEMBER),
)
def link(ctx: Context, words: Words) -> Reply:
    """Give the sender's address to the person who was sent the code, and open the rooms to it."""
    person = _whose(ctx, words)
    if person is None:
        raise Refusal(
            _(
                "Ce code n'est pas valable, ou plus. Répondez « nouveau code » au mail de bienvenue"
                " pour en recevoir un autre."
            )
        )
    _announce(ctx, person)
    address = members.link(ctx.session, person, ctx.incoming.channel, ctx.incoming.sender, ctx.now)
    address.conversation = ctx.incoming.conversation
    admission.renew(ctx, address.address)
    ctx.audit("person.linked", Topic("person", person.id))
    return reply(
        _(
            "C'est fait, {name} : vous agissez ici pour **{institution}**. Une invitation au salon"
            " des membres vous attend.",
            name=person.name,
            institution=texts.the(person.institution),
        ),
        _("Pour voir ce que vous pouvez faire : `aide`."),
    )


def _announce(ctx: Context, person: Person) -> None:
    """Tell a person, at the address on file, which account is about to act in their name."""
    channel, account = ctx.incoming.channel, ctx.incoming.sender
    former = members.address_of(ctx.session, person, channel)
    replaced = former.address if former and former.address != account.lower() else ""
    on_file = members.address_of(ctx.session, person, ctx.platform.record_channel)
    if on_file is None or (former is not None and not replaced):
        return
    words = _linked_words(person, account, replaced)
    ctx.put(on_file.channel, on_file.address, person.language, words)


def _linked_words(person: Person, account: str, replaced: str) -> Reply:
    instead = [_("Il remplace **{account}**, qui n'a plus accès.", account=replaced)]
    return reply(
        _(
            "Le compte **{account}** vient d'être relié à votre inscription : il agit désormais en"
            " votre nom pour {institution}.",
            account=account,
            institution=texts.the(person.institution),
        ),
        *(instead if replaced else []),
        _(
            "Si ce n'est pas vous, répondez tout de suite à ce message : un administrateur retire"
            " cet accès."
        ),
        title=_("Un compte agit désormais en votre nom"),
    )


def _whose(ctx: Context, code: str) -> Person | None:
    """Whose code it is, now used up; None if it is not valid, or not said in private."""
    question = conversations.by_code(
        ctx.session, "link", code_hash(ctx.platform.secret, code), ctx.now
    )
    if question is None or not ctx.believed or not ctx.incoming.direct:
        return None
    person = ctx.session.get_one(Person, Topic.parse(question.topic).id)
    first = conversations.answer(ctx.session, question.id, ctx.now)
    # Who left since opens no room any more.
    return person if first and person.active else None


@table.command(
    "nouveau code",
    private=True,
    aliases={"en": ["new code"], "nl": ["nieuwe code"], "de": ["neuer code"]},
    who=Role.MEMBER,
    usage=_("nouveau code"),
    summary=_("recevoir un nouveau code pour relier un compte Matrix"),
    listed=False,
)
def another_code(ctx: Context) -> Reply:
    """A new one-time code; the former ones are withdrawn."""
    conversations.withdraw(ctx.session, "link", f"person:{ctx.member.id}", ctx.now)
    code, days = _code_for(ctx, ctx.member)
    return reply(
        _(
            "Votre code : `lier {code}`, à envoyer à **{user}** depuis votre compte Matrix. Il vaut"
            " {days} jours et une seule fois ; les précédents ne valent plus.",
            code=code,
            user=ctx.platform.place_address,
            days=days,
        ),
        title=_("Votre nouveau code"),
    )


# -- leaving --------------------------------------------------------------------------------


@table.command(
    "désinscrire",
    private=True,
    aliases={"fr": ["désinscription"], "en": ["leave"], "nl": ["uitschrijven"], "de": ["abmelden"]},
    who=Role.MEMBER,
    usage=_("désinscrire"),
    summary=_("quitter la plateforme"),
)
def leave(ctx: Context) -> Reply:
    """Ask once whether the institution really leaves (acceptance B19)."""
    return _ask_to_leave(ctx, ctx.today)


def _ask_to_leave(ctx: Context, on: date) -> Reply:
    """``on`` is the first day on which the institution is no member any more."""
    if ctx.member.is_deputy:
        raise Refusal(_("Seule la personne désignée peut demander la désinscription."))
    question = ctx.ask("leave", Topic("registration", ctx.institution.id), on=on.isoformat())
    ctx.observe(institution=ctx.institution, leave={"effective": on})
    effect = (
        _("la désinscription prend effet aujourd'hui")
        if on <= ctx.today
        else _("la désinscription prend effet le {day}", day=on)
    )
    return reply(
        _(
            "Si vous confirmez, {who} quitte la plateforme et ne recevra plus rien. Est-ce bien ce"
            " que vous voulez ?",
            who=texts.the(ctx.institution),
        ),
        *farewell.shown(ctx, ctx.institution),
        Choices((Choice("✅", _("oui"), effect), Choice("❌", _("non"), _("rien ne change")))),
        title=_("Désinscription {whose}", whose=texts.of_the(ctx.institution)),
    ).about(f"question:{question.id}")


@table.question("leave")
def left(ctx: Context, question: Question, said: bool | None) -> Reply:
    """The institution leaves, at once or on the day it said, or stays."""
    ctx.observe(action=Action.ACCEPT)
    if not said:
        return reply(_("Rien ne change : {who} reste membre.", who=texts.the(ctx.institution)))
    topic = Topic.parse(question.topic)
    on = date.fromisoformat(question.data.get("on") or ctx.today.isoformat())
    if on > ctx.today:
        ctx.remind("leave", topic, morning_of(on, ctx.platform.zone))
        ctx.audit("registration.leaving", topic, on=on.isoformat())
        return reply(
            _(
                "C'est noté : {who} reste membre jusque-là et quitte la plateforme le **{day}**.",
                who=texts.the(ctx.institution),
                day=on,
            )
        )
    _leave(ctx, ctx.institution)
    ctx.audit("registration.left", topic)
    return reply(
        _(
            "C'est fait : {who} n'est plus membre et ne recevra plus rien. Au plaisir de vous"
            " revoir.",
            who=texts.the(ctx.institution),
        )
    )


def _leave(desk: Desk, institution: Institution) -> None:
    institution.state, institution.left_on = Standing.LEFT, desk.today
    for person in institution.persons:
        person.active = False
    admission.arrange(desk)
    farewell.part(desk, institution)


@table.reminder("leave")
def leave_on_the_day(desk: Desk, topic: Topic) -> None:
    """The day on which an institution said that it leaves has come."""
    institution = desk.session.get_one(Institution, topic.id)
    if institution.state != Standing.ACTIVE:
        return
    for person in institution.persons:
        if person.active:
            desk.tell(
                person,
                reply(
                    _(
                        "C'est fait : {who} n'est plus membre et ne recevra plus rien. Au plaisir"
                        " de vous revoir.",
                        who=texts.the(institution),
                    )
                ),
            )
    _leave(desk, institution)
    desk.record("", "registration.left", topic)


@table.intent(Intent.LEAVE, who=Role.MEMBER, private="désinscrire")
def leave_asked(ctx: Context, understood: Understanding) -> Reply:
    """A resignation written as a letter, with the day on which it takes effect if it says one."""
    named = understood.registration.institution
    own = ctx.institution
    if named is not None and (named.type, named.code) != (own.type, own.code):
        ctx.observe(action=Action.ASK, ask_for=["institution"], institution=own)
        raise Refusal(
            _(
                "Vous agissez pour {own}, et votre message parle d'une autre institution : rien"
                " n'est fait. Pour {own}, écrivez `désinscrire`.",
                own=texts.the(own),
            )
        )
    return _ask_to_leave(ctx, leaving_day(ctx.letter.subject, ctx.letter.text, ctx.today))


_LEAVING = re.compile(
    r"\b(?:desinscri\w+|fin|terme|quitt\w+|retir\w+|retrait|resili\w+|cess\w+|effet|partir|depart"
    r"|particip\w+|radi\w+|sort\w+|dater|compter|membres?|uitschrij\w+|stopp?en|verla\w+"
    r"|opzeg\w+|austret\w+|austritt|abmeld\w+|kundig\w+|leav\w+|withdraw\w*|termin\w+)\b"
)


def leaving_day(subject: str, text: str, today: date) -> date:
    """The day on which a letter says that its writer leaves; the last one told in the sentences
    that speak of it, today without one.
    """
    letter = open_letter(subject, text)
    days = [
        period.end or period.start
        for sentence in letter.all_sentences
        if _LEAVING.search(level(sentence))
        for period in find_periods(without_decisions(sentence), today)
    ]
    return max((day for day in days if day is not None and day > today), default=today)

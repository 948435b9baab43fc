"""Registering an institution « sans engagement »: asked for, completed, accepted or refused.

Registering takes one free-form message with one designated user (acceptance B20, B47); an
administrator accepts or refuses it. What is missing is asked for, and only that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.territory import Authority
from handlers import membership, texts
from handlers.arguments import MaybeWords, Words, reads
from handlers.command import Table
from handlers.context import Context
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role, in_working_days
from handlers.reading.contacts import display
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.outsiders import outsider
from handlers.reading.people import Gender
from handlers.reading.people import Person as Named
from handlers.reading.registration import Missing, Registration, read_registration
from handlers.reply import Bullets, Fields, Quote, Refusal, Reply, Steps, reply
from handlers.request import Topic
from handlers.wording import Text, _, in_words, n_, verbatim
from storage import counters, members
from storage.conversations import Question
from storage.members import Institution, Person, Standing

table = Table()

REGISTRATION = "registration"


# -- asking ---------------------------------------------------------------------------------


@table.command(
    "inscrire",
    aliases={"fr": ["inscription"], "en": ["register"], "nl": ["inschrijven"], "de": ["anmelden"]},
    usage=_("inscrire INSTITUTION, utilisatrice désignée : NOM, TÉLÉPHONE"),
    summary=_("inscrire votre institution, sans engagement"),
    example="inscrire Commune de Musson, utilisatrice désignée : Hélène Lambiotte, 063 00 07 41",
)
def register(ctx: Context, words: MaybeWords) -> Reply:
    """A registration asked for in the words of a command."""
    living = {Standing.PENDING, Standing.ACTIVE}
    if not words and ctx.person is not None and ctx.institution.state in living:
        # A member who asks to register again is told the state, not asked for data.
        return _already(ctx.institution, None)
    # With its verb it is a sentence, and the institution that it names is the one meant.
    return enter(ctx, "", f"inscrire {words}")


@table.intent(Intent.REGISTER)
def registration_asked(ctx: Context, understood: Understanding) -> Reply:
    """A registration written as a letter."""
    del understood
    return enter(ctx, ctx.letter.subject, ctx.letter.text)


def enter(ctx: Context, subject: str, *texts_: str) -> Reply:
    """Read a registration and enter it, or ask for what it lacks.

    ``texts_`` are ways to put the same words: the one that leaves the least to ask for counts.
    """
    readings = [(_read(ctx, subject, text), text) for text in texts_]
    read, text = min(readings, key=lambda reading: len(reading[0].missing))
    ctx.observe(institution=read.institution, designated_user=read.user, requester=read.requester)
    if read.outside and read.institution is None:
        return _outside(ctx, read.outside, body=read.body)
    if read.institution is not None and read.user is None:
        known = members.living(ctx.session, read.institution.type, read.institution.code)
        if known is not None:
            return _already(known, None)
    if read.institution is None or read.user is None or read.missing:
        question = ctx.ask(
            REGISTRATION,
            Topic("inbox", ctx.entry.id),
            subject=subject,
            text=text,
            missing=list(read.missing),
        )
        ctx.observe(ask_for=["designated_user" if m == Missing.USER else m for m in read.missing])
        return _ask_for(_lacking(read)).about(f"question:{question.id}")
    return _entered(ctx, read.institution, read.user, _others(ctx, read))


def _read(ctx: Context, subject: str, text: str) -> Registration:
    letter = open_letter(subject, text, membership.mail_of(ctx), ctx.letter.display_name)
    return read_registration(letter, ctx.platform.territory)


@table.question(REGISTRATION, free_text=True, proves_address=True)
def completed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """What was missing: read together with what was said before."""
    if said is False:
        return reply(_("C'est annulé : rien n'a été enregistré."))
    before = question.data
    answers = (ctx.incoming.text, *_labelled(ctx.incoming.text, before["missing"]))
    return enter(ctx, before["subject"], *(f"{answer}\n\n{before['text']}" for answer in answers))


def _labelled(answer: str, missing: Sequence[str]) -> list[str]:
    """An answer that is no sentence, beside what was asked for, as if on a form."""
    labels = {Missing.INSTITUTION: "institution", Missing.USER: "personne désignée"}
    asked = [label for wanted, label in labels.items() if wanted in missing]
    lines = [
        re.sub(r"^\s*\d\s*[.)/-]\s*", "", line) for line in answer.splitlines() if line.strip()
    ]
    whole = [f"{label} : {' '.join(lines)}" for label in asked]
    # Asked for two things in order, people answer in two lines.
    by_line = [f"{label} : {line}" for label, line in zip(asked, lines, strict=False)]
    return [*whole, "\n".join(by_line)]


def _outside(ctx: Context, name: str, *, body: bool) -> Reply:
    """Who may not register: the reason, and a word to a person."""
    territory = ctx.platform.territory
    reason = "not_eligible" if body else "outside_territory"
    ctx.observe(action=Action.REFUSE, institution=outsider(name), reason=reason)
    ctx.tell_administrators(
        reply(
            _(
                "📥 {sender} demande à inscrire « {name} », qui n'est pas un pouvoir local de"
                " {territory}.",
                sender=ctx.incoming.sender,
                name=name,
                territory=territory.label,
            )
        )
    )
    if body:
        return _not_eligible(ctx, name)
    return reply(
        _(
            "La plateforme est ouverte aux pouvoirs locaux de {territory} : communes, CPAS, zones"
            " de police, zone de secours et Province. « {name} » n'en fait pas partie :"
            " son inscription n'est donc pas possible. Si c'est une erreur, répondez à ce message :"
            " une personne vous lira.",
            territory=territory.label,
            name=name,
        ),
        title=_("Votre demande d'inscription"),
    ).about(f"inbox:{ctx.entry.id}")


def _not_eligible(ctx: Context, name: str) -> Reply:
    """A school, an association, a church council…: the authority it belongs to may register."""
    return reply(
        _(
            "La plateforme est ouverte aux communes, CPAS, zones de police, zone de secours et"
            " Province de {territory}. « {name} » n'est pas l'un d'eux, même si son nom en cite un,"
            " et n'est donc pas inscrit. Votre commune ou votre CPAS peut s'inscrire et relayer vos"
            " demandes. Si c'est une erreur, répondez à ce message : une personne vous lira.",
            territory=ctx.platform.territory.label,
            name=name,
        ),
        title=_("Votre demande d'inscription"),
    ).about(f"inbox:{ctx.entry.id}")


def _lacking(read: Registration) -> list[Text]:
    said = {
        Missing.INSTITUTION: _("le nom de l'institution (par exemple « CPAS de Saint-Léger »)"),
        Missing.USER: _(
            "la personne désignée comme utilisatrice : nom et adresse mail professionnelle"
        ),
        Missing.EMAIL: _("l'adresse mail professionnelle de la personne désignée"),
    }
    return [said[missing] for missing in read.missing]


def _ask_for(lacking: list[Text]) -> Reply:
    return reply(
        n_(
            "Merci. Pour inscrire votre institution, il me manque **une chose** :",
            "Merci. Pour inscrire votre institution, il me manque **{number} choses** :",
            len(lacking),
            number=in_words(len(lacking)),
        ),
        Steps(tuple(lacking)),
        _("Répondez à ce message, une phrase suffit. L'inscription est sans engagement."),
        title=_("Votre inscription : il manque un renseignement"),
    )


_SEVERAL = re.compile(r"\b(?:nos|les|leurs|ces|pour) (?:les )?(?:deux|2|trois|3)\b")


def _others(ctx: Context, read: Registration) -> list[Authority]:
    """Other institutions of the same type that a letter says it speaks for, not yet registered."""
    assert read.institution is not None  # noqa: S101 - only called with one
    several = _SEVERAL.search(level(f"{ctx.letter.subject} {ctx.letter.text}")) is not None
    return [
        other.authority
        for other in read.candidates
        if (other.stated or several)
        and other.authority != read.institution
        and other.authority.type == read.institution.type
        and members.living(ctx.session, other.authority.type, other.authority.code) is None
    ]


def _entered(
    ctx: Context, authority: Authority, user: Named, others: Sequence[Authority] = ()
) -> Reply:
    known = members.living(ctx.session, authority.type, authority.code)
    if known is not None:
        return _already(known, user)
    taken = members.person_at(ctx.session, ctx.platform.record_channel, user.email)
    if taken is not None and taken.institution.state in {Standing.PENDING, Standing.ACTIVE}:
        raise Refusal(
            _(
                "L'adresse {address} est déjà celle de la personne désignée {whose} : indiquez-en"
                " une autre.",
                address=user.email,
                whose=texts.of_the(taken.institution),
            )
        )
    institution = _keep(ctx, authority, user)
    topic = Topic("registration", institution.id)
    ctx.tell_administrators(_to_administrators(institution).about(str(topic)))
    ctx.audit("registration.entered", topic, type=authority.type, code=authority.code)
    if others:
        ctx.observe(also=[other.name for other in others])
    return _receipt(ctx, institution, others).about(str(topic))


def _already(known: Institution, user: Named | None) -> Reply:
    """The state of a registration that is there already; another user is no new registration."""
    if known.state == Standing.PENDING:
        return reply(
            _(
                "L'inscription **{whose}** est déjà enregistrée (réf. **{reference}**) et"
                " attend sa validation ; il n'y a rien d'autre à faire.",
                whose=texts.of_the(known),
                reference=known.reference or "",
            ),
        ).about(f"{REGISTRATION}:{known.id}")
    addresses = {a.address for person in known.persons if person.active for a in person.addresses}
    if user is None or user.email.lower() not in addresses:
        raise Refusal(
            _(
                "L'inscription **{whose}** est déjà active. Pour changer la personne qui agit en"
                " son nom, écrivez-nous en une phrase ce qu'il faut changer.",
                whose=texts.of_the(known),
            )
        )
    return reply(
        _(
            "L'inscription **{whose}** est déjà active, avec la personne désignée que vous"
            " indiquez.",
            whose=texts.of_the(known),
        )
    )


def _keep(ctx: Context, authority: Authority, user: Named) -> Institution:
    year = ctx.today.year
    number = counters.following(ctx.session, f"I-{year}")
    institution = Institution(
        type=authority.type,
        code=authority.code,
        name=authority.name,
        state=Standing.PENDING,
        reference=f"I-{year}-{number:04d}",
        requested_at=ctx.now,
    )
    person = Person(
        institution=institution,
        name=user.name,
        gender=user.gender.value if user.gender else "",
        phone=user.phone,
        function=user.role,
        language=ctx.platform.language,
    )
    ctx.session.add_all([institution, person])
    ctx.session.flush()
    members.link(ctx.session, person, ctx.platform.record_channel, user.email, ctx.now)
    return institution


def _receipt(ctx: Context, institution: Institution, others: Sequence[Authority]) -> Reply:
    days = ctx.platform.settings.rules.registration_working_days
    expected = in_working_days(ctx.today, days, ctx.platform.holidays)
    return reply(
        _(
            "La demande d'inscription **{whose}** est bien reçue (réf. **{reference}**). Elle est"
            " sans engagement : vous pouvez quitter la plateforme à tout moment en répondant"
            " « désinscrire ».",
            whose=texts.of_the(institution),
            reference=institution.reference or "",
        ),
        _fields(institution),
        n_(
            "Un administrateur la valide d'ordinaire sous {count} jour ouvrable, donc pour"
            " **{day}**. Une erreur ? Répondez simplement à ce message.",
            "Un administrateur la valide d'ordinaire sous {count} jours ouvrables, donc pour"
            " **{day}**. Une erreur ? Répondez simplement à ce message.",
            days,
            day=expected,
        ),
        *_separately(others),
        title=_("Inscription {whose} : bien reçue", whose=texts.of_the(institution)),
    )


def _separately(others: Sequence[Authority]) -> list[Text]:
    """What is said of institutions that the same letter names: each registers for itself."""
    if not others:
        return []
    names = ", ".join(other.name for other in others)
    return [
        _(
            "Votre message cite aussi : {names}. Chaque institution s'inscrit par un message de sa"
            " propre adresse, où elle nomme la personne désignée.",
            names=names,
        )
    ]


def _fields(institution: Institution) -> Fields:
    person = institution.persons[0]
    rows: list[tuple[Text, Text]] = [
        (_("Institution"), verbatim(institution.name)),
        (_user_label(person), verbatim(person.name)),
    ]
    if person.phone:
        rows.append((_("Téléphone"), verbatim(display(person.phone))))
    rows += [(_("Adresse"), verbatim(address.address)) for address in person.addresses]
    return Fields(tuple(rows))


def _user_label(person: Person) -> Text:
    if person.gender == Gender.FEMININE.value:
        return _("Utilisatrice désignée")
    return _("Utilisateur désigné") if person.gender else _("Personne désignée")


def _to_administrators(institution: Institution) -> Reply:
    return reply(
        _(
            "📥 Inscription **{reference}** · **{name}**",
            reference=institution.reference or "",
            name=institution.name,
        ),
        _fields(institution),
        _(
            "`accepter {reference}` ou `refuser {reference} MOTIF`",
            reference=institution.reference or "",
        ),
    )


# -- deciding -------------------------------------------------------------------------------


@reads(Institution)
def read_institution(ctx: Context, words: str) -> Institution:
    """The institution of a registration reference. Raises Refusal."""
    found = _institutions(ctx, words.strip(" .,;:").upper())
    if len(found) > 1:
        raise Refusal(
            _(
                "« {words} » peut être {references} : écrivez la référence entière.",
                words=words[:40],
                references=", ".join(one.reference or "" for one in found),
            )
        )
    if not found:
        raise Refusal(
            _(
                "Je ne trouve pas l'inscription « {words} » : écrivez `inscriptions` pour voir"
                " celles qui attendent.",
                words=words[:40],
            )
        )
    return found[0]


_SHORT = re.compile(r"(?:I[- ]?)?0*(\d{1,6})")


def _institutions(ctx: Context, words: str) -> list[Institution]:
    """The institution of a whole reference, or those of which a short one (« i-5 ») is the end:
    those that wait for a decision before the others.
    """
    whole = members.by_reference(ctx.session, words)
    if whole is not None:
        return [whole]
    short = _SHORT.fullmatch(words)
    if short is None:
        return []
    found = members.by_number(ctx.session, int(short[1]))
    return [one for one in found if one.state == Standing.PENDING] or found


@table.command(
    "inscriptions",
    aliases={"en": ["registrations"], "nl": ["inschrijvingen"], "de": ["anmeldungen"]},
    who=Role.ADMINISTRATOR,
    usage=_("inscriptions"),
    summary=_("les inscriptions qui attendent une décision"),
)
def waiting(ctx: Context) -> Reply:
    """Registrations that wait for a decision, the oldest first."""
    found = members.pending(ctx.session)
    if not found:
        return reply(_("Aucune inscription n'attend de décision."))
    return reply(
        Bullets(
            tuple(
                _(
                    "**{reference}** · {name}, reçue le {day}",
                    reference=institution.reference or "",
                    name=institution.name,
                    day=institution.requested_at,
                )
                for institution in found
            )
        )
    )


@table.command(
    "accepter",
    aliases={"en": ["accept"], "nl": ["aanvaarden"], "de": ["annehmen"]},
    who=Role.ADMINISTRATOR,
    usage=_("accepter RÉFÉRENCE"),
    summary=_("accepter une inscription"),
    example="accepter I-2026-0001",
)
def accept(ctx: Context, institution: Institution) -> Reply:
    """Make an institution a member, welcome its user, and show them the way into the rooms."""
    _must_wait(institution)
    institution.state, institution.active_on = Standing.ACTIVE, ctx.today
    topic = Topic("registration", institution.id)
    for person in institution.persons:
        person.active = True
        ctx.tell(person, membership.welcome(ctx, person).about(str(topic)))
    ctx.audit("registration.accepted", topic)
    return reply(
        _(
            "C'est fait : **{who}** est membre depuis aujourd'hui. Un message de bienvenue part à"
            " {people}.",
            who=texts.the(institution),
            people=", ".join(person.name for person in institution.persons),
        )
    )


@table.command(
    "refuser",
    aliases={"en": ["refuse"], "nl": ["weigeren"], "de": ["ablehnen"]},
    who=Role.ADMINISTRATOR,
    usage=_("refuser RÉFÉRENCE MOTIF"),
    summary=_("refuser une inscription, avec le motif"),
    example="refuser I-2026-0001 la personne désignée ne fait pas partie de l'administration",
)
def refuse(ctx: Context, institution: Institution, reason: Words) -> Reply:
    """Refuse a registration and tell its user why."""
    _must_wait(institution)
    institution.state = Standing.REFUSED
    topic = Topic("registration", institution.id)
    words = reply(
        _(
            "L'inscription **{whose}** (réf. {reference}) n'est pas acceptée :",
            whose=texts.of_the(institution),
            reference=institution.reference or "",
        ),
        Quote(reason),
        _("Répondez à ce message pour la compléter ou pour parler à quelqu'un."),
        title=_("Inscription {whose}", whose=texts.of_the(institution)),
    )
    for person in institution.persons:
        ctx.tell(person, words)
    ctx.audit("registration.refused", topic)
    return reply(_("C'est fait : le refus et son motif partent à la personne désignée."))


def _must_wait(institution: Institution) -> None:
    if institution.state != Standing.PENDING:
        raise Refusal(
            _(
                "L'inscription {reference} n'attend plus de décision.",
                reference=institution.reference or "",
            )
        )

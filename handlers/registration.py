"""Registering an institution « sans engagement »: asked for, completed, accepted or refused.

Registering takes one free-form message with one designated user (acceptance B20, B47); an
administrator accepts or refuses it. What is missing is asked for, and only that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from config.territory import Authority
from handlers import articles, forms, membership, registration_form, texts
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.enquiries import to_a_person
from handlers.form import Form, Values
from handlers.intents import Intent, Understanding
from handlers.observation import Action
from handlers.policy import Role
from handlers.reading.institutions import MARGIN, Candidate, domain_authority
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.mailboxes import is_private
from handlers.reading.outsiders import outsider
from handlers.reading.people import Person as Named
from handlers.reading.registration import Missing, Registration, read_registration
from handlers.reading.several import Registered, read_several
from handlers.registration_words import (
    already_active,
    ask_for,
    asked_by,
    both,
    lacking,
    not_eligible,
    receipt,
    receipt_of_several,
    to_administrators,
)
from handlers.reply import Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import _
from storage import counters, members
from storage.conversations import Question
from storage.members import Institution, Person, Standing

table = Table()

REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who else stands in a registration: who stands in for the user, and who asks for it."""

    deputy: Named | None = None
    requester: Named | None = None


@table.command(
    "inscrire",
    aliases={"fr": ["inscription"], "en": ["register"], "nl": ["inschrijven"], "de": ["anmelden"]},
    usage=_("inscrire INSTITUTION, utilisatrice désignée : NOM, TÉLÉPHONE"),
    summary=_("inscrire votre institution, sans engagement"),
    example="inscrire Commune de Musson, utilisatrice désignée : Hélène Lambiotte, 063 00 07 41",
    helps=(Role.ANYONE,),
)
def register(ctx: Context, words: MaybeWords) -> Reply:
    """A registration asked for in the words of a command."""
    living = {Standing.PENDING, Standing.ACTIVE}
    if not words and ctx.person is not None and ctx.institution.state in living:
        # A member who asks to register again is told the state, not asked for data.
        return _already(ctx.institution, None)
    # With its verb it is a sentence, and the institution that it names is the one meant.
    sentence, letter = f"inscrire {words}", ctx.letter.text.strip()
    # A form below the command has its labels at the beginning of its lines.
    ways = (letter, sentence) if "\n" in letter else (sentence,)
    return enter(ctx, "", *ways, sender=membership.mail_of(ctx))


@table.intent(Intent.REGISTER)
def registration_asked(ctx: Context, understood: Understanding) -> Reply:
    """A registration written as a letter."""
    del understood
    known = _answered(ctx)
    if known is not None:
        return _corrected(ctx, known)
    several = _several(ctx)
    if several:
        return _all_entered(ctx, several)
    return enter(ctx, ctx.letter.subject, ctx.letter.text, sender=membership.mail_of(ctx))


def _answered(ctx: Context) -> Institution | None:
    """The registration whose receipt is answered, while it waits."""
    if ctx.topic is None or ctx.topic.kind != REGISTRATION:
        return None
    known = ctx.session.get_one(Institution, ctx.topic.id)
    return known if known.state == Standing.PENDING else None


def _corrected(ctx: Context, known: Institution) -> Reply:
    """Whoever decides on a registration sees what is corrected in it."""
    topic = to_a_person(
        ctx,
        _(
            "✏️ Réponse à l'inscription **{reference}** ({name}), qui attend votre décision :",
            reference=known.reference or "",
            name=known.name,
        ),
    )
    return reply(
        _(
            "Merci. Votre message est joint à l'inscription **{whose}** (réf. **{reference}**) : un"
            " administrateur le lit avant de décider.",
            whose=texts.of_the(known),
            reference=known.reference or "",
        )
    ).about(str(topic))


def _several(ctx: Context) -> Sequence[Registered]:
    """The institutions that one letter registers together, if none is registered or taken yet."""
    if ctx.letter is not ctx.incoming:
        # A letter passed on is its author's, who did not write to us.
        return ()
    letter = open_letter(
        ctx.letter.subject, ctx.letter.text, membership.mail_of(ctx), ctx.letter.display_name
    )
    found = read_several(letter, ctx.platform.territory)
    free = all(
        members.living(ctx.session, authority.type, authority.code) is None
        and members.person_at(ctx.session, ctx.platform.record_channel, user.email) is None
        for authority, user in found
    )
    return found if free else ()


def _all_entered(ctx: Context, several: Sequence[Registered]) -> Reply:
    """Enter each of them, for the administrators to decide one by one."""
    ctx.observe(
        institutions=[authority for authority, _user in several],
        users=[user for _authority, user in several],
    )
    kept = []
    for authority, user in several:
        institution = _keep(ctx, authority, user)
        _told(ctx, institution, user, None)
        kept.append(institution)
    return receipt_of_several(ctx, kept).about(f"{REGISTRATION}:{kept[0].id}")


def enter(ctx: Context, subject: str, *texts_: str, sender: str) -> Reply:
    """Read a registration and enter it, or ask for what it lacks.

    ``texts_`` are ways to put the same words: the one that leaves the least to ask for counts.
    ``sender`` is the writer's own address, empty where it is not known to be (a letter passed on).
    """
    readings = [(_read(ctx, subject, text, sender), text) for text in texts_]
    read, text = min(readings, key=lambda reading: len(reading[0].missing))
    ctx.observe(institution=read.institution, designated_user=read.user, requester=read.requester)
    if read.outside and read.institution is None:
        return _outside(ctx, read.outside, body=read.body)
    if read.institution is not None and read.user is None:
        known = members.living(ctx.session, read.institution.type, read.institution.code)
        if known is not None:
            return _already(known, None)
    if read.institution is None or read.user is None or read.missing:
        if ctx.incoming.interactive:
            return forms.begin(ctx, REGISTRATION, registration_form.known(read))
        question = ctx.ask(
            REGISTRATION,
            Topic("inbox", ctx.entry.id),
            subject=subject,
            text=text,
            missing=list(read.missing),
            passed_on=not sender,
        )
        if Missing.INSTITUTION in read.missing:
            ctx.observe(institutions=[one.authority for one in _likeliest(read)])
        ctx.observe(ask_for=["designated_user" if m == Missing.USER else m for m in read.missing])
        return ask_for(lacking(read)).about(f"question:{question.id}")
    known = members.living(ctx.session, read.institution.type, read.institution.code)
    if known is not None and _is_another(ctx, known, read.user):
        return _beside(ctx, known, read.user, subject, text)
    if _is_third_party(ctx, read.institution, read.user):
        return _from_itself(ctx, read.institution)
    if is_private(read.user.email, text if read.user.email == sender else ""):
        return _from_office(ctx, read.institution, subject, text)
    asks = Asked(read.deputy, read.requester)
    return _entered(ctx, read.institution, read.user, asks, _others(ctx, read))


def _likeliest(read: Registration) -> list[Candidate]:
    """The institutions of which a letter says that it speaks for them, else the likeliest ones."""
    stated = [one for one in read.candidates if one.stated]
    return stated or [
        one for one in read.candidates if one.score > read.candidates[0].score - MARGIN
    ]


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _is_third_party(ctx: Context, authority: Authority, user: Named) -> bool:
    """Whether whoever writes is neither of the user's house nor of an authority of the place."""
    own = _domain(ctx.incoming.sender)
    if not own or own == _domain(user.email):
        return False
    house = domain_authority(own, ctx.platform.territory)
    near = house is not None and bool(set(house.communes_nis) & set(authority.communes_nis))
    return not near and not is_private(ctx.incoming.sender)


def _from_itself(ctx: Context, authority: Authority) -> Reply:
    """A letter that another house passes on registers nobody: the authority has to write itself."""
    ctx.observe(action=Action.ASK, ask_for=["confirmation_from_institution"])
    return reply(
        _(
            "Vous nous transmettez une demande d'inscription {whose}. Rien n'est encore"
            " enregistré : elle doit nous parvenir d'une adresse de cette institution, par exemple"
            " de celle de la personne désignée.",
            whose=articles.of(authority.name),
        ),
        title=_("Une inscription que vous transmettez"),
    )


def _from_office(ctx: Context, authority: Authority, subject: str, text: str) -> Reply:
    """Nobody registers an authority from a private mailbox: its own address has to speak."""
    question = ctx.ask(
        REGISTRATION, Topic("inbox", ctx.entry.id), subject=subject, text=text, missing=[]
    )
    ctx.observe(action=Action.ASK, ask_for=["confirmation_from_institution"])
    return reply(
        _(
            "Cette adresse semble personnelle. Pour inscrire {name}, écrivez-nous depuis une"
            " adresse de l'institution, ou indiquez l'adresse professionnelle de la personne"
            " désignée. Rien n'est encore enregistré.",
            name=articles.the(authority.name),
        ),
        title=_("Votre inscription : il manque un renseignement"),
    ).about(f"question:{question.id}")


def _from_form(ctx: Context, values: Values) -> Reply:
    """Enter what the form holds, as a letter that says it all would."""
    authority = registration_form.authority_of(ctx, values["institution"])
    said = {name: values.get(name, "") for name in ("email", "phone", "role")}
    user = registration_form.person_of(values["user"], **said)
    known = members.living(ctx.session, authority.type, authority.code)
    if known is not None and _is_another(ctx, known, user):
        return _beside(ctx, known, user, "", f"institution : {authority.name}\n{user.name}")
    deputy, requester = values.get("deputy"), values["requester"]
    by = None if requester == registration_form.ONESELF else requester
    asks = Asked(
        registration_form.person_of(deputy) if deputy else None,
        Named(by) if by else None,
    )
    return _entered(ctx, authority, user, asks)


def _ended(ctx: Context, name: str) -> Reply | None:
    """A registration that is there already needs no form: its state is told at once."""
    authority = registration_form.authority_of(ctx, name)
    known = members.living(ctx.session, authority.type, authority.code)
    if known is None:
        return None
    return _already(known, None) if known.state == Standing.PENDING else already_active(known)


FORM = Form(
    REGISTRATION,
    _("Inscription"),
    _("Pour inscrire votre institution"),
    (replace(registration_form.FIELDS[0], ends=_ended), *registration_form.FIELDS[1:]),
    _from_form,
)


def _read(ctx: Context, subject: str, text: str, sender: str) -> Registration:
    letter = open_letter(subject, text, sender, ctx.letter.display_name)
    return read_registration(letter, ctx.platform.territory)


@table.question(REGISTRATION, free_text=True, proves_address=True)
def completed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """What was missing: read together with what was said before."""
    if said is False:
        return reply(_("C'est annulé : rien n'a été enregistré."))
    before = question.data
    answers = (ctx.incoming.text, *_labelled(ctx.incoming.text, before["missing"]))
    # Whoever passed the first letter on is not its author: their address stands for nobody.
    sender = "" if before.get("passed_on") else membership.mail_of(ctx)
    put = (f"{answer}\n\n{before['text']}" for answer in answers)
    return enter(ctx, before["subject"], *put, sender=sender)


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
        return not_eligible(ctx, name)
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
    ctx: Context,
    authority: Authority,
    user: Named,
    asks: Asked,
    others: Sequence[Authority] = (),
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
    _keep_deputy(ctx, institution, user, asks.deputy)
    topic = _told(ctx, institution, user, asks.requester)
    if others:
        ctx.observe(also=[other.name for other in others])
    return receipt(ctx, institution, asks.deputy, others).about(str(topic))


def _told(ctx: Context, institution: Institution, user: Named, requester: Named | None) -> Topic:
    """Show a registration to the administrators, who decide on it."""
    topic = Topic(REGISTRATION, institution.id)
    told = to_administrators(institution, asked_by(ctx, user, requester))
    ctx.tell_administrators(told.about(str(topic)))
    ctx.audit("registration.entered", topic, type=institution.type, code=institution.code)
    return topic


def _is_another(ctx: Context, known: Institution, user: Named) -> bool:
    """Whether somebody else than the people of a registration is named by somebody else."""
    own = {a.address for person in known.persons for a in person.addresses}
    writer = ctx.claimed
    of_it = writer is not None and writer.institution_id == known.id
    return user.email.lower() not in own and not of_it


def _beside(ctx: Context, known: Institution, user: Named, subject: str, text: str) -> Reply:
    """A second registration of one authority, for another person: the administrators see both."""
    pending = known.state == Standing.PENDING
    ctx.observe(action=Action.HOLD if pending else Action.REFUSE, reason="already_registered")
    ctx.tell_administrators(both(ctx, known, user).about(f"{REGISTRATION}:{known.id}"))
    if not pending:
        return reply(*already_active(known).blocks)
    question = ctx.ask(
        REGISTRATION,
        Topic("inbox", ctx.entry.id),
        subject=subject,
        text=text,
        missing=[],
        passed_on=not membership.mail_of(ctx),
    )
    return reply(
        _(
            "Une autre demande d'inscription **{whose}** est déjà enregistrée (réf."
            " **{reference}**), pour une autre personne. Les administrateurs voient les deux et"
            " décident. Si la première est refusée, répondez « oui » à ce message : la vôtre est"
            " alors enregistrée.",
            whose=texts.of_the(known),
            reference=known.reference or "",
        ),
        title=_("Inscription {whose} : une autre demande existe", whose=texts.of_the(known)),
    ).about(f"question:{question.id}")


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
        raise Refusal(*already_active(known).blocks)
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
        language=ctx.language,
    )
    ctx.session.add_all([institution, person])
    ctx.session.flush()
    members.link(ctx.session, person, ctx.platform.record_channel, user.email, ctx.now)
    return institution


def _keep_deputy(ctx: Context, institution: Institution, user: Named, deputy: Named | None) -> None:
    """Who stands in for the designated user, from the day on which the registration is accepted;
    without an address of their own nobody can act.
    """
    if deputy is None or not deputy.email or deputy.email == user.email:
        return
    if members.person_at(ctx.session, ctx.platform.record_channel, deputy.email) is not None:
        return
    person = Person(
        institution=institution,
        name=deputy.name,
        gender=deputy.gender.value if deputy.gender else "",
        phone=deputy.phone,
        function=deputy.role,
        language=ctx.language,
        acts_from=ctx.today,
    )
    ctx.session.add(person)
    ctx.session.flush()
    members.link(ctx.session, person, ctx.platform.record_channel, deputy.email, ctx.now)

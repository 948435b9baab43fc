"""Registering an institution « sans engagement »: asked for, completed, accepted or refused.

Registering takes one free-form message with one designated user (acceptance B20, B47); an
administrator accepts or refuses it. What is missing is asked for, and only that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from config.territory import Authority
from handlers import forms, membership, registration_form
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.enquiries import to_a_person
from handlers.form import Form, Values
from handlers.intents import Intent, Understanding
from handlers.policy import Role
from handlers.reading.institutions import MARGIN, Candidate
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.mailboxes import is_private
from handlers.reading.people import Person as Named
from handlers.reading.registration import Missing, Registration, read_registration
from handlers.reading.several import Registered, read_several
from handlers.registration_consent import REGISTRATION, is_third_party
from handlers.registration_corrections import shown_lead
from handlers.registration_entry import (
    Asked,
    already,
    beside,
    entered,
    is_another,
    keep,
    told,
)
from handlers.registration_limits import from_itself, from_office, outside
from handlers.registration_words import (
    already_active,
    ask_for,
    correction_waits,
    receipt_of_several,
)
from handlers.reply import Reply, reply
from handlers.request import Topic
from handlers.wording import _
from storage import members
from storage.conversations import Question
from storage.members import Institution, Standing

table = Table()


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
        return already(ctx.institution, None)
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
    """Whoever decides on a registration reads what is said about it and was not plain."""
    return correction_waits(known).about(str(to_a_person(ctx, shown_lead(known))))


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
        institution = keep(ctx, authority, user)
        told(ctx, institution, user, None)
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
        return outside(ctx, read.outside, body=read.body)
    if read.institution is not None and read.user is None:
        known = members.living(ctx.session, read.institution.type, read.institution.code)
        if known is not None:
            return already(known, None)
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
        return ask_for(ctx, read).about(f"question:{question.id}")
    known = members.living(ctx.session, read.institution.type, read.institution.code)
    if known is not None and is_another(ctx, known, read.user):
        return beside(ctx, known, read.user, subject, text)
    passed_on = not sender and bool(membership.mail_of(ctx) or not ctx.letter.sender)
    if passed_on and is_third_party(ctx, read.institution, read.user):
        return from_itself(ctx, read.institution)
    if is_private(read.user.email, text if read.user.email == sender else ""):
        return from_office(ctx, read.institution, subject, text)
    asks = Asked(read.deputy, read.requester)
    return entered(ctx, read.institution, read.user, asks, _others(ctx, read))


def _likeliest(read: Registration) -> list[Candidate]:
    """The institutions of which a letter says that it speaks for them, else the likeliest ones."""
    stated = [one for one in read.candidates if one.stated]
    return stated or [
        one for one in read.candidates if one.score > read.candidates[0].score - MARGIN
    ]


def _from_form(ctx: Context, values: Values) -> Reply:
    """Enter what the form holds, as a letter that says it all would."""
    authority = registration_form.authority_of(ctx, values["institution"])
    said = {name: values.get(name, "") for name in ("email", "phone", "role")}
    user = registration_form.person_of(values["user"], **said)
    known = members.living(ctx.session, authority.type, authority.code)
    if known is not None and is_another(ctx, known, user):
        return beside(ctx, known, user, "", f"institution : {authority.name}\n{user.name}")
    deputy, requester = values.get("deputy"), values["requester"]
    by = None if requester == registration_form.ONESELF else requester
    asks = Asked(
        registration_form.person_of(deputy) if deputy else None,
        Named(by) if by else None,
    )
    return entered(ctx, authority, user, asks)


def _ended(ctx: Context, name: str) -> Reply | None:
    """A registration that is there already needs no form: its state is told at once."""
    authority = registration_form.authority_of(ctx, name)
    known = members.living(ctx.session, authority.type, authority.code)
    if known is None:
        return None
    return already(known, None) if known.state == Standing.PENDING else already_active(known)


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


@table.question(REGISTRATION, free_text=True, proves_address=True, called_off=True)
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

"""Joining a purchasing central: a decision with its date and its reference."""

from __future__ import annotations

import re
from datetime import date

from handlers import adhesion_words, adhesions, articles, deeds, forms, texts
from handlers.arguments import MaybeWords
from handlers.catalogue import closed, find_central
from handlers.command import Table
from handlers.context import Context
from handlers.form import Field, Form, Option, Values
from handlers.intents import Intent, Understanding
from handlers.policy import Role
from handlers.reading.decision import Decision, find_decision, find_reference
from handlers.reading.letters import level
from handlers.reply import Refusal, Reply, Steps, reply
from handlers.request import Topic
from handlers.wording import Text, _, verbatim
from storage import purchasing
from storage.conversations import Question
from storage.purchasing import Central

table = Table()


@table.command(
    "adhérer",
    private=True,
    aliases={
        "fr": ["adhésion", "rejoindre"],
        "en": ["join"],
        "nl": ["toetreden"],
        "de": ["beitreten"],
    },
    who=Role.MEMBER,
    usage=_("adhérer CENTRALE, décision du DATE, réf. RÉFÉRENCE"),
    summary=_("adhérer à une centrale d'achats"),
    example="adhérer Smart, décision du Collège du {lately}, réf. 114",
)
def join(ctx: Context, words: MaybeWords) -> Reply:
    """Record an institution's decision to join a central, or ask for what is missing of it."""
    central = find_central(purchasing.centrals(ctx.session), words)
    if central is None and words:
        raise Refusal(
            _(
                "À quelle centrale votre institution veut-elle adhérer ? Les centrales : {names}.",
                names=", ".join(c.name for c in purchasing.centrals(ctx.session)),
            )
        )
    if central is not None:
        known = purchasing.adhesion(ctx.session, central, ctx.institution)
        if known is not None:
            return adhesion_words.already(known)
        if not central.is_open(ctx.today):
            raise Refusal(closed(central))
    _require_own(ctx, words)
    decision = find_decision(words, ctx.today)
    if decision is not None:
        _require_taken(decision)
    return forms.begin(ctx, JOIN, _known(central, decision))


def _known(central: Central | None, decision: Decision | None) -> dict[str, str]:
    """What was said of an adhesion, as its form keeps it."""
    known = {
        CENTRAL: central.slug if central else "",
        DAY: decision.day.isoformat() if decision and decision.day else "",
        DECISION: decision.reference if decision else "",
    }
    return {name: value for name, value in known.items() if value}


_FOR = re.compile(r"\b(?:pour (?:le compte d(?:e |u ))?|au nom d(?:e |u ))(?:la |le |l')?$")


def _require_own(ctx: Context, told: str) -> None:
    """Raises Refusal for a letter that joins in the name of another institution: each joins by a
    decision of its own, and only its own user can tell it.
    """
    own = (ctx.institution.type, ctx.institution.code)
    for one in ctx.platform.territory.mentions(told):
        other = (one.authority.type.value, one.authority.code)
        before = level(told[max(0, one.start - 30) : one.start])
        if other != own and one.explicit_type and one.named and _FOR.search(before):
            raise Refusal(
                _(
                    "Vous écrivez pour {who}, mais vous êtes inscrit pour {own} : rien n'est"
                    " enregistré. Chaque institution adhère par sa propre décision, dite par son"
                    " utilisateur ; pour {own}, renvoyez votre message sans nommer {who}.",
                    who=articles.the(one.authority.name),
                    own=texts.the(ctx.institution),
                )
            )


def _require_taken(decision: Decision) -> None:
    if decision.future and decision.day is not None:
        raise Refusal(
            _("La décision porte une date à venir ({day}) : vérifiez-la.", day=decision.day)
        )


# -- the form -------------------------------------------------------------------------------

JOIN = "join"
CENTRAL, DAY, DECISION = "central", "day", "decision"


def _centrals(ctx: Context, _values: Values) -> list[Option]:
    """The centrals that the institution has not joined."""
    return [
        Option(central.slug, verbatim(central.name))
        for central in purchasing.centrals(ctx.session)
        if purchasing.adhesion(ctx.session, central, ctx.institution) is None
    ]


def _read_central(ctx: Context, text: str) -> str | None:
    central = find_central(purchasing.centrals(ctx.session), text)
    return central.slug if central else None


def _joined(ctx: Context, slug: str) -> Reply | None:
    central = purchasing.central_by_slug(ctx.session, slug)
    known = purchasing.adhesion(ctx.session, central, ctx.institution) if central else None
    return adhesion_words.already(known) if known else None


def _read_day(ctx: Context, text: str) -> str | None:
    decision = find_decision(f"décision : {text}", ctx.today)
    if decision is None or decision.day is None:
        return None
    _require_taken(decision)
    return decision.day.isoformat()


def _read_reference(_ctx: Context, text: str) -> str | None:
    told = find_reference(text)
    bare = text.strip(" .,;")
    return told or (bare if len(bare.split()) <= _LONGEST_REFERENCE else None)


_LONGEST_REFERENCE = 3
"""Up to how many words a reference has that is not introduced as one."""


def _recorded(ctx: Context, values: Values) -> Reply:
    central = purchasing.central_by_slug(ctx.session, values[CENTRAL])
    if central is None:
        raise Refusal(_("Cette centrale n'existe plus : écrivez `centrales`."))
    return adhesions.receive(ctx, central, date.fromisoformat(values[DAY]), values[DECISION])


FORM = Form(
    JOIN,
    _("Adhésion"),
    _("Pour enregistrer l'adhésion de votre institution"),
    (
        Field(
            CENTRAL,
            _("À quelle centrale d'achats ?"),
            _("le nom de la centrale"),
            _read_central,
            options=_centrals,
            ends=_joined,
        ),
        Field(
            DAY,
            _("De quel jour date la décision de votre Collège ou de votre Conseil ?"),
            _("la date de la décision prise"),
            _read_day,
            spotted=True,
        ),
        Field(
            DECISION,
            _("Et sa référence ? Par exemple « 2026/114 »."),
            _("la référence de la décision"),
            _read_reference,
        ),
    ),
    _recorded,
)


@table.intent(Intent.JOIN_CENTRAL, who=Role.MEMBER, private="adhérer")
def join_asked(ctx: Context, understood: Understanding) -> Reply:
    """An adhesion written as a letter; what it lacks is asked for."""
    del understood
    return _from_letter(ctx, f"{ctx.letter.subject}\n{ctx.letter.text}")


def _from_letter(ctx: Context, told: str, deed_id: int | None = None) -> Reply:
    central = find_central(purchasing.centrals(ctx.session), told)
    known = purchasing.adhesion(ctx.session, central, ctx.institution) if central else None
    if known is not None:
        ctx.observe(institution=ctx.institution)
        return adhesion_words.already(known)
    _require_own(ctx, told)
    decision = find_decision(told, ctx.today)
    ctx.observe(
        institution=ctx.institution, join={"council_date": decision.day if decision else None}
    )
    missing = _lacking(ctx, told, decision)
    if not missing and central is not None and decision is not None and decision.day is not None:
        reference = decision.reference or _deed(ctx)
        return adhesions.receive(ctx, central, decision.day, reference, deed_id)
    if ctx.incoming.interactive:
        past = None if decision is None or decision.future else decision
        return forms.begin(ctx, JOIN, _known(central, past))
    sent = deeds.deed_of(ctx)
    question = ctx.ask(
        JOINING,
        Topic("inbox", ctx.entry.id),
        text=told,
        deed=sent.id if sent else deed_id,
    )
    ctx.observe(ask_for=[name for name, _words in missing])
    return reply(
        _("Pour enregistrer l'adhésion {whose}, indiquez :", whose=texts.of_the(ctx.institution)),
        Steps(tuple(words for _name, words in missing)),
        _("Répondez à ce message, une phrase suffit."),
        title=_("Votre adhésion : il manque un renseignement"),
    ).about(f"question:{question.id}")


JOINING = "joining"
_WRAPPED = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


def _deed(ctx: Context) -> str:
    """The attached deed, by its name: it bears its own reference; "" without one."""
    return next((f.name for f in ctx.incoming.files if f.media_type == "application/pdf"), "")


def _lacking(ctx: Context, told: str, decision: Decision | None) -> list[tuple[str, Text]]:
    """What an adhesion needs and a letter does not say, by name and in words."""
    missing: list[tuple[str, Text]] = []
    if find_central(purchasing.centrals(ctx.session), told) is None:
        missing.append(("central", _("le nom de la centrale")))
    if decision is None or decision.day is None or decision.future:
        missing.append(("decision", _("la date de la décision prise")))
    if (decision is None or not decision.reference) and not _deed(ctx):
        missing.append(("reference", _("la référence de la décision")))
    if any(file.media_type in _WRAPPED for file in ctx.incoming.files):
        # What Outlook wraps in winmail.dat is kept, but nobody else can open it.
        missing.append(("attachment_as_pdf", _("la pièce jointe en PDF (« winmail.dat » reçu)")))
    return missing


@table.question(JOINING, free_text=True, called_off=True)
def completed(ctx: Context, question: Question, said: bool | None) -> Reply:
    """What was missing: read together with what was said before."""
    if said is False:
        return reply(_("C'est annulé : rien n'a été enregistré."))
    told = f"{question.data['text']}\n\n{ctx.incoming.text}"
    return _from_letter(ctx, told, question.data.get("deed"))

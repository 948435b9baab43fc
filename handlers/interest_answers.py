"""What members answer to a call for interest: how much at most, or no; too late is told as such."""

from __future__ import annotations

import re
from collections.abc import Iterator

from handlers.arguments import Words
from handlers.command import Table
from handlers.context import Context
from handlers.desk import tell_all
from handlers.policy import Role
from handlers.reading.consent import calls_off, plain_consent
from handlers.reading.lent_numbers import ABOUT
from handlers.reading.letter import open_letter
from handlers.reading.letters import level
from handlers.reading.number_words import COUNTS
from handlers.reply import Fields, Paragraph, Refusal, Reply, reply
from handlers.request import Topic
from handlers.wording import Text, _, verbatim
from storage import interests
from storage.interests import Interest, InterestCall

table = Table()

KIND = "interest"
"""The topic of what one member is asked."""


@table.command(
    "intérêt",
    aliases={"en": ["interest"], "nl": ["belangstelling"], "de": ["bedarf"]},
    who=Role.MEMBER,
    usage=_("intérêt NUMÉRO oui QUANTITÉ ou intérêt NUMÉRO non"),
    summary=_("dire votre intérêt pour un marché à venir, ou le changer"),
    example="intérêt 1 oui 12",
)
def answer(ctx: Context, words: Words) -> Reply:
    """Answer a call by its number."""
    number, _space, rest = words.strip().partition(" ")
    made = ctx.session.get(InterestCall, int(number)) if number.isdecimal() else None
    one = interests.of_institution(ctx.session, made, ctx.institution) if made else None
    if one is None:
        raise Refusal(
            _(
                "Je ne trouve pas la demande « {number} » : son numéro est dans le message qui vous"
                " l'a posée, par exemple `intérêt 1 oui 12`.",
                number=number[:20],
            )
        )
    return _take(ctx, one, rest)


@table.topic(KIND, who=Role.MEMBER)
def replied(ctx: Context, topic: Topic) -> Reply | None:
    """Answer a call by replying to it."""
    one = ctx.session.get(Interest, topic.id, with_for_update=True)
    if one is None or one.institution != ctx.institution:
        raise Refusal(_("Cette demande n'est pas adressée à votre institution."))
    return _take(ctx, one, ctx.incoming.text)


MOST = 10**12
"""More than this is no quantity that anybody means, in whatever unit."""
_WRITTEN = "|".join(
    sorted({*COUNTS, *ABOUT} - {"un", "une", "een", "ein", "eine", "one"}, key=len, reverse=True)
)
_COUNT = re.compile(
    r"(?<![\w.,/-])(?:(?P<digits>\d{1,3}(?:[. ]\d{3})+|\d+)(?![\w/-]|[.,]\d)"
    rf"|(?P<written>{_WRITTEN})(?![\w-]))"
)
_NO = re.compile(r"\s*(?:non|nee|nein|no|pas)\b")
_SAYS = re.compile(rf"\d|\b(?:oui|ok|d'accord|ja|yes|non|nee|nein|no|pas|{_WRITTEN})\b")
"""Whether a line answers at all, be it below a greeting."""


def _take(ctx: Context, one: Interest, words: str) -> Reply:
    """Keep an answer, the last one counts, and say what was understood. One that comes too late is
    kept, too: the central is told, and decides.
    """
    wanted, most = _read(words)
    before = _said(one)
    one.wanted, one.most, one.words = wanted, most, words.strip()[:1000]
    one.answered_at, one.person = ctx.now, ctx.member
    ctx.audit("interest.answered", Topic(KIND, one.id), wanted=int(wanted), most=most or 0)
    facts = Fields(tuple(_facts(one)))
    if ctx.today > one.call.until:
        return _taken_late(ctx, one, facts, before)
    return reply(
        facts,
        _("Vous pouvez changer d'avis jusqu'au {day}, de la même façon.", day=one.call.until),
        title=_("Votre intérêt est enregistré"),
    ).about(f"{KIND}:{one.id}")


def _taken_late(ctx: Context, one: Interest, facts: Fields, before: Text | None) -> Reply:
    changed = [Paragraph(_("Sa réponse d'avant : {before}.", before=before))] if before else []
    told = reply(
        _(
            "⏰ Une réponse est arrivée après le {day} : à vous de voir si elle compte encore.",
            day=one.call.until,
        ),
        facts,
        *changed,
        title=_("Intérêt tardif : {subject}", subject=one.call.subject),
    )
    tell_all(ctx, one.call.central.managers, told.about(f"central:{one.call.central_id}"))
    return reply(
        facts,
        _(
            "Les réponses étaient attendues pour le {day} : la vôtre est gardée et transmise à la"
            " centrale **{central}**, qui dira si elle peut encore compter.",
            day=one.call.until,
            central=one.call.central.name,
        ),
        title=_("Votre intérêt est arrivé après le délai"),
    ).about(f"{KIND}:{one.id}")


def _read(words: str) -> tuple[bool, int | None]:
    """Whether they want it, and how many at most. Raises Refusal."""
    body = open_letter("", words).body or words
    lines = [line for line in body.split("\n") if _SAYS.search(level(line))]
    line = lines[0] if lines else body.strip().partition("\n")[0]
    plain = level(line)
    if calls_off(line) or plain_consent(line) is False or _NO.match(plain):
        return False, None
    found = [_count(match) for match in _COUNT.finditer(plain)]
    if len(found) == 1 and found[0] <= MOST:
        return True, found[0]
    raise Refusal(
        _("Combien au plus ? Répondez par exemple « oui, 12 », ou « non » si ce n'est pas utile.")
    )


def _count(match: re.Match[str]) -> int:
    if match["digits"]:
        return int(re.sub(r"\D", "", match["digits"]))
    return ABOUT.get(match["written"]) or COUNTS[match["written"]]


def _facts(one: Interest) -> Iterator[tuple[Text, Text]]:
    yield _("Marché"), verbatim(one.call.subject)
    yield _("Institution"), verbatim(one.institution.name)
    yield _("Intéressée"), _said(one) or _("sans réponse")


def _said(one: Interest) -> Text | None:
    """What a member answered; None if it has not."""
    if one.wanted is None:
        return None
    if not one.wanted:
        return _("non")
    unit = f" {one.call.unit}" if one.call.unit else ""
    return _("oui, au plus {most}{unit}", most=one.most or 0, unit=unit)

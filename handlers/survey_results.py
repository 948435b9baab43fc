"""What surveys come to: counted once per institution, shown to administrators, exported, closed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from handlers import texts
from handlers.arguments import MaybeWords
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk
from handlers.policy import Role
from handlers.reply import (
    Bullets,
    File,
    Paragraph,
    Refusal,
    Reply,
    reply,
)
from handlers.reply import Table as Grid
from handlers.request import Place, Topic
from handlers.survey_answers import read_reference
from handlers.survey_words import (
    poll_of,
    topic_of,
)
from handlers.wording import Text, _, n_, verbatim
from storage import outbox, surveys
from storage.surveys import Ballot, Stage, Survey

table = Table()

# -- counting ---------------------------------------------------------------------------------


@table.command(
    "résultats",
    aliases={"en": ["results"], "nl": ["resultaten"], "de": ["ergebnisse"]},
    who=Role.ADMINISTRATOR,
    usage=_("résultats [S-NUMÉRO]"),
    summary=_("les réponses à un sondage, comptées par institution"),
    example="résultats S-1",
)
def results(ctx: Context, words: MaybeWords) -> Reply:
    """What a survey has come to, or which surveys there are."""
    if ctx.incoming.place is Place.MEMBERS:
        raise Refusal(*texts.in_private("résultats").blocks)
    if words.strip():
        return _results(ctx, read_reference(ctx, words))
    sent = surveys.sent(ctx.session)
    if not sent:
        return reply(_("Aucun sondage jusqu'ici. Pour en poser un : `sondage …`."))
    return reply(Bullets(tuple(_line(kept) for kept in sent)), title=_("Les sondages"))


def _line(kept: Survey) -> Text:
    state = _("ouvert") if kept.stage == Stage.OPEN else _("clos")
    return _(
        "**{reference}** ({state}) : {words}",
        reference=kept.reference,
        state=state,
        words=kept.words,
    )


def _results(desk: Desk, kept: Survey) -> Reply:
    ballots = [ballot for ballot in surveys.counted(desk.session, kept) if ballot.choices]
    counts = [sum(option in ballot.choices for ballot in ballots) for option in kept.options]
    rows = tuple(
        (option.meaning, verbatim(str(count)))
        for option, count in zip(poll_of(kept).options, counts, strict=True)
    )
    return reply(
        Paragraph(_line(kept)),
        Grid((_("Réponse"), _("Institutions")), rows, frozenset({1})),
        n_(
            "{count} institution a répondu, au {instant}. Le détail est dans le fichier joint.",
            "{count} institutions ont répondu, au {instant}. Le détail est dans le fichier joint.",
            len(ballots),
            instant=desk.now,
        ),
        title=_("Résultats du sondage {reference}", reference=kept.reference),
    ).with_files(_export(kept, ballots))


def _export(kept: Survey, ballots: Sequence[Ballot]) -> File:
    """Every counted answer with its words, for a spreadsheet (RFC 4180, with a byte order mark)."""
    written = io.StringIO()
    rows = csv.writer(written, delimiter=";", lineterminator="\r\n")
    rows.writerow(["sondage", "institution", "personne", "réponse", "mots", "instant (UTC)"])
    for ballot in ballots:
        cells = (ballot.institution.name, ballot.person.name, ", ".join(ballot.choices))
        told = (*cells, ballot.words, ballot.given_at.isoformat(timespec="seconds"))
        rows.writerow([kept.reference, *(_inert(cell) for cell in told)])
    return File(f"{kept.reference}.csv", "text/csv", b"\xef\xbb\xbf" + written.getvalue().encode())


def _inert(cell: str) -> str:
    """A cell that no spreadsheet computes: what begins like a formula is text."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


# -- the end ----------------------------------------------------------------------------------


@table.command(
    "fermer",
    aliases={"en": ["close"], "nl": ["sluiten"], "de": ["schließen"]},
    who=Role.ADMINISTRATOR,
    usage=_("fermer S-NUMÉRO"),
    summary=_("clore un sondage : plus aucune réponse n'est comptée"),
    example="fermer S-1",
    listed=False,
)
def close(ctx: Context, survey: Survey) -> Reply:
    """End a survey, and show what it has come to."""
    if survey.stage != Stage.OPEN:
        raise Refusal(_("Le sondage {reference} n'est plus ouvert.", reference=survey.reference))
    _end(ctx, survey)
    ctx.audit("survey.closed", topic_of(survey))
    if ctx.incoming.place is Place.MEMBERS:
        ctx.tell_administrators(_results(ctx, survey))
        return reply(_("Le sondage {reference} est clos.", reference=survey.reference))
    return _results(ctx, survey)


@table.reminder("survey-end")
def close_by_itself(desk: Desk, topic: Topic) -> None:
    """The last day of a survey is over."""
    kept = desk.session.get_one(Survey, topic.id)
    if kept.stage == Stage.OPEN:
        _end(desk, kept)
        desk.tell_administrators(_results(desk, kept))


def _end(desk: Desk, kept: Survey) -> None:
    kept.stage, kept.closed_at = Stage.CLOSED, desk.now
    count = sum(bool(ballot.choices) for ballot in surveys.counted(desk.session, kept))
    thanks = n_(
        "Le sondage **{reference}** est clos : {count} institution a répondu, merci.",
        "Le sondage **{reference}** est clos : {count} institutions ont répondu, merci.",
        count,
        reference=kept.reference,
    )
    for row in outbox.about(desk.session, str(topic_of(kept))):
        desk.end_poll(row, thanks, desk.platform.language)
    desk.tell_place(Place.MEMBERS, reply(thanks).about(str(topic_of(kept))))

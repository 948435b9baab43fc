"""What surveys come to: counted once per institution, shown to who asked, exported, closed."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from config.folding import fold
from handlers import survey_rights, survey_wishes, texts
from handlers.arguments import MaybeWords
from handlers.catalogue_files import NEEDED
from handlers.command import Table
from handlers.context import Context
from handlers.desk import Desk, tell_all
from handlers.policy import Role
from handlers.reply import (
    Block,
    Bullets,
    File,
    Paragraph,
    Refusal,
    Reply,
    reply,
)
from handlers.reply import Table as Grid
from handlers.request import Place, Topic
from handlers.statistics import TYPES
from handlers.survey_answers import read_reference
from handlers.survey_words import (
    in_words,
    poll_of,
    title,
    topic_of,
)
from handlers.tabular import CSV, as_csv
from handlers.wording import Text, _, n_, plain, verbatim
from storage import members, outbox, surveys
from storage.members import Institution
from storage.surveys import Ballot, Stage, Survey

table = Table()

# -- counting ---------------------------------------------------------------------------------


@table.command(
    "résultats",
    aliases={"en": ["results"], "nl": ["resultaten"], "de": ["ergebnisse"]},
    who=Role.ASKER,
    usage=_("résultats [S-NUMÉRO]"),
    summary=_("les réponses à un sondage, comptées par institution"),
    example="résultats S-1",
)
def results(ctx: Context, words: MaybeWords) -> Reply:
    """What a survey has come to, or which surveys there are."""
    if ctx.incoming.place is Place.MEMBERS:
        raise Refusal(*texts.in_private("résultats").blocks)
    if words.strip():
        kept = read_reference(ctx, words)
        survey_rights.require(ctx, kept)
        return _results(ctx, kept)
    sent = [one for one in surveys.sent(ctx.session) if survey_rights.is_theirs(ctx, one)]
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
    return reply(
        Paragraph(_line(kept)),
        *_outcome(desk, kept, ballots),
        n_(
            "{count} institution a répondu, au {instant}. Le détail est dans le fichier joint.",
            "{count} institutions ont répondu, au {instant}. Le détail est dans le fichier joint.",
            len(ballots),
            instant=desk.now,
        ),
        *_silent(desk, kept, ballots),
        title=_("Résultats du sondage {reference}", reference=kept.reference),
    ).with_files(_export(kept, ballots))


def _outcome(desk: Desk, kept: Survey, ballots: Sequence[Ballot]) -> list[Block]:
    if not kept.is_free:
        return [_ranked(kept, ballots)]
    groups = survey_wishes.wanted(desk, kept, ballots)
    how = [Paragraph(survey_wishes.how_to_arrange(kept))] if groups else []
    return [survey_wishes.ranked(groups), *how] if groups else []


def _ranked(kept: Survey, ballots: Sequence[Ballot]) -> Grid:
    """The answers, the one most wanted first, with how many of each kind of institution chose it
    (acceptance A39).
    """
    kinds = [kind for kind in TYPES if any(b.institution.type == kind for b in ballots)]
    rows = []
    for option, word in zip(poll_of(kept).options, kept.options, strict=True):
        theirs = [b.institution.type for b in ballots if word in b.choices]
        per_kind = (verbatim(str(theirs.count(kind))) for kind in kinds)
        rows.append((len(theirs), (option.meaning, verbatim(str(len(theirs))), *per_kind)))
    rows.sort(key=lambda row: -row[0])
    header = (_("Réponse"), _("Institutions"), *map(texts.type_name, kinds))
    return Grid(header, tuple(cells for _n, cells in rows), frozenset(range(1, len(header))))


def _silent(desk: Desk, kept: Survey, ballots: Sequence[Ballot]) -> list[Block]:
    """Who has not answered, as long as that can change."""
    if kept.stage != Stage.OPEN:
        return []
    names = tuple(verbatim(one.name) for one in silent(desk, kept, ballots))
    return [Paragraph(_("Sans réponse :")), Bullets(names)] if names else []


def silent(desk: Desk, kept: Survey, ballots: Sequence[Ballot]) -> list[Institution]:
    """The members that have not answered (acceptance A38)."""
    answered = {ballot.institution_id for ballot in ballots if ballot.choices}
    active = members.active_institutions(desk.session)
    asked = [one for one in active if kept.audience in {None, one.type}]
    return [institution for institution in asked if institution.id not in answered]


@table.reminder("survey-reminder")
def remind(desk: Desk, topic: Topic) -> None:
    """Remind, once, the users of every member that has not answered (acceptance A38)."""
    kept = desk.session.get_one(Survey, topic.id)
    if kept.stage != Stage.OPEN:
        return
    words = reply(
        _("Un rappel : votre institution n'a pas encore répondu à ce sondage."),
        *in_words(kept),
        _("Pour répondre : `voter {reference} …`.", reference=kept.reference),
        title=title(kept),
    ).about(str(topic))
    for institution in silent(desk, kept, surveys.counted(desk.session, kept)):
        tell_all(desk, [one for one in institution.persons if one.active], words)


@table.command(
    "candidats",
    aliases={"en": ["candidates"], "nl": ["kandidaten"], "de": ["kandidaten liste"]},
    who=Role.ASKER,
    usage=_("candidats S-NUMÉRO"),
    summary=_("les souhaits d'un sondage comme solutions à compléter, en fichier de catalogue"),
    example="candidats S-1",
    listed=False,
)
def candidates(ctx: Context, survey: Survey) -> Reply:
    """What a survey wished for as lines of a catalogue that is still to be completed: who manages
    the next version of a central brings it in with `importer catalogue` (acceptance A39).
    """
    survey_rights.require(ctx, survey)
    ballots = surveys.counted(ctx.session, survey)
    wanted = _wanted(ctx, survey, ballots)
    rows = [
        [_slug(option), option, "", _why(ctx, survey, count), "forfait", ""]
        for count, option in sorted(wanted, key=lambda pair: -pair[0])
        if count
    ]
    if not rows:
        raise Refusal(_("Personne n'a encore répondu à ce sondage."))
    content = as_csv([NEEDED, *rows])
    return reply(
        _("À compléter (fournisseur, montant), puis à reprendre : `importer catalogue CENTRALE`."),
        title=_("Candidats du sondage {reference}", reference=survey.reference),
    ).with_files(File(f"candidats-{survey.reference}.csv", CSV, content))


def _wanted(desk: Desk, kept: Survey, ballots: Sequence[Ballot]) -> list[tuple[int, str]]:
    """How many institutions want what."""
    if kept.is_free:
        groups = survey_wishes.wanted(desk, kept, ballots)
        return [(len(one.institutions), one.name) for one in groups]
    return [(sum(option in b.choices for b in ballots), option) for option in kept.options]


def _slug(option: str) -> str:
    return "-".join(fold(option).split())[:60]


def _why(ctx: Context, survey: Survey, count: int) -> str:
    told = n_(
        "Souhaitée par {count} institution (sondage {reference})",
        "Souhaitée par {count} institutions (sondage {reference})",
        count,
        reference=survey.reference,
    )
    return plain(told, ctx.language)


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
    who=Role.ASKER,
    usage=_("fermer S-NUMÉRO"),
    summary=_("clore un sondage : plus aucune réponse n'est comptée"),
    example="fermer S-1",
    listed=False,
)
def close(ctx: Context, survey: Survey) -> Reply:
    """End a survey, and show what it has come to."""
    survey_rights.require(ctx, survey)
    if survey.stage != Stage.OPEN:
        raise Refusal(_("Le sondage {reference} n'est plus ouvert.", reference=survey.reference))
    _end(ctx, survey)
    ctx.audit("survey.closed", topic_of(survey))
    if ctx.incoming.place is Place.MEMBERS:
        survey_rights.tell_askers(ctx, survey, _results(ctx, survey))
        return reply(_("Le sondage {reference} est clos.", reference=survey.reference))
    return _results(ctx, survey)


@table.reminder("survey-end")
def close_by_itself(desk: Desk, topic: Topic) -> None:
    """The last day of a survey is over."""
    kept = desk.session.get_one(Survey, topic.id)
    if kept.stage == Stage.OPEN:
        _end(desk, kept)
        survey_rights.tell_askers(desk, kept, _results(desk, kept))


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
    # What some were asked was not said where all read.
    if kept.audience is None:
        desk.tell_place(Place.MEMBERS, reply(thanks).about(str(topic_of(kept))))

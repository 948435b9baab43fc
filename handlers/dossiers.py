"""The documents of the centrals: specifications, rules, agreements; asked for, and published in new
versions (acceptance A13, A14).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.folding import fold
from handlers import catalogue, texts
from handlers.arguments import MaybeWords, Words
from handlers.command import Table
from handlers.context import Context
from handlers.policy import Role
from handlers.reply import (
    Block,
    Bullets,
    File,
    Forbidden,
    Heading,
    Paragraph,
    Refusal,
    Reply,
    reply,
)
from handlers.request import IncomingFile, Topic
from handlers.wording import Text, _, since
from storage import dossiers, files, purchasing
from storage.dossiers import Document
from storage.purchasing import Central, Solution

table = Table()

MOST_BYTES = 10 * 1024 * 1024


@table.command(
    "documents",
    aliases={
        "fr": ["document"],
        "nl": ["documenten"],
        "de": ["dokumente"],
    },
    usage=_("documents [CENTRALE ou SOLUTION]"),
    summary=_("règlement, convention, cahiers des charges d'une centrale"),
    example="documents Smart",
)
def show(ctx: Context, words: MaybeWords) -> Reply:
    """The documents of the centrals; those of one, or of one solution, come along."""
    central = catalogue.find_central(purchasing.centrals(ctx.session), words) if words else None
    if central is not None:
        return _handed_out(ctx, _of(ctx, central), words)
    if words:
        return _handed_out(ctx, _of_solution(ctx, catalogue.read_solution(ctx, words)), words)
    blocks: list[Block] = []
    for one in purchasing.centrals(ctx.session):
        found = dossiers.current(ctx.session, one)
        if found:
            blocks.append(Heading(_("Centrale {name}", name=one.name)))
            blocks.append(Bullets(tuple(map(_line, found))))
    if not blocks:
        raise Refusal(_("Aucun document n'est encore publié."))
    hint = Paragraph(_("Pour les recevoir : `documents CENTRALE` ou `documents SOLUTION`."))
    return reply(*blocks, hint, title=_("Les documents des centrales"))


@table.command(
    "cahier des charges",
    aliases={
        "fr": ["cahiers des charges", "le cahier des charges"],
        "en": ["specifications"],
        "nl": ["bestek"],
        "de": ["leistungsverzeichnis"],
    },
    usage=_("cahier des charges SOLUTION"),
    summary=_("le cahier des charges d'une solution, dans sa dernière version"),
    example="cahier des charges e-guichet",
    listed=False,
)
def specifications(ctx: Context, words: Words) -> Reply:
    """The specifications of a solution, in their last version."""
    solution = catalogue.read_solution(ctx, _OF.sub("", words))
    found = [one for one in _of_solution(ctx, solution) if "cahier" in fold(one.name)]
    return _handed_out(ctx, found or _of_solution(ctx, solution), words)


_OF = re.compile(r"^(?:pour |de |du |d'|des )?(?:la |le |les |l')?", re.IGNORECASE)


@table.command(
    "règlement de la centrale",
    aliases={
        "fr": ["règlement centrale"],
        "en": ["central rules"],
        "nl": ["reglement centrale"],
        "de": ["regeln zentrale"],
    },
    usage=_("règlement de la centrale NOM"),
    summary=_("le règlement d'une centrale"),
    example="règlement de la centrale Smart",
    listed=False,
)
def rules(ctx: Context, central: Central) -> Reply:
    """The rules of a central."""
    return _named(ctx, central, "reglement")


@table.command(
    "convention d'adhésion",
    aliases={
        "fr": ["convention de la centrale"],
        "en": ["accession agreement"],
        "nl": ["toetredingsovereenkomst"],
        "de": ["beitrittsvereinbarung"],
    },
    usage=_("convention d'adhésion CENTRALE"),
    summary=_("la convention d'adhésion d'une centrale"),
    example="convention d'adhésion Smart",
    listed=False,
)
def agreement(ctx: Context, central: Central) -> Reply:
    """The agreement that one signs to join a central."""
    return _named(ctx, central, "convention")


def _named(ctx: Context, central: Central, name: str) -> Reply:
    found = [one for one in _of(ctx, central) if name in fold(one.name)]
    return _handed_out(ctx, found, central.name)


def _of(ctx: Context, central: Central) -> list[Document]:
    """What belongs to the central itself, its solutions' left out."""
    return [one for one in dossiers.current(ctx.session, central) if one.solution is None]


def _of_solution(ctx: Context, solution: Solution) -> list[Document]:
    found = dossiers.current(ctx.session, solution.central)
    return [one for one in found if one.solution == solution]


def _handed_out(ctx: Context, found: Sequence[Document], words: str) -> Reply:
    if not found:
        raise Refusal(
            _(
                "Aucun document n'est publié pour « {words} » : `documents` montre ce qu'il y a.",
                words=words.strip()[:60],
            )
        )
    mine = [one for one in found if not one.members_only or Role.MEMBER in ctx.roles]
    if not mine:
        raise Forbidden(Role.MEMBER, "documents", *texts.no_right(Role.MEMBER, ctx.claimed).blocks)
    kept = {one.file.sha256: one.file for one in mine}
    return reply(
        Bullets(tuple(map(_line, mine))), title=_("Documents : {words}", words=words.strip()[:60])
    ).with_files(*(File(one.name, one.media_type, one.content) for one in kept.values()))


def _line(one: Document) -> Text:
    named = _what(one)
    if not one.dated:
        return _("**{name}**, version {version}", name=named, version=one.version)
    return _(
        "**{name}**, version {version}, établie {since}",
        name=named,
        version=one.version,
        since=since(one.dated),
    )


def _what(one: Document) -> str:
    return f"{one.name} : {one.solution.name}" if one.solution else one.name


# -- publishing -----------------------------------------------------------------------------------


@table.command(
    "publier document",
    aliases={
        "fr": ["publier le document", "déposer document"],
        "en": ["publish document"],
        "nl": ["document publiceren"],
        "de": ["dokument veröffentlichen"],
    },
    who=Role.MANAGER,
    usage=_("publier document CENTRALE ou SOLUTION : NOM, version VERSION, avec le fichier joint"),
    summary=_("publier un document de votre centrale, ou une nouvelle version"),
    example="publier document e-guichet : Cahier des charges, version 3",
    listed=False,
)
def publish(ctx: Context, words: Words) -> Reply:
    """Serve a file as a document of a central, or of a solution, from now on."""
    target, colon, rest = words.partition(":")
    told = _VERSION.search(rest)
    name = rest[: told.start()].strip(" ,.") if told else ""
    file = _file(ctx)
    if not colon or told is None or not name or file is None:
        raise Refusal(
            _(
                "Joignez le fichier et écrivez de quoi il s'agit : `publier document e-guichet :"
                " Cahier des charges, version 3`."
            )
        )
    central, solution = _target(ctx, target.strip())
    if central not in purchasing.manages(ctx.session, ctx.member):
        raise Refusal(_("Vous ne gérez pas la centrale **{name}**.", name=central.name))
    return _published(ctx, (central, solution), name, told["version"], file)


_VERSION = re.compile(r"[,;]?\s*\bversion\s+(?P<version>[\w.]{1,20})", re.IGNORECASE)


def _file(ctx: Context) -> IncomingFile | None:
    return next((one for one in ctx.incoming.files if len(one.content) <= MOST_BYTES), None)


def _target(ctx: Context, words: str) -> tuple[Central, Solution | None]:
    central = catalogue.find_central(purchasing.centrals(ctx.session), words)
    if central is not None:
        return central, None
    solution = catalogue.read_solution(ctx, words)
    return solution.central, solution


def _published(
    ctx: Context,
    target: tuple[Central, Solution | None],
    name: str,
    version: str,
    file: IncomingFile,
) -> Reply:
    central, solution = target
    former = dossiers.versions(ctx.session, central, solution, name)
    if former and former[0].version == version:
        raise Refusal(
            _(
                "La version {version} est déjà publiée : donnez un autre numéro à la nouvelle.",
                version=version,
            )
        )
    document = Document(
        central=central,
        solution=solution,
        name=former[0].name if former else name,
        version=version,
        dated=ctx.today.isoformat(),
        members_only=former[0].members_only if former else False,
        published_at=ctx.now,
        file=files.keep(ctx.session, file.name, file.media_type, file.content, ctx.now),
    )
    dossiers.publish(ctx.session, document)
    ctx.audit("document.published", Topic("central", central.id), document=document.id)
    return reply(
        _("C'est publié : {line}.", line=_line(document)),
        _("Dès maintenant, `documents {name}` le donne.", name=(solution or central).name),
    )

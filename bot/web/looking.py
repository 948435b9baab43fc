"""What a page says: the answer to its command, asked by a stranger, written as HTML.

Runs in a worker thread, in one transaction that can only read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from sqlalchemy.orm import Session

from bot.web.blocks import Writer, without_address
from bot.web.cache import Made, tag_of
from bot.web.frame import Address, Frame
from bot.web.pages import SOLUTION, Page, Paths, path_of
from config.folding import fold
from handlers import visit
from handlers.command import Table
from handlers.platform import Platform
from handlers.reply import Block, File, Heading, Refusal, Reply
from handlers.visit import Visit
from handlers.wording import Text, _, plain
from storage.engine import Database


@dataclass(frozen=True, slots=True)
class Asked:
    """One look at one page: its words, in which language, under which address."""

    page: Page | None
    """None for the first page of all."""
    words: str
    language: str
    address: Address

    @property
    def path(self) -> str:
        """The path of the page, as its own links name it."""
        return self.page.at(self.words) if self.page is not None else ""


@dataclass(frozen=True, slots=True)
class Looking:
    """Makes pages out of answers."""

    database: Database
    platform: Platform
    table: Table
    frame: Frame
    now: Callable[[], datetime]

    def make(self, asked: Asked) -> Made:
        """The page; of what is not there, a page that says so with status 404."""
        return self.database.read(self._make, asked)

    def _make(self, session: Session, asked: Asked) -> Made:
        ctx = Visit(session, self.platform, self.now(), asked.language)
        writer = self._writer(ctx, asked)
        if asked.page is None:
            return self._home(ctx, asked, writer)
        try:
            answer = visit.told(ctx, self.table, asked.page.command, asked.words)
        except Refusal as refused:
            # Only what was named can be missing; that a list is empty yet is an answer.
            status = 404 if asked.page.takes else 200
            return self._page(asked, asked.page, refused.reply, writer, status)
        return self._page(asked, asked.page, answer, writer)

    def _writer(self, ctx: Visit, asked: Asked) -> Writer:
        names: dict[str, str] = {}
        for one in visit.known(ctx):
            path = SOLUTION.at(one.words) if one.is_solution else path_of(one.command, one.words)
            if path is not None:
                names |= dict.fromkeys((fold(one.name), fold(one.words)), path)
        return Writer(asked.language, Paths(self.table, names, asked.language), asked.address.link)

    def _page(
        self, asked: Asked, page: Page, answer: Reply, writer: Writer, status: int = 200
    ) -> Made:
        title = answer.title or page.label or _NOTHING
        body = self.frame.page(
            "page.html",
            language=asked.language,
            address=asked.address,
            path=asked.path,
            title=title,
            section=page.section,
            blocks=writer.blocks(_without_title(answer, title, asked.language)),
            tiles=page.tiles,
            searches=page.searches,
            asked=asked.words if page.searches else "",
            chosen=asked.address.language,
            pictures=[
                (_file(asked, number, file), without_address(plain(file.alt, asked.language)))
                for number, file in enumerate(answer.files)
                if file.alt is not None
            ],
            downloads=[
                (_file(asked, number, file), file.name)
                for number, file in enumerate(answer.files)
                if file.alt is None
            ],
        )
        return Made(status, body, answer.files)

    # -- the first page ---------------------------------------------------------------------

    def _home(self, ctx: Visit, asked: Asked, writer: Writer) -> Made:
        body = self.frame.page(
            "home.html",
            language=asked.language,
            address=asked.address,
            path="",
            title=None,
            about=self._answer(ctx, writer, "à propos"),
            figures=self._answer(ctx, writer, "statistiques"),
            news=self._answer(ctx, writer, "actualités"),
            cards=CARDS,
        )
        return Made(200, body)

    def _answer(self, ctx: Visit, writer: Writer, command: str) -> Markup:
        """An answer as a part of a page; nothing where there is nothing to tell."""
        try:
            return writer.blocks(visit.told(ctx, self.table, command).blocks)
        except Refusal:
            return Markup()


CARDS = (
    (
        "catalogue",
        _("Choisir"),
        _("Les solutions des centrales d'achats, leurs prix, et qui les utilise déjà."),
    ),
    (
        "carte",
        _("Voir qui participe"),
        _("La carte et la liste des communes qui ont adhéré, et la fiche de chacune."),
    ),
    (
        "demandes-et-offres",
        _("S'entraider"),
        _("Ce que les pouvoirs locaux se demandent et s'offrent, d'année en année."),
    ),
)
_NOTHING = _("Rien à cette adresse")


def _without_title(answer: Reply, title: Text, language: str) -> list[Block]:
    """The blocks but a first heading, the only one, whose words the title of the page holds."""
    blocks: list[Block] = list(answer.blocks)
    headings = [block for block in blocks if isinstance(block, Heading)]
    if blocks[:1] == headings and fold(plain(headings[0].text, language)) in fold(
        plain(title, language)
    ):
        return blocks[1:]
    return blocks


def _file(asked: Asked, number: int, file: File) -> str:
    """The address of a file of a page: another one whenever its bytes change."""
    path = asked.path
    mark = "&" if "?" in path else "?"
    return asked.address.link(f"{path}{mark}fichier={number}-{tag_of(file.content)[:8]}")

"""One page: stopping what is said to everybody with one click (RFC 8058).

Looking at it changes nothing, because programs look at links before people do; only a POST stops.
The token in the path is all the proof there is, and it can do nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from html import escape

from aiohttp import web
from sqlalchemy.orm import Session

from handlers import rhythms
from handlers.desk import Desk
from handlers.platform import Platform
from handlers.wording import Text, _, plain
from storage.engine import Database

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ max-width: 36em; margin: 0 auto; padding: 2em 1em; font: 1.05em/1.5 sans-serif; }}
button {{ font: inherit; padding: 0.6em 1.2em; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


class StopPage:
    """Shows the page and follows the click; ``committed`` wakes whoever sends the confirmation."""

    def __init__(
        self,
        database: Database,
        platform: Platform,
        now: Callable[[], datetime],
        committed: Callable[[], None],
    ) -> None:
        self._database = database
        self._platform = platform
        self._now = now
        self._committed = committed

    def routes(self) -> list[web.RouteDef]:
        """The page's two ways."""
        return [web.get("/stop/{tag}", self._show), web.post("/stop/{tag}", self._stop)]

    async def _show(self, request: web.Request) -> web.Response:
        return await self._answer(request, self._seen)

    async def _stop(self, request: web.Request) -> web.Response:
        # What a program sends with its click says nothing that the path does not.
        await request.read()
        response = await self._answer(request, self._stopped)
        self._committed()
        return response

    async def _answer(
        self, request: web.Request, work: Callable[[Session, str], web.Response]
    ) -> web.Response:
        return await asyncio.to_thread(self._database.run, work, request.match_info["tag"])

    def _seen(self, session: Session, tag: str) -> web.Response:
        person = rhythms.person_of_tag(self._desk(session), tag)
        if person is None:
            return self._unknown()
        words = escape(plain(_BUTTON, person.language))
        form = f'<form method="post"><button>{words}</button></form>'
        return _page(person.language, _QUESTION, f"{_said(_EFFECT, person.language)}\n{form}")

    def _stopped(self, session: Session, tag: str) -> web.Response:
        desk = self._desk(session)
        person = rhythms.person_of_tag(desk, tag)
        if person is None:
            return self._unknown()
        rhythms.stop_by_tag(desk, tag)
        return _page(person.language, _DONE, _said(_AGAIN, person.language))

    def _unknown(self) -> web.Response:
        language = self._platform.language
        return _page(language, _NO_LINK, _said(_BY_MAIL, language), status=404)

    def _desk(self, session: Session) -> Desk:
        return Desk(session, self._platform, self._now())


_QUESTION = _("Ne plus recevoir les annonces ?")
_EFFECT = _("Ce qui vous concerne vous parviendra toujours, et vous pourrez changer d'avis.")
_BUTTON = _("Ne plus recevoir les annonces")
_DONE = _("Vous ne recevez plus les annonces")
_AGAIN = _("Pour les recevoir à nouveau, répondez « reprendre » à n'importe lequel de nos mails.")
_NO_LINK = _("Ce lien n'est pas valable")
_BY_MAIL = _("Répondez « stop » à n'importe lequel de nos mails : cela suffit.")


def _said(words: Text, language: str) -> str:
    return f"<p>{escape(plain(words, language))}</p>"


def _page(language: str, title: Text, content: str, status: int = 200) -> web.Response:
    page = _PAGE.format(
        language=escape(language), title=escape(plain(title, language)), content=content
    )
    return web.Response(text=page, status=status, content_type="text/html", headers=_HEADERS)

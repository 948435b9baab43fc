"""The page with the registration form: shown, looked over, and handed in as a letter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.web import bounds, registration_letter
from bot.web.blocks import without_address
from bot.web.bounds import Cap
from bot.web.pages import FORMS
from bot.web.public import AWAY, SAFE, PublicPages
from bot.web.registration_letter import FIELDS, Values
from bot.web.workers import Workers
from handlers.dispatch import Dispatcher
from handlers.request import Incoming
from handlers.visit import Visit
from handlers.wording import Text, _
from storage import languages, members
from storage.engine import Database

log = structlog.get_logger()

PATH = FORMS["inscrire"]
MOST_BYTES = 16_384
"""Of a form that is sent: every field full, its letters escaped."""
_MOST_AN_HOUR, _MOST_ALTOGETHER = 20, 400
_TRAP = "site_web"
"""A field that no reader sees; programs that fill in everything fill it, too."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says beside the form: what is wrong, as a whole and field by field."""

    whole: Text | None = None
    fields: dict[str, Text] | None = None
    status: int = 200


class RegistrationPage:
    """Shows the form and hands in what is typed; ``committed`` wakes whoever sends the receipt."""

    def __init__(
        self,
        pages: PublicPages,
        database: Database,
        dispatcher: Dispatcher,
        now: Callable[[], datetime],
        committed: Callable[[], None],
        workers: Workers,
    ) -> None:
        self._pages = pages
        self._database = database
        self._dispatcher = dispatcher
        self._platform = dispatcher.platform
        self._now = now
        self._committed = committed
        self._workers = workers
        self._cap = Cap(_MOST_AN_HOUR, _MOST_ALTOGETHER)

    def routes(self) -> list[web.RouteDef]:
        """The form's two ways."""
        return [web.get(f"/{PATH}", self._show), web.post(f"/{PATH}", self._take)]

    async def _show(self, request: web.Request) -> web.Response:
        return await self._form(request, registration_letter.typed(request.query), Told())

    async def _take(self, request: web.Request) -> web.Response:
        try:
            posted = await request.post()
        except (ValueError, LookupError):
            # No browser sends such bytes, or names such a character set.
            raise web.HTTPBadRequest from None
        values = registration_letter.typed(posted)
        ticket = str(posted.get("ticket", ""))
        whole = self._refused(request, ticket)
        if whole is not None:
            return await self._form(request, values, whole)
        if posted.get(_TRAP):
            log.info("form of a program, not taken")
            return await self._done(request, values)
        language, _address = self._pages.asked_language(request)
        try:
            found = await self._workers.run(self._entered, values, ticket, language)
        except SQLAlchemyError as error:
            log.error("form not taken", error=type(error).__name__)
            return await self._form(request, values, Told(AWAY, status=503))
        if found:
            return await self._form(request, values, Told(_MEND, found, status=422))
        self._committed()
        return await self._done(request, values)

    def _refused(self, request: web.Request, ticket: str) -> Told | None:
        """Why a form is not even read; what was typed is shown again all the same."""
        secret, now = self._platform.secret, self._now()
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
            return Told(_AGAIN, status=403)
        if not bounds.is_good(secret, ticket, now):
            return Told(_AGAIN, status=409)
        forwarded = request.headers.get("X-Forwarded-For", "")
        if not self._cap.lets(bounds.visitor(request.remote, forwarded), now):
            return Told(_OFTEN, status=429)
        return None

    # -- in a worker thread -----------------------------------------------------------------

    def _entered(self, values: Values, ticket: str, language: str) -> dict[str, Text]:
        """Hand the letter in; what is wrong, by field, if it cannot be."""
        now = self._now()
        found = self._database.read(self._faults, values, language, now)
        if not found:
            letter = registration_letter.letter(
                values,
                channel=self._platform.record_channel,
                ticket=ticket.rpartition(".")[0],
                now=now,
            )
            self._database.run(self._handed_in, letter, language, now)
        return found

    def _faults(
        self, session: Session, values: Values, language: str, now: datetime
    ) -> dict[str, Text]:
        ctx = Visit(session, self._platform, now, language)
        return registration_letter.faults(ctx, values)

    def _handed_in(self, session: Session, letter: Incoming, language: str, now: datetime) -> None:
        where = (letter.channel, letter.conversation)
        known = members.person_at(session, letter.channel, letter.sender)
        if known is None and languages.language_of(session, *where) is None:
            # The letter is in French whatever the page was in: its answer is to be in the page's.
            languages.keep(session, *where, language, now)
        self._dispatcher.take_one(session, letter, now)

    # -- pages ------------------------------------------------------------------------------

    async def _form(self, request: web.Request, values: Values, told: Told) -> web.Response:
        return await self._page(
            request,
            "form.html",
            told.status,
            fields=FIELDS,
            values=values,
            whole=told.whole,
            faults=told.fields or {},
            ticket=bounds.new_ticket(self._platform.secret, self._now()),
            trap=_TRAP,
            lead=_LEAD,
            by_mail=_BY_MAIL,
            send=_SEND,
            groups=((_YOU, FIELDS[:1]), (_USER, FIELDS[1:5]), (_OTHERS, FIELDS[5:])),
        )

    async def _done(self, request: web.Request, values: Values) -> web.Response:
        to = registration_letter.mail_in(values[registration_letter.OWN]) or values["email"]
        words = _(
            "Votre demande est arrivée. Le récépissé, avec sa référence, part à l'instant à"
            " {address} : répondez-y pour corriger ou compléter.",
            address=without_address(to),
        )
        return await self._page(request, "done.html", 200, done=words, next_=_NOT_SEEN)

    async def _page(
        self, request: web.Request, template: str, status: int, **content: Any
    ) -> web.Response:
        language, address = self._pages.asked_language(request)
        body = await self._workers.run(
            self._pages.frame().page,
            template,
            language=language,
            address=address,
            path=PATH,
            title=_TITLE,
            **content,
        )
        headers = SAFE | {"Cache-Control": "no-store"}
        return web.Response(
            body=body, status=status, content_type="text/html", charset="utf-8", headers=headers
        )


_TITLE = _("Inscrire votre institution")
_LEAD = _(
    "L'inscription est gratuite et sans engagement. Un administrateur la valide d'ordinaire en"
    " quelques jours ; vous pouvez quitter la plateforme à tout moment."
)
_BY_MAIL = _("Un mail fait la même chose : dites-y quelle institution, et qui agira en son nom.")
_SEND = _("Envoyer la demande")
_YOU = _("L'institution")
_USER = _("La personne désignée")
_OTHERS = _("Si vous le souhaitez")
_NOT_SEEN = _("Rien reçu dans le quart d'heure ? Regardez dans les indésirables, ou écrivez-nous.")
_MEND = _("Rien n'est encore envoyé : il reste à corriger ce qui est signalé ci-dessous.")
_AGAIN = _(
    "Ce formulaire est resté ouvert longtemps, ou vient d'une autre page. Ce que vous avez écrit"
    " est encore là : envoyez-le à nouveau."
)
_OFTEN = _(
    "Trop de formulaires ont été envoyés d'ici en une heure. Ce que vous avez écrit est encore là :"
    " réessayez plus tard, ou envoyez-le par mail."
)

"""The public pages over HTTP: what is asked for, in which language, and how it is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler
from babel import negotiate_locale
from markupsafe import Markup, escape
from sqlalchemy.exc import SQLAlchemyError

from bot.mail.tidy import one_line
from bot.web.cache import Cache, Made, tag_of
from bot.web.frame import ICON, LANGUAGES, STYLE, Address, Frame
from bot.web.looking import Asked, Looking
from bot.web.pages import LONGEST_WORDS, MOVED, PAGES, Page
from bot.web.workers import Busy
from handlers.reply import File
from handlers.wording import Text, _, plain

log = structlog.get_logger()

SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
    "Referrer-Policy": "same-origin",
    "Server": "Supracom",
    "X-Content-Type-Options": "nosniff",
}
"""What every page bears: nothing is loaded from elsewhere, nothing runs, nobody frames it."""
_SHORTLY = "public, max-age=20"
_LONGEST_NAME = 80
_FOR_EVER = "public, max-age=31536000, immutable"


class PublicPages:
    """Serves the table of pages."""

    def __init__(self, looking: Looking, cache: Cache, base: str, language: str) -> None:
        self._looking = looking
        self._cache = cache
        self._base = base
        self._language = language
        self._troubles: dict[tuple[int, str, str, Address], bytes] = {}
        """Made once each: who is asked to wait must not cost as much as who is served."""

    def routes(self) -> list[web.RouteDef]:
        """Every path that is answered."""
        return [
            web.get("/", self._home),
            web.get("/style.css", self._style),
            web.get("/icone.svg", self._icon),
            *(web.get(f"/{old}", self._moved) for old in MOVED),
            *(web.get(_route(page), self._handler(page)) for page in PAGES),
        ]

    def frame(self) -> Frame:
        """The frame of these pages."""
        return self._looking.frame

    def asked_language(self, request: web.Request) -> tuple[str, Address]:
        """The language of an answer, and the address that goes on naming it if this one does."""
        named = request.query.get("lang", "")
        if named in LANGUAGES:
            return named, Address(self._base, named)
        return self._preferred(request), Address(self._base)

    def _preferred(self, request: web.Request) -> str:
        wanted = languages_of(request.headers.get("Accept-Language", ""))
        return negotiate_locale(wanted, list(LANGUAGES), sep="-") or self._language

    # -- pages ------------------------------------------------------------------------------

    def _handler(self, page: Page) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._page(request, page)

        return handle

    async def _home(self, request: web.Request) -> web.StreamResponse:
        return await self._page(request, None)

    async def _page(self, request: web.Request, page: Page | None) -> web.StreamResponse:
        language, address = self.asked_language(request)
        asked = Asked(page, _words(request, page), language, address)
        try:
            made = await self._cache.get(asked, lambda: self._looking.make(asked))
        except SQLAlchemyError as error:
            log.error("page not made", error=type(error).__name__)
            return self.trouble(request, 503, AWAY)
        number = request.query.get("fichier", "").partition("-")[0]
        if number.isdecimal():
            return self._file(request, made, int(number))
        headers = {"Cache-Control": _SHORTLY, "Vary": "Accept-Language"}
        return _sent(request, made.body, "text/html", made.status, headers)

    def _file(self, request: web.Request, made: Made, number: int) -> web.StreamResponse:
        if number >= len(made.files):
            return self.trouble(request, 404, NOT_HERE)
        file = made.files[number]
        headers = {"Cache-Control": _SHORTLY} | _named(file)
        return _sent(request, file.content, file.media_type, 200, headers)

    # -- what never changes, and what is not there --------------------------------------------

    async def _style(self, request: web.Request) -> web.StreamResponse:
        return _sent(request, STYLE, "text/css", 200, {"Cache-Control": _FOR_EVER})

    async def _icon(self, request: web.Request) -> web.StreamResponse:
        return _sent(request, ICON, "image/svg+xml", 200, {"Cache-Control": _FOR_EVER})

    async def _moved(self, request: web.Request) -> web.StreamResponse:
        _language, address = self.asked_language(request)
        raise web.HTTPPermanentRedirect(address.link(MOVED[request.path.strip("/")]))

    def trouble(self, request: web.Request, status: int, words: Text) -> web.Response:
        """A page that says in plain words what is the matter."""
        key = (status, words.template, *self.asked_language(request))
        body = self._troubles.get(key) or self._troubles.setdefault(key, self._told(words, *key))
        retry = {"Retry-After": "20"} if status == 503 else {}
        headers = SAFE | {"Cache-Control": "no-store"} | retry
        return web.Response(
            body=body, status=status, content_type="text/html", charset="utf-8", headers=headers
        )

    def _told(
        self, words: Text, status: int, _template: str, language: str, address: Address
    ) -> bytes:
        return self._looking.frame.page(
            "plain.html",
            language=language,
            address=address,
            path="",
            title=_TITLES.get(status, _TITLES[500]),
            blocks=Markup("<p>{}</p>").format(escape(plain(words, language))),
        )

    @web.middleware
    async def in_words(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Faults of HTTP as pages in plain words; nothing of a fault of ours is shown."""
        try:
            return await handler(request)
        except web.HTTPRedirection:
            raise
        except Busy:
            return self.trouble(request, 503, BUSY)
        except web.HTTPException as fault:
            page = self.trouble(request, fault.status, _SAID.get(fault.status, NOT_HERE))
            if "Allow" in fault.headers:
                page.headers["Allow"] = fault.headers["Allow"]
            return page
        except Exception as fault:  # noqa: BLE001 - whatever a page did not foresee stays inside
            log.error("page failed", error=type(fault).__name__)
            return self.trouble(request, 500, FAULT)


NOT_HERE = _("Cette adresse ne mène à rien. Le menu montre tout ce que l'on peut lire ici.")
BUSY = _("Beaucoup de visiteurs lisent ces pages en ce moment. Réessayez dans une minute.")
AWAY = _("Ces pages ne peuvent pas être lues pour l'instant. Réessayez dans quelques minutes.")
FAULT = _("Cette page n'a pas pu être faite, et ce n'est pas de votre faute.")
_SAID = {
    400: _("Ce formulaire n'a pas pu être lu. Rechargez la page, ou écrivez-nous par mail."),
    404: NOT_HERE,
    405: _("Cette page se lit, on n'y envoie rien. Pour nous écrire, un mail suffit."),
    413: _("C'est trop long pour cette page. Écrivez-nous plutôt par mail."),
}
_TITLES = {
    400: _("Formulaire illisible"),
    404: _("Page introuvable"),
    405: _("On ne peut pas faire cela ici"),
    413: _("C'est trop long"),
    500: _("Une erreur de notre part"),
    503: _("Un instant, s'il vous plaît"),
}


def languages_of(header: str) -> list[str]:
    """The languages of an Accept-Language header, the most wanted first (RFC 9110, 12.5.4)."""
    wanted: list[tuple[float, str]] = []
    for part in header[:200].split(","):
        name, _mark, weight = part.strip().partition(";q=")
        try:
            wanted.append((float(weight or 1), name.strip()))
        except ValueError:
            continue
    return [name for weight, name in sorted(wanted, key=lambda one: -one[0]) if weight > 0]


def _route(page: Page) -> str:
    return f"/{page.path}/{{words:.+}}" if page.takes else f"/{page.path}"


def _words(request: web.Request, page: Page | None) -> str:
    """What is asked about: the rest of the path, or what is looked for."""
    if page is None or not (page.takes or page.searches):
        return ""
    said = request.match_info["words"] if page.takes else request.query.get("q", "")
    return one_line(said, LONGEST_WORDS).strip()


def _named(file: File) -> dict[str, str]:
    """Pictures are shown, everything else is saved under a name that is only ever a name."""
    if file.alt is not None:
        return {}
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", file.name)[-_LONGEST_NAME:]
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _sent(
    request: web.Request, content: bytes, kind: str, status: int, headers: Mapping[str, str]
) -> web.Response:
    """The bytes, or word that the browser has them already."""
    tag = tag_of(content)
    whole = SAFE | dict(headers) | {"ETag": f'"{tag}"'}
    known = request.if_none_match or ()
    if status == 200 and any(one.value in {tag, "*"} for one in known):
        return web.Response(status=304, headers=whole)
    charset = "utf-8" if kind.startswith("text/") else None
    return web.Response(
        body=content, status=status, content_type=kind, charset=charset, headers=whole
    )

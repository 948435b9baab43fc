"""What stands around the words of every page: header, menu, languages, footer.

All of it is escaped by the templates' engine; words in other languages come from the catalogues.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.mail.render_text import stretches
from bot.web.blocks import without_address
from bot.web.cache import tag_of
from bot.web.pages import SECTIONS, Section, of_section
from config.settings import Settings
from handlers.wording import LOCALES, Text, _

LANGUAGES = {"fr": "Français", "nl": "Nederlands", "de": "Deutsch", "en": "English"}
"""Each language by its own name, as its readers look for it."""
assert LANGUAGES.keys() == LOCALES.keys()  # noqa: S101 - a language more would be one without a link

STYLE = resources("bot.web").joinpath("templates/style.css").read_bytes()
ICON = resources("bot.web").joinpath("templates/icon.svg").read_bytes()

_TEMPLATES = Environment(
    loader=PackageLoader("bot.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

_WORDS = {
    "skip": _("Aller au contenu"),
    "menu": _("Menu"),
    "languages": _("Langue"),
    "within": _("Dans cette partie"),
    "register": _("S'inscrire"),
    "register_us": _("Inscrire mon institution"),
    "search": _("Chercher dans le catalogue"),
    "search_example": _("Par exemple : repas, guichet, Civadis"),
    "find": _("Chercher"),
    "in_words": _("Ce que montre l'image, en mots"),
    "download": _("À télécharger"),
    "write": _("Écrire à la plateforme"),
    "write_how": _(
        "Tout ce qui est ici se demande aussi par mail ou dans Matrix, avec les mêmes mots."
    ),
    "no_account": _("Ces pages s'ouvrent sans compte, sans cookie et sans mesure d'audience."),
    "choose": _("Voir le catalogue"),
    "lead": _("S'informer, s'entraider et acheter ensemble, entre pouvoirs publics"),
    "figures": _("Aujourd'hui"),
    "more_figures": _("Tous les chiffres"),
    "news": _("Actualités"),
    "needed": _("obligatoire"),
    "leave_empty": _("Laissez ce champ vide"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the pages are reached: what stands before their paths, and the language asked for."""

    base: str = ""
    language: str | None = None
    """The language if the address names it: links then go on naming it."""

    def link(self, path: str) -> str:
        """The address of a path, which may bear a query."""
        path, mark, query = path.partition("?")
        asked = urlencode({"lang": self.language}) if self.language else ""
        both = "&".join(part for part in (query if mark else "", asked) if part)
        return f"{self.base}/{path}" + (f"?{both}" if both else "")

    def asset(self, name: str, content: bytes) -> str:
        """The address of something that never changes under the same address."""
        return f"{self.base}/{name}?v={tag_of(content)}"


def base_of(url: str) -> str:
    """The path at which the pages stand on the operator's server, without a last slash."""
    return urlsplit(url).path.rstrip("/")


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of one platform's pages."""

    settings: Settings

    def page(
        self,
        template: str,
        *,
        language: str,
        address: Address,
        path: str,
        title: Text | None,
        section: Section | None = None,
        **content: Any,
    ) -> bytes:
        """A whole page of a template, as it is sent."""
        platform = self.settings.platform

        def say(text: Text) -> str:
            return "".join(span.text for span in stretches(text, language))

        return (
            _TEMPLATES.get_template(template)
            .render(
                language=language,
                platform=platform,
                mail=without_address(self.settings.mail.address),
                title=without_address(say(title)) if title is not None else "",
                path=path,
                section=section,
                say=say,
                link=address.link,
                words=_WORDS,
                style=address.asset("style.css", STYLE),
                icon=address.asset("icone.svg", ICON),
                menu=_menu(),
                tabs=_tabs(section),
                languages=_languages(address, path),
                **content,
            )
            .encode()
        )


def _menu() -> Sequence[tuple[Section, Text, str]]:
    """The sections with their names and their first pages."""
    return [(section, name, of_section(section)[0].path) for section, name in SECTIONS.items()]


def _tabs(section: Section | None) -> Sequence[tuple[str, Text | None]]:
    """The pages of a section, where there are several."""
    pages = of_section(section) if section is not None else []
    return [(page.path, page.label) for page in pages] if len(pages) > 1 else []


def _languages(address: Address, path: str) -> Mapping[str, tuple[str, str]]:
    """Each language by its code: its own name, and this page in it."""
    return {
        code: (name, Address(address.base, code).link(path)) for code, name in LANGUAGES.items()
    }

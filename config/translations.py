"""The gettext catalogues: French is the source of every sentence, the others are translations."""

from __future__ import annotations

import gettext
import io
from functools import cache
from pathlib import Path

LANGUAGES = ("fr", "nl", "de", "en")
"""The languages that Supracom speaks, the source language first."""

CATALOGUES = Path(__file__).with_name("locale")


class SourceLanguage(gettext.NullTranslations):
    """French as written in the code, with the French plural: nothing and one are singular."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The singular for 0 and 1, the plural from 2 on."""
        return msgid2 if n > 1 else msgid1


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The sentences of a language, read once from its ``.po`` file.

    The ``.po`` files are the only ones kept: compiling one takes a few milliseconds, and no
    compiled copy can then lag behind.
    """
    if language == LANGUAGES[0]:
        return SourceLanguage()
    # Imported here: a platform that speaks only French never needs the reader of catalogues.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with catalogue_path(language).open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def catalogue_path(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return CATALOGUES / language / "LC_MESSAGES" / "supracom.po"

"""What an announcement is about: staff, equipment, knowledge, other, and the kinds that settings
add (acceptance B08, B28, B31).

A kind of the operator's own is told by its words, and comes before the four: whoever added
« logement » wants a flat with furniture under it. What an announcement was filed under stays with
it, whatever becomes of the settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from config.settings import AnnouncementKind
from handlers.desk import Desk
from handlers.reading.letters import level
from handlers.wording import Names, Text, _, verbatim
from storage.announcements import Announcement

BUILT_IN = ("staff", "equipment", "knowledge", "other")


def own_kind(kinds: Sequence[AnnouncementKind], words: str) -> AnnouncementKind | None:
    """The operator's kind that words name first; None if they name none."""
    plain = level(words)
    places = [(place, index) for index, kind in enumerate(kinds) for place in _places(kind, plain)]
    return kinds[min(places)[1]] if places else None


def _places(kind: AnnouncementKind, plain: str) -> Iterable[int]:
    for word in (kind.fr, *kind.words):
        found = re.search(rf"\b{re.escape(level(word))}s?\b", plain)
        if found:
            yield found.start()


def as_kept(kind: AnnouncementKind | None) -> dict[str, Any] | None:
    """A kind as an announcement keeps it."""
    return None if kind is None else {"slug": kind.slug, **_names(kind)}


def _names(kind: AnnouncementKind) -> dict[str, str]:
    return {"fr": kind.fr, "nl": kind.nl, "de": kind.de, "en": kind.en}


def key_of(kept: Announcement) -> str:
    """Under what an announcement is counted."""
    return str(kept.kind["slug"]) if kept.kind else kept.category


def name_of(kept: Announcement) -> Text:
    """What an announcement is about, in words."""
    return _named(kept.kind) if kept.kind else built_in_name(kept.category)


def name(desk: Desk, key: str) -> Text:
    """What is counted under a key, in words."""
    if key in BUILT_IN:
        return built_in_name(key)
    known = {one.slug: one for one in desk.platform.settings.announcements.kinds}
    return _named(_names(known[key])) if key in known else verbatim(key)


def in_order(keys: Iterable[str]) -> list[str]:
    """Keys as they are listed: the four first, then the operator's own."""
    return sorted(set(keys), key=lambda key: (key not in BUILT_IN, _rank(key), key))


def _rank(key: str) -> int:
    return BUILT_IN.index(key) if key in BUILT_IN else 0


def _named(names: Mapping[str, Any]) -> Text:
    # Not marked for translation: the operator gave every language its name.
    said = {str(code): str(word) for code, word in names.items() if code != "slug"}
    return Text("{kind}", {"kind": Names(said)})


def built_in_name(category: str) -> Text:
    """One of the four, in words."""
    names = {
        "staff": _("personnel"),
        "equipment": _("matériel"),
        "knowledge": _("savoir-faire"),
        "other": _("autre"),
    }
    return names[category]

"""The territory that a platform serves: its authorities, communes, names and borders.

Everything about one territory is data in `territories/<name>/` (or a folder of the operator's
own); `territories/words.toml` and `territories/belgium_communes.csv` serve them all.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, get_args

from config import gazetteer
from config.authorities import (
    Authority,
    AuthorityType,
    BodyMention,
    Commune,
    Located,
    Match,
    Mention,
    TypeMention,
)
from config.faults import ConfigurationError, Fault, shown
from config.folding import fold
from config.lexicon import Alone, Lexicon, Phrase, Vocabulary, phrase

__all__ = [
    "Authority",
    "AuthorityType",
    "BodyMention",
    "Commune",
    "Located",
    "Match",
    "Mention",
    "Merger",
    "Territory",
    "TypeMention",
    "load_territory",
    "territory_faults",
]

TERRITORIES = Path(__file__).with_name("territories")
_DATA = "territory.toml"
# Statbel tells namesakes apart so: "Saint-Léger (Virton)".
_PARENTHESIS = re.compile(r"\s*\(.*?\)")


@dataclass(frozen=True, slots=True)
class Merger:
    """Communes (NIS code and name) that became one on a date."""

    date: date
    former: tuple[tuple[str, str], ...]
    to: str


@dataclass(frozen=True, eq=False)
class Territory:
    """One territory, read once; `find` and `mentions` are pure and need no database."""

    name: str
    label: Mapping[str, str]
    """Its name within a sentence, by language; French is always among them."""
    country: str
    """ISO 3166-1: whose legal holidays are kept."""
    communes: tuple[Commune, ...]
    authorities: tuple[Authority, ...]
    mergers: tuple[Merger, ...]
    population_date: date
    population_source: str
    attribution: str
    boundaries: Path
    outline: Path
    lexicon: Lexicon = field(repr=False)
    localities: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The commune (NIS code) of a village or former commune, by its folded name."""

    def denominator(self, on: date) -> int:
        """How many communes the territory had on a date (acceptance row A19)."""
        later = (merger for merger in self.mergers if merger.date > on)
        return len(self.communes) + sum(len(merger.former) - 1 for merger in later)

    def find(self, text: str) -> list[Match]:
        """The authorities that a name typed by a person may mean, the best first."""
        return gazetteer.find(text, self.lexicon)

    def mentions(self, text: str) -> list[Mention]:
        """The authorities that a free text mentions, in its order."""
        return gazetteer.mentions(text, self.lexicon)

    def types(self, text: str) -> list[TypeMention]:
        """The type words in a free text that name no authority ("notre CPAS")."""
        return gazetteer.types(text, self.lexicon)

    def bodies(self, text: str) -> list[BodyMention]:
        """The bodies in a free text that are no authority ("école communale de …")."""
        return gazetteer.bodies(text, self.lexicon)

    def located(self, text: str) -> list[Located]:
        """The communes that a text names behind a postal code, be it theirs or another."""
        codes = {commune.nis: commune.postal_codes for commune in self.communes}
        return gazetteer.located(text, self.lexicon, codes)

    def commune_of(self, locality: str) -> Commune | None:
        """The commune that a village or a former commune is in; None if it is not known."""
        nis = self.localities.get(fold(locality))
        return self._by_nis[nis] if nis else None

    def commune(self, nis: str) -> Commune:
        """The commune with this NIS code, a former one's included. Raises KeyError."""
        return self._by_nis[nis]

    def communes_at(self, postal_code: str) -> tuple[Commune, ...]:
        """The communes that use a postal code; most often one, none outside the territory."""
        return tuple(one for one in self.communes if postal_code in one.postal_codes)

    def authority(self, kind: str, code: str) -> Authority:
        """The authority of this type and code. Raises KeyError."""
        return self._by_code[kind, code]

    @cached_property
    def _by_nis(self) -> Mapping[str, Commune]:
        communes = {commune.nis: commune for commune in self.communes}
        former = {nis: communes[merger.to] for merger in self.mergers for nis, _ in merger.former}
        return communes | former

    @cached_property
    def _by_code(self) -> Mapping[tuple[str, str], Authority]:
        return {(authority.type, authority.code): authority for authority in self.authorities}


def territory_folder(name: str) -> Path:
    """Where a territory's data is: a name means one of ours, a path (with a slash) any folder."""
    return Path(name) if "/" in name else TERRITORIES / name


def territory_faults(name: str) -> list[Fault]:
    """Why there is no such territory, or nothing."""
    if (territory_folder(name) / _DATA).is_file():
        return []
    known = ", ".join(sorted(path.parent.name for path in TERRITORIES.glob(f"*/{_DATA}")))
    return [Fault("platform.territory", f"a folder with {_DATA}, or one of: {known}", shown(name))]


@cache
def load_territory(name: str) -> Territory:
    """The territory of this name (or in this folder, given by a path with a slash).

    Raises ConfigurationError if there is none. A damaged data file raises what its reader raises:
    the data is part of the programme, not of its settings.
    """
    faults = territory_faults(name)
    if faults:
        raise ConfigurationError(faults)
    folder = territory_folder(name)
    data = _toml(folder / _DATA)
    communes = tuple(_communes(folder / "communes.csv"))
    authorities = tuple(_authorities(folder / "institutions.csv", communes))
    mergers = tuple(_mergers(data))
    aliases = _toml(folder / "aliases.toml")
    localities = _localities(folder / "localities.csv")
    lexicon = _lexicon(communes, authorities, mergers, aliases)
    for village in localities:
        # « Vaux-Chavanne » is not « Vaux »; names of one word are often ordinary words.
        if " " in village:
            lexicon.add_elsewhere(tuple(village.split()))
    return Territory(
        name=data["name"],
        label=data["label"],
        country=data["country"],
        communes=communes,
        authorities=authorities,
        mergers=mergers,
        population_date=data["population_date"],
        population_source=data["population_source"],
        attribution=data["attribution"],
        boundaries=folder / "communes.geojson",
        outline=folder / "outline.geojson",
        lexicon=lexicon,
        localities=localities,
    )


# Reading the files


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _localities(path: Path) -> dict[str, str]:
    """Villages by their folded names; a territory may do without them."""
    return {fold(row["name"]): row["nis"] for row in _rows(path)} if path.is_file() else {}


def _communes(path: Path) -> Iterator[Commune]:
    for row in _rows(path):
        yield Commune(
            nis=row["nis"],
            name_fr=row["name_fr"],
            name_nl=row["name_nl"],
            name_de=_PARENTHESIS.sub("", row["name_de"]),
            arrondissement_nis=row["arrondissement_nis"],
            arrondissement=row["arrondissement_fr"],
            postal_codes=tuple(row["postal_codes"].split()),
            latitude=float(row["lat"]),
            longitude=float(row["lon"]),
            area_km2=float(row["area_km2"]),
            population=int(row["population_2020"]),
        )


def _authorities(path: Path, communes: Sequence[Commune]) -> Iterator[Authority]:
    """The institutions; the territory's own NIS code stands for all of its communes."""
    everywhere = tuple(commune.nis for commune in communes)
    for row in _rows(path):
        nis = tuple(row["communes_nis"].split())
        competent = nis if set(nis) <= set(everywhere) else everywhere
        yield Authority(AuthorityType(row["type"]), row["nom"], row["nis_ou_code"], competent)


def _mergers(data: Mapping[str, Any]) -> Iterator[Merger]:
    for entry in data.get("merged", ()):
        former = tuple((one["nis"], one["name"]) for one in entry["from"])
        yield Merger(entry["date"], former, entry["to"])


# Indexing the names


def _lexicon(
    communes: Sequence[Commune],
    authorities: Sequence[Authority],
    mergers: Sequence[Merger],
    aliases: Mapping[str, Any],
) -> Lexicon:
    lexicon = Lexicon(Vocabulary.read(_toml(TERRITORIES / "words.toml")))
    places = _Places(lexicon, communes, authorities)
    for commune in communes:
        for name in (commune.name_fr, commune.name_nl, commune.name_de):
            places.add(commune.nis, name)
    for merger in mergers:
        for _, name in merger.former:
            places.add(merger.to, name)
    for authority in authorities:
        if authority.code not in places.nis:
            lexicon.add(_own_name(authority, lexicon), [authority])
            _add_number(authority, lexicon)
    _add_aliases(lexicon, places, authorities, aliases)
    for row in _rows(TERRITORIES / "belgium_communes.csv"):
        for name in (row["name_fr"], row["name_nl"]):
            lexicon.add_elsewhere(phrase(name))
    return lexicon


def _add_number(authority: Authority, lexicon: Lexicon) -> None:
    """A zone goes by its number too, behind the word that says what it is: « ZP 5300 »."""
    if authority.code.isdigit():
        lexicon.add((authority.code,), [authority])
        if authority.type is AuthorityType.ZONE_POLICE:
            lexicon.add((f"zp{authority.code}",), [authority], alone="yes")


class _Places:
    """Adds the names of communes to a lexicon, with the authorities of each."""

    def __init__(
        self, lexicon: Lexicon, communes: Sequence[Commune], authorities: Sequence[Authority]
    ) -> None:
        self._lexicon = lexicon
        self._authorities = authorities
        self.nis = {commune.nis for commune in communes}

    def add(self, nis: str, name: str, alone: Alone = "yes") -> None:
        own = [authority for authority in self._authorities if authority.code == nis]
        competent = [
            authority
            for authority in self._authorities
            if nis in authority.communes_nis and authority.code not in self.nis
        ]
        words = phrase(name)
        if words:
            self._lexicon.add(words, own, competent, alone)


def _own_name(authority: Authority, lexicon: Lexicon) -> Phrase:
    """The name of a zone or a province without its type word."""
    words = phrase(authority.name)
    for end, _ in lexicon.vocabulary.types.at(words, 0):
        while end < len(words) - 1 and words[end] in lexicon.vocabulary.links:
            end += 1
        return words[end:]
    return words


def _add_aliases(
    lexicon: Lexicon,
    places: _Places,
    authorities: Sequence[Authority],
    aliases: Mapping[str, Any],
) -> None:
    for entry in aliases.get("place", ()):
        for name in entry["names"]:
            places.add(entry["nis"], name, _alone(entry, "yes"))
    by_name = {authority.name: authority for authority in authorities}
    for entry in aliases.get("authority", ()):
        for name in entry["names"]:
            own = [by_name[entry["of"]]]
            lexicon.add(phrase(name), own, alone=_alone(entry, "never"))


def _alone(entry: Mapping[str, Any], default: Alone) -> Alone:
    value: Alone = entry.get("alone", default)
    if value not in get_args(Alone):
        raise ValueError(f'aliases.toml: alone = "{value}" is none of {get_args(Alone)}')
    return value

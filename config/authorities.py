"""The authorities and communes of a territory, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AuthorityType(StrEnum):
    """The kinds of authority that may register (acceptance row B05), as written in the data."""

    COMMUNE = "commune"
    CPAS = "cpas"
    ZONE_POLICE = "zone_police"
    ZONE_SECOURS = "zone_secours"
    PROVINCE = "province"


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority that may register.

    `code` is the NIS code of a commune, a CPAS or a province and the number of a police zone; it
    is empty where there is none. `communes_nis` are the communes that it is competent for.
    """

    type: AuthorityType
    name: str
    code: str
    communes_nis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Commune:
    """One commune. Areas in square kilometres; the date of the population is the territory's."""

    nis: str
    name_fr: str
    name_nl: str
    name_de: str
    arrondissement_nis: str
    arrondissement: str
    postal_codes: tuple[str, ...]
    latitude: float
    longitude: float
    area_km2: float
    population: int

    def name(self, language: str = "fr") -> str:
        """The official name in `language` (fr, nl or de); French where there is no other."""
        names = {"fr": self.name_fr, "nl": self.name_nl, "de": self.name_de}
        return names.get(language) or self.name_fr


@dataclass(frozen=True, slots=True)
class Match:
    """An authority that a typed name may mean.

    `score` is 1.0 for a name with its type word; 0.9 for a name that clearly means one authority
    without it; 0.8 for a name found among other words, with its type word; 0.7 for what is likely
    (a nickname or a zone without its type word, "ZP" with one of its communes); 0.6 for what the
    name may mean as well. Each wrong letter costs 0.1, and a name written right excludes any
    misspelt one.
    """

    authority: Authority
    score: float


@dataclass(frozen=True, slots=True)
class Mention:
    """An authority mentioned in a text, at text[start:end].

    `explicit_type` says whether a type word is there ("commune de …"); without one a place stands
    for its commune. `named` is False where only the type word is there ("notre CPAS", "la
    Province") and the rest of the text, or the territory, leaves one authority.
    """

    authority: Authority
    start: int
    end: int
    explicit_type: bool
    named: bool = True


@dataclass(frozen=True, slots=True)
class TypeMention:
    """A type word that stands for one authority without naming it ("notre CPAS")."""

    type: AuthorityType
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BodyMention:
    """A body that is no authority and may not register, at text[start:end], place included.

    "école communale de …", "fabrique d'église", "ASBL …".
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Located:
    """The name of a place of the territory behind a postal code, at text[start:end].

    `country` is the letter before the code ("F-88300"), if any; `fits` says whether the code is
    one of that commune.
    """

    nis: str
    country: str
    code: str
    fits: bool
    start: int
    end: int

"""Articles, contractions and elision, for every authority of the sample territory and others."""

from __future__ import annotations

import pytest

from handlers import articles
from handlers.platform import Platform
from handlers.wording import plain

FORMS = {
    "commune": ("la commune d", "de la commune d", "à la commune d", "La commune d"),
    "cpas": ("le CPAS ", "du CPAS ", "au CPAS ", "Le CPAS "),
    "zone_police": ("la zone de ", "de la zone de ", "à la zone de ", "La zone de "),
    "zone_secours": ("la zone de ", "de la zone de ", "à la zone de ", "La zone de "),
    "province": ("la Province ", "de la Province ", "à la Province ", "La Province "),
}


def test_every_authority_has_its_article(platform: Platform) -> None:
    authorities = platform.territory.authorities
    assert {one.type for one in authorities} == set(FORMS)
    for one in authorities:
        the, of, to, start = FORMS[one.type]
        said = {
            the: articles.the(one.name),
            of: articles.of(one.name),
            to: articles.to(one.name),
            start: articles.at_start(one.name),
        }
        for beginning, text in said.items():
            assert plain(text, "fr").startswith(beginning), plain(text, "fr")
            assert plain(text, "fr").endswith(one.name.split(" ", 1)[1])


@pytest.mark.parametrize(
    ("name", "the", "of", "to"),
    [
        ("IDELUX Projets", "IDELUX Projets", "d'IDELUX Projets", "à IDELUX Projets"),
        ("Agence X", "l'Agence X", "de l'Agence X", "à l'Agence X"),
        ("e-plateforme", "l'e-plateforme", "de l'e-plateforme", "à l'e-plateforme"),
        ("Supracom", "Supracom", "de Supracom", "à Supracom"),
        ("Ville d'Arlon", "la ville d'Arlon", "de la ville d'Arlon", "à la ville d'Arlon"),
        ("Érezée", "Érezée", "d'Érezée", "à Érezée"),
        ("Œuvres sociales", "Œuvres sociales", "d'Œuvres sociales", "à Œuvres sociales"),
        ("Yvoir", "Yvoir", "d'Yvoir", "à Yvoir"),
        ("Habay", "Habay", "de Habay", "à Habay"),
        ("Honneur et Patrie", "Honneur et Patrie", "d'Honneur et Patrie", "à Honneur et Patrie"),
        ("Hôpital X", "l'Hôpital X", "de l'Hôpital X", "à l'Hôpital X"),
        ("Civadis", "Civadis", "de Civadis", "à Civadis"),
    ],
)  # fmt: skip
def test_names_are_said_as_people_say_them(name: str, the: str, of: str, to: str) -> None:
    said = [plain(form(name), "fr") for form in (articles.the, articles.of, articles.to)]
    assert said == [the, of, to]

"""Concepts and gists: what a clause is about, whatever the order of its words."""

from __future__ import annotations

import pytest

from handlers.intents import Intent
from handlers.reading.concepts import concepts, names
from handlers.reading.gists import GISTS, STORIES, gists, stories
from handlers.reading.letters import level
from handlers.reading.modality import clauses


def _told(text: str) -> set[Intent]:
    return {
        intent for clause in clauses(text) for intent, _weight in gists(clause, level(clause.text))
    }


def test_every_concept_of_the_tables_has_words() -> None:
    used = {name for gist in GISTS for name in gist.together | gist.without}
    used |= {name for story in STORIES for name in story.one | story.other}
    assert used <= names()


def test_every_concept_is_used() -> None:
    used = {name for gist in GISTS for name in gist.together | gist.without}
    used |= {name for story in STORIES for name in story.one | story.other}
    assert names() <= used


@pytest.mark.parametrize(
    "text",
    [
        "Veuillez mettre Luc à la place de Martine comme personne de contact.",
        "Comme personne de contact, à la place de Martine, veuillez mettre Luc.",
        "De nieuwe contactpersoon is Jan Claes.",
    ],
)
def test_the_order_of_the_words_does_not_matter(text: str) -> None:
    assert Intent.CHANGE_USER in _told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Un grand merci pour les barrières mises à la disposition des communes voisines.",
        "Notre commune peut-elle prêter du personnel à une asbl ?",
        "Que deviennent les membres qui ne participent plus à la plateforme ?",
    ],
)
def test_thanks_rules_and_suppositions_are_no_acts(text: str) -> None:
    assert not _told(text) & {Intent.ANNOUNCEMENT, Intent.LEAVE, Intent.REGISTER}


def test_two_sentences_tell_what_neither_tells_alone() -> None:
    away, other = "Je serai absente tout le mois d'août.", "Luc Hardy peut agir en mon nom."
    told = [clause for text in (away, other) for clause in clauses(text)]
    assert Intent.DEPUTY in {intent for intent, _weight in stories(told)}
    assert not list(stories(list(clauses(other))))


def test_concepts_are_found_in_four_languages() -> None:
    for text in ("bon de commande", "bestelbon", "bestellung", "purchase order"):
        assert "order_word" in concepts(text), text

"""What forms tell people to write is understood, in each language in which it is told."""

from __future__ import annotations

import re
from datetime import date

import pytest

from config.translations import LANGUAGES
from handlers import announcement_form, form_words, order_form
from handlers.form_words import Wish
from handlers.reading.dates import find_period
from handlers.reading.decision import find_decision
from handlers.wording import Text, plain

_QUOTED = re.compile(r"[«“„]\s*([^«»“”„]+?)\s*[»”“]")
DAY = date(2026, 3, 24)


def quoted(text: Text, language: str) -> list[str]:
    """The words that a sentence tells people to write."""
    return _QUOTED.findall(plain(text, language))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        (form_words.SKIPPABLE, [Wish.SKIP, Wish.ENOUGH]),
        (form_words.WAYS_OUT, [Wish.BACK, Wish.PERSON]),
        (form_words.how_to(in_room=True), [Wish.BACK, Wish.PERSON]),
        (form_words.how_to(in_room=False), [Wish.BACK, Wish.PERSON]),
    ],
)
def test_the_ways_out_of_a_form_are_understood_as_they_are_told(
    text: Text, wishes: list[Wish], language: str
) -> None:
    assert [form_words.wish(words) for words in quoted(text, language)] == wishes


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_a_form_are_read(language: str) -> None:
    asked = {field.name: field.asks for field in announcement_form.FORM.fields}
    (period,) = quoted(asked["period"], language)
    found = find_period(period, DAY)
    assert found is not None
    assert (found.start, found.end) == (date(2026, 5, 4), date(2026, 5, 29))
    asked = {field.name: field.asks for field in order_form.FORM.fields}
    (decided,) = quoted(asked["decision"], language)
    decision = find_decision(f"décision : {decided}", DAY)
    assert decision is not None
    assert (decision.day, decision.reference) == (date(2026, 3, 9), "2026/114")


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("annuler", Wish.CANCEL),
        ("Finalement, laissez tomber, le Collège ne veut pas", Wish.CANCEL),
        ("le concert est annulé, nous cherchons de quoi ranger 200 chaises, du 4 au 8 mai", None),
        ("STOP", Wish.CANCEL),
        ("❌", Wish.CANCEL),
        ("Retour.", Wish.BACK),
        ("non", Wish.SKIP),
        ("-", Wish.SKIP),
        ("C'est tout !", Wish.ENOUGH),
        ("Je voudrais parler à une personne svp", Wish.PERSON),
        ("un humain ?", Wish.PERSON),
        ("Personne de contact : Paul", None),
        ("Hélène Lambiotte", None),
        ("oui", None),
        ("une personne pour le service population", None),
        ("", None),
    ],
)
def test_what_somebody_wants_of_a_form(words: str, wish: Wish | None) -> None:
    assert form_words.wish(words) is wish

"""Every sentence is said in every language, wholly, with the same values and working commands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from config import translations as catalogues
from config.folding import fold
from config.translations import LANGUAGES, catalogue_path, translations
from handlers.command import Command
from handlers.commands import everything
from handlers.reading.decision import find_decision
from handlers.reading.letter import open_letter
from handlers.reading.users import find_designation
from handlers.request import consent
from handlers.wording import Text, plain, spans
from sandbox import messages

TRANSLATED = LANGUAGES[1:]
COMMANDS = everything()
TEMPLATE = messages.extract()
COUNTS = (0, 1, 2, 5)
NOT_COMMANDS = {
    # What a reference looks like.
    *("SMART-2026-0001", "S-1", "C-1"),
    *("24.000 €", "supracom shelf list", "supracom shelf show {reference}"),
    # What the setting-up of the rooms names: settings, an option, an address of the homeserver.
    *("--lift-rate-limits", "matrix.admin_token", "messages_per_second", "burst_count"),
    "/_synapse/admin/v1/users/{user}/override_ratelimit",
}
"""What stands between backticks and is not said to the platform."""
SAME_AS_FRENCH = {
    ("en", "catalogue"),
    ("en", "contact"),
    ("en", "documents"),
    ("en", "mission"),
    ("en", "missions"),
    ("en", "modération"),
    ("nl", "règlement"),
}
"""Commands whose French name is also the word of the language."""

_HOLE = re.compile(r"\{(\w+)\}")
_CODE = re.compile(r"`([^`]+)`")
_QUOTED = re.compile(r"[«“„]\s*([^«»“”„]+?)\s*[»”“]")
_MARK = re.compile(r"\*\*|`")


def forms(said: object) -> list[str]:
    """The singular and the plural of a sentence that counts, else its one form."""
    return [str(form) for form in said] if isinstance(said, (list, tuple)) else [str(said or "")]


def sentences(language: str) -> list[Message]:
    with catalogue_path(language).open("rb") as source:
        return [message for message in read_po(source, locale=language) if message.id]


def pairs() -> list[tuple[str, str, str]]:
    """Every form of every sentence: the language, the French, the translation."""
    return [
        (language, french, said)
        for language in TRANSLATED
        for message in sentences(language)
        for french, said in zip(forms(message.id), forms(message.string), strict=True)
    ]


def unlike(of: Callable[[str], object]) -> list[str]:
    """The translations that differ from their French in something that must be the same."""
    return [f"{lang}: {said}" for lang, french, said in pairs() if of(french) != of(said)]


# -- complete -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_every_sentence_of_the_code_and_no_other(language: str) -> None:
    before = messages.read(language)
    catalogue = messages.update(language, before, TEMPLATE)
    assert [str(fault) for fault in messages.faults(language, catalogue)] == []
    assert messages.written(language, catalogue) == before, "run `make messages`"


def test_the_code_says_something() -> None:
    assert len(TEMPLATE) > 250


# -- faithful -------------------------------------------------------------------------------


def test_a_translation_has_the_values_of_its_sentence() -> None:
    assert unlike(lambda said: set(_HOLE.findall(said))) == []


def test_a_translation_has_the_marks_of_its_sentence() -> None:
    assert unlike(lambda said: Counter(_MARK.findall(said))) == []


def test_a_translation_uses_the_quotation_marks_of_its_language() -> None:
    assert [said for _language, _french, said in pairs() if re.search("[«»]", said)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", COUNTS)
def test_a_sentence_that_counts_has_the_form_of_its_number(language: str, count: int) -> None:
    one = count < 2 if language == "fr" else count == 1
    counting = [message for message in sentences(TRANSLATED[0]) if message.pluralizable]
    assert counting
    for message in counting:
        singular, plural = forms(message.id)
        kept = message.id if language == "fr" else _in(language, message).string
        wanted = forms(kept)[0 if one else 1]
        assert translations(language).ngettext(singular, plural, count) == wanted


def _in(language: str, message: Message) -> Message:
    return next(other for other in sentences(language) if other.id == message.id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_spoken(language: str) -> None:
    for message in TEMPLATE:
        if not message.id:
            continue
        singular, *plural = forms(message.id)
        names = {name for form in forms(message.id) for name in _HOLE.findall(form)}
        for count in COUNTS if plural else (1,):
            values = {name: f"<{name}>" for name in names}
            text = Text(singular, values, plural[0] if plural else None, count)
            spoken = "".join(span.text for span in spans(text, language))
            assert spoken.strip()
            assert not re.search(r"[{}`]|\*\*", spoken)


# -- working --------------------------------------------------------------------------------


def meaning(code: str) -> str:
    """What the platform understands of words that a sentence tells people to write."""
    call = COMMANDS.find(code)
    if call is not None:
        # Help is asked for with the name of another command.
        about = f" {meaning(call.words)}" if COMMANDS.find(call.words) else ""
        return f"{call.command.name}{about}"
    said = consent(code)
    return code if said is None else str(said)


def told(sentence: str) -> Counter[str]:
    """The commands and answers that a sentence tells people to write."""
    quoted = [words for words in _QUOTED.findall(sentence) if COMMANDS.find(words)]
    return Counter(meaning(code) for code in (*_CODE.findall(sentence), *quoted))


def test_a_translation_tells_to_write_what_its_sentence_tells() -> None:
    assert unlike(told) == []


def test_what_stands_between_backticks_is_understood() -> None:
    french = {code for message in TEMPLATE for form in forms(message.id) for code in codes(form)}
    spoken = french | {code for _language, _french, said in pairs() for code in codes(said)}
    assert {code for code in spoken if not is_understood(code)} == NOT_COMMANDS


def is_understood(code: str) -> bool:
    """Whether these words are a command or an answer."""
    return COMMANDS.find(code) is not None or consent(code) is not None


def test_a_translation_names_commands_in_its_language() -> None:
    said = [(lang, code) for lang, _french, said in pairs() for code in codes(said)]
    assert [(lang, code) for lang, code in said if is_french(lang, code)] == []


def is_french(language: str, code: str) -> bool:
    """Whether words name a command in French although the language has its own name for it."""
    call = COMMANDS.find(code)
    if call is None or (language, call.command.name) in SAME_AS_FRENCH:
        return False
    return f"{fold(code)} ".startswith(f"{fold(call.command.name)} ")


def codes(sentence: str) -> list[str]:
    """What stands between backticks, but for what a value begins."""
    return [code for code in _CODE.findall(sentence) if not code.startswith("{")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS.commands, ids=lambda command: command.name)
def test_a_command_is_explained_under_its_name_in_the_language(
    language: str, command: Command
) -> None:
    usage = plain(command.usage, language)
    call = COMMANDS.find(usage)
    assert call is not None
    assert call.command is command
    assert language == "fr" or not is_french(language, usage)


def test_the_examples_of_a_translation_are_read_like_those_of_its_sentence() -> None:
    assert unlike(lambda said: [read(code) for code in codes(said)]) == []


def read(code: str) -> tuple[object, object]:
    """What is read behind a command's name: the decision that it tells, the person it names."""
    call = COMMANDS.find(code)
    words = call.words if call else ""
    designated = find_designation(open_letter("", words, "", "")).user
    return find_decision(words, date(2026, 3, 24)), designated


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("french", "wanted"),
    [("oui", True), ("non", False), ("confirmer", True), ("annuler", False)],
)
def test_a_choice_is_accepted_as_it_is_shown(language: str, french: str, wanted: bool) -> None:
    assert french in TEMPLATE
    shown = plain(Text(french), language)
    assert consent(shown) is wanted
    assert consent(f"{shown.capitalize()}.") is wanted


# -- the tool -------------------------------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copies of the catalogues that a test may spoil."""
    for language in TRANSLATED:
        copy = tmp_path / catalogue_path(language).relative_to(catalogues.CATALOGUES)
        copy.parent.mkdir(parents=True)
        copy.write_bytes(catalogue_path(language).read_bytes())
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)
    return tmp_path


def test_a_reworded_sentence_keeps_its_translation_until_it_is_read_again() -> None:
    before, after, other = Catalog(), Catalog(), Catalog()
    before.add("Votre message est bien arrivé.", "Uw bericht is goed aangekomen.")
    after.add("Votre message est bien arrivé hier.")
    other.add("Tout autre chose")
    kept = messages.written("nl", before)

    fuzzy = messages.faults("nl", messages.update("nl", kept, after))
    lost = messages.faults("nl", messages.update("nl", kept, other))

    assert [fault.kind for fault in fuzzy] == ["fuzzy"]
    assert [fault.kind for fault in lost] == ["missing", "obsolete"]


def test_a_sentence_that_counts_lacks_its_plural() -> None:
    template, catalogue = Catalog(), Catalog(locale="nl")
    template.add(("{count} solution", "{count} solutions"))
    catalogue.add(("{count} solution", "{count} solutions"), ("{count} oplossing", ""))
    updated = messages.update("nl", messages.written("nl", catalogue), template)
    assert [fault.kind for fault in messages.faults("nl", updated)] == ["missing"]


@pytest.mark.parametrize(
    ("kept", "spoilt", "kind"),
    [
        ('msgstr "Hulp"', 'msgstr ""', "nl: missing: Aide"),
        ('msgid "Aide"', 'msgid "Aide d\'hier"', "nl: obsolete: Aide d'hier"),
        ('"Language: nl', '"X-Moment: now\\n"\n"Language: nl', "nl: the file is not as"),
    ],
)
def test_a_check_fails_and_tells_why(
    elsewhere: Path, capsys: pytest.CaptureFixture[str], kept: str, spoilt: str, kind: str
) -> None:
    path = elsewhere / "nl" / "LC_MESSAGES" / "supracom.po"
    text = path.read_text(encoding="utf-8")
    assert kept in text
    path.write_text(text.replace(kept, spoilt, 1), encoding="utf-8")
    assert messages.main(["--check"]) == 1
    assert kind in capsys.readouterr().out


def test_writing_again_changes_nothing(elsewhere: Path) -> None:
    before = {path: path.read_bytes() for path in elsewhere.rglob("*.po")}
    assert messages.main([]) == 0
    assert {path: path.read_bytes() for path in elsewhere.rglob("*.po")} == before
    assert messages.main(["--check"]) == 0

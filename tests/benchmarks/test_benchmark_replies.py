"""The score of reply extraction counts what is the same, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.replies import main, normalised, score

PAIRS = {
    "same.txt": ("Oui.  \r\n\r\n> ancien\r\n", "\nOui.\n\n"),
    "signed.txt": ("Oui.\n\n-- \nAnne\n", "Oui.\n"),
    "lost.txt": ("> gardé ?\nOui.", "> gardé ?\nOui."),
    "left.txt": ("Oui.\nNon.", "Oui."),
    "indented.txt": ("  Oui.", "Oui."),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, (mail, trimmed) in PAIRS.items():
        for kind, text in (("emails", mail), ("trimmed", trimmed)):
            (tmp_path / "test" / kind).mkdir(parents=True, exist_ok=True)
            (tmp_path / "test" / kind / name).write_bytes(text.encode())
    return tmp_path


def test_exact_lost_and_left(folder: Path) -> None:
    found = {pair.file: (pair.exact, pair.lost, pair.left) for pair in score(folder)}
    assert found == {
        "same.txt": (True, 0, 0),
        "signed.txt": (True, 0, 0),
        "lost.txt": (False, 1, 0),
        "left.txt": (False, 0, 1),
        "indented.txt": (False, 0, 0),
    }


def test_the_exit_tells_whether_enough_are_exact(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder), "--at-least", "2"]) == 0
    assert main([str(folder / "test"), "--at-least", "3"]) == 1
    assert "2 of 5 exact" in capsys.readouterr().out


def test_a_folder_without_pairs_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="emails"):
        score(tmp_path)


def test_normalisation() -> None:
    assert normalised("\n\n a \t\r\n\r\n\r\nb\n\n") == " a\n\n\nb"

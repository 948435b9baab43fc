"""The library of a platform: read whole, or refused with every fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.faults import Fault
from config.library import MAX_FILE_BYTES, read_library

TEMPLATE = """
[[template]]
slug = "t"
name = "T"
summary = "Une phrase."
file = "t.docx"
"""


def test_a_folder_without_library_has_none(tmp_path: Path) -> None:
    faults: list[Fault] = []
    library = read_library(tmp_path, faults)
    assert faults == []
    assert (library.templates, library.missions, library.regulations) == ((), (), ())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("t.docx", "none.docx"), "a file within this folder"),
        (("t.docx", "../t.docx"), "a file within this folder"),
        (("t.docx", "large.docx"), "at most 10 MB"),
        (('name = "T"\n', ""), "name"),
        (('slug = "t"', 'slug = "T t"'), "slug"),
        (("summary", "sumary"), "sumary"),
    ],
)
def test_a_fault_names_file_entry_and_key(
    tmp_path: Path, change: tuple[str, str], told: str
) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    for path in (tmp_path / "t.docx", folder / "t.docx"):
        path.write_bytes(b"x")
    (folder / "large.docx").write_bytes(bytes(MAX_FILE_BYTES + 1))
    (folder / "templates.toml").write_text(TEMPLATE.replace(*change), "utf-8")
    faults: list[Fault] = []
    read_library(folder, faults)
    assert faults
    assert all(str(fault).startswith("templates.toml") for fault in faults)
    assert any(told in str(fault) for fault in faults)


def test_a_slug_twice_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "t.docx").write_bytes(b"x")
    (tmp_path / "templates.toml").write_text(TEMPLATE * 2, "utf-8")
    faults: list[Fault] = []
    read_library(tmp_path, faults)
    assert [fault.key for fault in faults] == ["templates.toml: slug"]

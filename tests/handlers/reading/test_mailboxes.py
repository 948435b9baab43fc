"""Private mailboxes are told from those of an authority."""

from __future__ import annotations

import pytest

from handlers.reading.mailboxes import is_private


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("jean.petit@gmail.com", ""),
        ("petit.jean@skynet.be", ""),
        ("j.petit@courrier-perso.example", ""),
        ("j.petit@fournisseur.example", "Je vous écris de ma boîte privée."),
        ("j.petit@fournisseur.example", "(depuis mon adresse mail personnelle)"),
    ],
)
def test_private(address: str, text: str) -> None:
    assert is_private(address, text)


@pytest.mark.parametrize(
    "address",
    [
        "j.petit@tellin.example",
        "info@cpas-gouvy.example",
        "chef@zp5301.example",
        "a@personnel.example",
    ],
)
def test_of_an_authority(address: str) -> None:
    assert not is_private(address, "La personne désignée est M. Petit, service du personnel.")

"""The columns of a table on an order form: what each heading says of the cells under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto

from handlers.paper import Cell, Row
from handlers.reading.letters import level


class Column(Enum):
    """What stands under a heading."""

    LABEL = auto()
    QUANTITY = auto()
    UNIT = auto()
    NET = auto()
    RATE = auto()
    VAT = auto()
    GROSS = auto()
    AMOUNT = auto()
    """An amount of which the heading does not say whether VAT is in it."""
    OTHER = auto()


Heading = tuple[tuple[Cell, Column], ...]
"""The cells of a heading, each with what it heads; empty where there is none."""

_STRONG_LABEL = re.compile(
    r"\b(?:designations?|descriptions?|libelles?|denominations?|intitules?|omschrijving"
    r"|bezeichnung|item)\b"
)
_WEAK_LABEL = re.compile(
    r"\b(?:articles?|solutions?|produits?|prestations?|fournitures?|objets?|services?|artikel)\b"
)
_QUANTITY = re.compile(
    r"\b(?:quantites?|qtes?|nombres?|nbr?e?s?|aantal|hoeveelheid|menge|anzahl|qty|quantity)\b"
)
_UNIT = re.compile(r"\bunitaires?\b|\bp\.? ?u\.?(?!\w)|eenheidsprijs|einzelpreis|\bunit price\b")
NET = re.compile(
    r"\bh\.? ?t\.? ?v\.? ?a\b|\bhors (?:tva|taxes?)\b|\bh\.? ?t\b|\bnetto?\b"
    r"|\bexcl|\bzonder btw\b|\bohne mwst\b|\bzzgl\b"
)
GROSS = re.compile(
    r"\bt\.? ?v\.? ?a\.? ?c\b|\bt\.? ?t\.? ?c\b|\btva comprise\b|\bincl|\binkl|\bbrutto?\b"
    r"|\btoutes taxes\b|\ba payer\b"
)
_RATE = re.compile(r"\btaux\b|%|\btarif btw\b|\bmwst-satz\b")
VAT = re.compile(r"\b(?:t\.?v\.?a|btw|mwst|vat)\b")
_AMOUNT = re.compile(r"\b(?:montants?|totaux|total|prix|bedrag|prijs|betrag|preis|amount|price)\b")
_HEADING_REST = re.compile(
    r"[\s().,:/%€-]|\b(?:h?tvac?|hors|comprise|unitaires?|eur|euros?|prix|montants?|tva|btw|excl|incl"
    r"|commandee?s?|totaux|total)\b"
)


def heading_of(row: Row, following: Row) -> tuple[Heading, bool]:
    """The columns of a heading, and whether the next row is its second line; none if it is none."""
    whole = _columns(row)
    if not whole:
        return (), False
    if following and all(not _HEADING_REST.sub("", level(cell.text)) for cell in following):
        merged = _columns(tuple(_with_second(cell, row, following) for cell in row))
        return merged or whole, True
    return whole, False


def _with_second(cell: Cell, row: Row, following: Row) -> Cell:
    """A heading's cell with what stands under it in the next row."""
    below = [one for one in following if _nearest(one, row) is cell]
    return replace(cell, text=" ".join([cell.text, *(one.text for one in below)]))


def _columns(row: Row) -> Heading:
    """What the cells of a row head, if they head a table of lines."""
    if any(re.search(r"\d", cell.text) for cell in row):
        return ()
    columns = [_column(level(cell.text)) for cell in row]
    strong = [at for at, cell in enumerate(row) if _STRONG_LABEL.search(level(cell.text))]
    weak = [at for at, column in enumerate(columns) if column is Column.LABEL]
    if not weak:
        return ()
    label = (strong or weak)[0]
    columns = [
        column if column is not Column.LABEL or at == label else Column.OTHER
        for at, column in enumerate(columns)
    ]
    if not set(columns) - {Column.LABEL, Column.OTHER}:
        return ()
    return tuple(zip(row, columns, strict=True))


def _column(words: str) -> Column:
    if _QUANTITY.search(words):
        return Column.QUANTITY
    if _UNIT.search(words) and not GROSS.search(words):
        return Column.UNIT
    if GROSS.search(words):
        return Column.GROSS
    if NET.search(words):
        return Column.NET
    if VAT.search(words):
        return Column.RATE if _RATE.search(words) else Column.VAT
    if _STRONG_LABEL.search(words) or _WEAK_LABEL.search(words):
        return Column.LABEL
    return Column.AMOUNT if _AMOUNT.search(words) else Column.OTHER


def _nearest(cell: Cell, row: Sequence[Cell]) -> Cell:
    """The cell of another row that stands above: where they overlap, else the nearest."""

    def gap(other: Cell) -> tuple[int, int]:
        apart = max(other.start - cell.end, cell.start - other.end)
        return max(apart, -1), abs(other.start + other.end - cell.start - cell.end)

    return min(row, key=gap)


def placed(row: Row, heading: Heading) -> list[tuple[Column, Cell]]:
    """The cells of a row, each with the column in which it stands."""
    if len(row) == len(heading):
        return [(column, cell) for (_head, column), cell in zip(heading, row, strict=True)]
    heads = [head for head, _column in heading]
    columns = dict(zip(heads, (column for _head, column in heading), strict=True))
    return [(columns[_nearest(cell, heads)], cell) for cell in row]

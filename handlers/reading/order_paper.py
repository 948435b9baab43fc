"""An order form read row by row: its lines, its totals, and the words around them.

A form is a table under a heading (« Désignation », « Quantité », « Montant HTVA »); each cell
belongs to the heading under which it stands. What cannot be read as one amount or one number is
reported as it was typed, and asked back: nothing on a form is completed or guessed (acceptance A16,
A22).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from handlers.paper import Cell, Row
from handlers.reading.amounts import Amount, Doubt, read_amount
from handlers.reading.letters import level
from handlers.reading.number_words import COUNTS
from handlers.reading.order import Totals, things_named
from handlers.reading.order_columns import GROSS, NET, VAT, Column, Heading, heading_of, placed


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of a form, in cents; None for what it does not say. ``keys`` are the things of the
    catalogue that its words name; ``unread`` holds the cells that are no number or no one amount.
    """

    number: int
    label: str
    keys: tuple[int, ...]
    quantity: int | None = None
    unit: int | None = None
    net: int | None = None
    vat: int | None = None
    gross: int | None = None
    amount: int | None = None
    rate: int | None = None
    """In per cents."""
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderPaper:
    """What an order form says. ``text`` is everything outside the table, one row a paragraph;
    ``counts`` says whether the table has a column of quantities.
    """

    lines: tuple[PaperLine, ...]
    totals: Totals
    vat: int | None
    total: int | None
    """A total of which is not said whether VAT is in it."""
    text: str
    counts: bool = False
    unread: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()
    """The enterprise numbers that stand anywhere on it, ten digits each."""
    reference: str = ""
    """What the buyer calls this order."""
    months: int | None = None
    """For how long the contract is to run, if it says so."""
    titled: bool = False
    """Whether it calls itself an order form."""
    decides: bool = False
    """Whether it is a decision to order."""

    @property
    def is_form(self) -> bool:
        """Whether it is an order form, rather than another document."""
        return self.titled or bool(self.lines)


_TOTAL = re.compile(
    r"\W*(?:(?:le|montant|prix|grand|soit|net)\s+){0,2}"
    r"(?:total|totaux|totaal|gesamt\w*|summe|global|a payer)\b"
)
_PARTIAL = re.compile(r"\W*(?:sous[- ]?tota\w+|subtota\w+|(?:a )?report(?:er)?\b|tussentotaal)")
_TITLE = re.compile(
    r"\b(?:(?:bon|formulaire) de commande|commande n|bestelbon|bestelformulier|bestellschein"
    r"|auftragsformular|purchase order|order form)\b"
)
_NO_TITLE = re.compile(r"\b(?:extrait du registre|deliberations? d[eu]|seance du|beraadslaging)\b")
_DECIDES = re.compile(
    r"\b(?:decide\w*|arrete\w*|beslui?t\w*|beschliess\w*)\b"
    r"[^.]{0,80}?(?:\bart\w*\.?\s?\d[\w.]*)?[^.]{0,120}?"
    r"\b(?:command(?:er|e)|passer (?:la )?commande|bestel\w+)\b"
)
_BLANK = re.compile(r"[-–—/.\s]*")
_COUNT = re.compile(
    r"(\d{1,6})(?:[.,]0{1,3})?(?:\s?(?:x|pcs?|pieces?|unites?|licences?|st(?:uks?)?\.?|u\.?))?"
)
_PERCENT = re.compile(r"(\d{1,2})(?:[.,]0{1,2})?\s?%?")
_TRAILING = re.compile(
    r"^(?P<label>.*?[^\W\d].*?)[\s:]+(?P<amount>(?:€\s?)?\d[\d .,'’]*(?:\s?(?:€|eur\w*))?)$"
)
_NUMBERS = re.compile(
    r"(?:(?<!\w)be\s?|(?:\b(?:bce|kbo|tva|btw|zdu)|entreprise|onderneming\w*|unternehmens\w*)"
    r"[^\d\n]{0,14})([01]\d{3})[. ]?(\d{3})[. ]?(\d{3})(?!\d)"
    r"|(?<![\d.])([01]\d{3})\.(\d{3})\.(\d{3})(?![\d.])"
)
_OWN_NUMBER = re.compile(
    r"\b(?:bon de commande|commande|bestelbon|bestellschein|purchase order)\s*:?\s*"
    r"(?:n[°o]\.?|nr\.?|numero)?\s*:?\s*(?P<number>(?=[\w/.-]*\d)[a-z0-9][\w/.-]*)"
)
_DURATION = re.compile(
    r"\b(?:duree|looptijd|laufzeit|duration|conclue?s? pour|periode de)\b"
    rf"[^\d\n]{{0,40}}?\b(\d{{1,3}}|{'|'.join(sorted(COUNTS, key=len, reverse=True))})\s?"
    r"(mois|ans?|annees?|maand\w*|jaar|jaren|monat\w*|jahre?|months?|years?)\b"
)


@dataclass
class _Found:
    """What was read so far."""

    lines: list[PaperLine] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    net: int | None = None
    gross: int | None = None
    vat: int | None = None
    total: int | None = None


def read_paper(rows: Sequence[Row], names: Mapping[str, int]) -> OrderPaper:
    """What a form says. ``names`` are the levelled names of things of the catalogue, each with its
    key.
    """
    found, counts, waiting, skip = _Found(), False, "", False
    heading: Heading = ()
    for at, row in enumerate(rows):
        if skip:
            skip = False
            continue
        begun, skip = heading_of(row, rows[at + 1] if at + 1 < len(rows) else ())
        if begun:
            heading, waiting = begun, ""
            counts = counts or any(column is Column.QUANTITY for _cell, column in begun)
        elif _is_total(row) and not (heading and things_named(_label(row), names)):
            whole = _add_total(found, row, heading)
            heading = () if whole else heading
        elif heading and _is_line(row, heading, names):
            found.lines.append(_line(row, heading, len(found.lines) + 1, waiting, names))
            waiting = ""
        else:
            found.texts += _texts(row)
            waiting = _joined(found, row, names) if heading else ""
    words = level("\n".join(cell.text for row in rows for cell in row))
    return OrderPaper(
        lines=tuple(found.lines),
        totals=Totals(found.net, found.gross),
        vat=found.vat,
        total=found.total,
        text="\n\n".join(found.texts),
        counts=counts,
        unread=tuple(found.unread),
        enterprises=_enterprises(words),
        reference=_reference("\n".join(found.texts)),
        months=_months(words),
        titled=_is_titled(words),
        decides=_DECIDES.search(words) is not None,
    )


def _is_titled(words: str) -> bool:
    """Whether a paper calls itself an order form; one that only names the decision below its title
    is no extract of a register.
    """
    title, other = _TITLE.search(words), _NO_TITLE.search(words)
    return title is not None and (other is None or title.start() < other.start())


# -- lines ------------------------------------------------------------------------------------


_NUMERIC = frozenset(Column) - {Column.LABEL, Column.OTHER}


def _is_line(row: Row, heading: Heading, names: Mapping[str, int]) -> bool:
    """Whether a row is a line: it names a thing with something beside it, or has a figure under a
    heading of numbers. « Livraison : … » under the table is no line of it.
    """
    if any(
        things_named(cell.text, names) and (len(row) > 1 or re.search(r"\d", cell.text))
        for cell in row
    ):
        return True
    figures = any(
        column in _NUMERIC and (_is_figure(cell.text) or _COUNT.fullmatch(level(cell.text)))
        for column, cell in placed(row, heading)
    )
    is_note = len(row) <= 2 < len(heading) and row[0].text.rstrip().endswith(":")
    return figures and len(row) > 1 and not is_note


def _line(
    row: Row, heading: Heading, number: int, before: str, names: Mapping[str, int]
) -> PaperLine:
    cells = placed(row, heading)
    label = " ".join(cell.text for column, cell in cells if column is Column.LABEL)
    keys = things_named(label, names)
    if not keys and before:
        # A label of two rows: the figures stand beside the second.
        label = f"{before} {label}".strip()
        keys = things_named(label, names)
    line = PaperLine(number, label, keys)
    if len(row) == 1:
        # Words and figures that no gap parts: which is which is asked.
        return _unread(line, row[0].text)
    for column, cell in cells:
        line = _told(line, column, cell.text)
    return line


def _told(line: PaperLine, column: Column, text: str) -> PaperLine:
    """A line with what one more cell says."""
    if column not in _NUMERIC or _BLANK.fullmatch(text):
        return line
    percent = _PERCENT.fullmatch(text.strip())
    if column is Column.RATE or (column is Column.VAT and percent and "%" in text):
        return replace(line, rate=int(percent[1])) if percent else _unread(line, text)
    if column is Column.QUANTITY:
        count = _COUNT.fullmatch(level(text.strip()))
        return replace(line, quantity=int(count[1])) if count else _unread(line, text)
    cents = _cents(text)
    if cents is None:
        return _unread(line, text)
    match column:
        case Column.UNIT:
            return replace(line, unit=cents)
        case Column.NET:
            return replace(line, net=cents)
        case Column.VAT:
            return replace(line, vat=cents)
        case Column.GROSS:
            return replace(line, gross=cents)
        case _:
            return replace(line, amount=cents)


def _unread(line: PaperLine, text: str) -> PaperLine:
    return replace(line, unread=(*line.unread, text))


def _cents(text: str) -> int | None:
    """The one amount that a cell is; None if it is none, or may be two."""
    found = read_amount(text)
    if isinstance(found, Amount):
        return found.cents
    nothing = found is Doubt.NOT_POSITIVE and not re.search(r"[1-9]", text)
    return 0 if nothing else None


def _joined(found: _Found, row: Row, names: Mapping[str, int]) -> str:
    """What a row without figures adds to the label above it; or else keeps for the one below."""
    words = " ".join(cell.text for cell in row)
    if ":" in words or re.search(r"\d", words):
        return ""
    if found.lines and not found.lines[-1].keys:
        last = found.lines[-1]
        label = f"{last.label} {words}"
        keys = things_named(label, names)
        if keys:
            found.lines[-1] = replace(last, label=label, keys=keys)
            return ""
    return words


# -- totals -----------------------------------------------------------------------------------


def _split(row: Row) -> tuple[str, list[Cell]]:
    """The words at the beginning of a row, and the cells with the amounts behind them."""
    if len(row) == 1:
        whole = _TRAILING.match(row[0].text)
        if whole is None:
            return level(row[0].text), []
        return level(whole["label"]), [replace(row[0], text=whole["amount"])]
    return level(_label(row)), [cell for cell in row if _is_figure(cell.text)]


def _is_figure(text: str) -> bool:
    """Whether a cell is an amount, or may be one."""
    return re.search(r"\d", text) is not None and read_amount(text) is not Doubt.NOT_AN_AMOUNT


def _whole(row: Row) -> str:
    return " ".join(cell.text for cell in row)


def _label(row: Row) -> str:
    return " ".join(cell.text for cell in row if not _is_figure(cell.text))


def _is_total(row: Row) -> bool:
    words, amounts = _split(row)
    if not amounts or len(words) > 60 or _NUMBERS.search(level(_whole(row))):
        return False
    # « TVA 21 % » stands below the lines; a line of the table does not begin with it.
    return bool(_TOTAL.match(words) or _PARTIAL.match(words) or VAT.match(words.strip(" :")))


def _add_total(found: _Found, row: Row, heading: Heading) -> bool:
    """Note the sums of a row; False for a sum of some lines only, behind which others may come."""
    words, amounts = _split(row)
    if _PARTIAL.match(words):
        return False
    if len(amounts) > 1 and heading:
        whole = row if len(row) == len(heading) else tuple(amounts)
        for column, cell in placed(whole, heading):
            _set_total(found, column, cell.text)
        return True
    _set_total(found, _total_column(words), amounts[-1].text)
    return True


def _total_column(words: str) -> Column:
    if GROSS.search(words):
        return Column.GROSS
    if NET.search(words):
        return Column.NET
    return Column.VAT if VAT.search(words) else Column.AMOUNT


_SUMS = {
    Column.NET: "net",
    Column.VAT: "vat",
    Column.GROSS: "gross",
    Column.AMOUNT: "total",
}


def _set_total(found: _Found, column: Column, text: str) -> None:
    name = _SUMS.get(column)
    if name is None:
        return
    cents = _cents(text)
    if cents is None:
        found.unread.append(text)
    elif name == "vat":
        # One row for each rate.
        found.vat = (found.vat or 0) + cents
    elif getattr(found, name) is None:
        setattr(found, name, cents)


# -- the words around -------------------------------------------------------------------------


def _texts(row: Row) -> list[str]:
    """A row outside the table: a label and what stands beside it is one sentence."""
    said: list[str] = []
    for cell in row:
        text = cell.text.strip()
        if said and said[-1].endswith(":"):
            said[-1] = f"{said[-1]} {text}"
        elif said and len(row) == 2 and len(said[-1]) < 40 and not re.search(r"\d{3}", said[-1]):
            said[-1] = f"{said[-1]} : {text}"
        else:
            said.append(text)
    return said


def _enterprises(words: str) -> tuple[str, ...]:
    found = ("".join(filter(None, match.groups())) for match in _NUMBERS.finditer(words))
    return tuple(dict.fromkeys(found))


def _reference(text: str) -> str:
    """The number behind the title: « BON DE COMMANDE BC26-0143 »."""
    found = _OWN_NUMBER.search(level(text))
    return text[slice(*found.span("number"))].rstrip(".-/") if found else ""


def _months(words: str) -> int | None:
    found = _DURATION.search(words)
    if found is None:
        return None
    monthly = found[2].startswith(("mois", "maand", "monat", "month"))
    count = COUNTS.get(found[1]) or int(found[1])
    return count * (1 if monthly else 12)

"""HTML of a mail to plain text, for reading: what a person sees, without what is hidden."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import nh3

_LONGEST = 500_000
_DEEPEST = 1_000
_DROPPED = {"script", "style", "title", "head", "noscript", "template", "svg", "math", "object"}
_KEPT = {
    *("p", "div", "br", "hr", "span", "a", "b", "strong", "i", "em", "u", "font", "center", "pre"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote"),
    *("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "section", "article"),
    *("header", "footer", "main", "address", "label", "sup", "sub", "small", "del", "s", "ins"),
}
_VOID = {"br", "hr"}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "blockquote", "table"}
_LINES = {
    "div",
    "li",
    "tr",
    "dt",
    "dd",
    "pre",
    "section",
    "article",
    "header",
    "footer",
    "main",
} | {
    "address",
    "caption",
    "center",
}
# A reader does not see these; a mail can hide words for machines in them.
_HIDDEN = re.compile(
    r"display:none|visibility:(hidden|collapse)|mso-hide:all|opacity:0(\.0*)?(;|$|!)"
    r"|(font-size|max-height|max-width|line-height):(0+(\.0*)?[a-z%]*|[01]?(\.\d+)?p[xt])(;|$|!)"
    r"|(^|;)color:(#fff(fff)?|white|transparent|rgba?\(255,255,255)"
    r"|text-indent:-\d{3,}|left:-\d{3,}"
)
_BACKGROUND = re.compile(r"background(-color)?:(?!(#fff|white|transparent|none|initial|inherit))")


def html_to_text(html: str) -> str:
    """The visible words of an HTML mail, quotations marked with "> ".

    nh3 first makes well-formed HTML of it, so that the small parser after it meets no surprise.
    Raises ValueError for elements nested so deep that nh3 would take minutes.
    """
    if _depth(html[:_LONGEST]) > _DEEPEST:
        raise ValueError("HTML nested too deep")
    cleaned = nh3.clean(
        html[:_LONGEST],
        tags=_KEPT,
        clean_content_tags=_DROPPED,
        attributes={"*": {"style", "hidden"}, "font": {"color"}, "blockquote": {"type"}},
        filter_style_properties=None,
        strip_comments=True,
    )
    reader = _Reader()
    reader.feed(cleaned)
    reader.close()
    return reader.text()


# Elements that only their end tag ends; the others may be left open by right.
_NESTING = re.compile(
    r"<(/?)(?:div|span|blockquote|table|font|center|section|article|b|strong|i|em|u|s|small|big"
    r"|code|tt|strike|nobr|ul|ol|dl|pre|address|aside|nav|main|header|footer|details|fieldset"
    r"|figure|menu|summary|hgroup|search|dir|listing|h[1-6]|applet|object|marquee|svg|math|g|mi"
    r"|sup|sub|label|ins|del|form|button|a)\b",
    re.IGNORECASE,
)


def _depth(html: str) -> int:
    """How deep elements are nested at most, from their tags alone."""
    depth = deepest = 0
    for tag in _NESTING.finditer(html):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes:
        return True
    style = re.sub(r"\s+", "", attributes.get("style") or "").lower()
    found = _HIDDEN.search(style)
    # White words on a coloured ground are seen.
    white = found is not None and "color:" in found.group()
    return found is not None and not (white and _BACKGROUND.search(style))


def _is_quotation(attributes: dict[str, str | None]) -> bool:
    """Whether a blockquote quotes; the button that indents one's own words makes one without a
    border.
    """
    style = re.sub(r"\s+", "", attributes.get("style") or "").lower()
    if "type" in attributes or "border-left" in style:
        return True
    # Points are what office programs indent one's own words by; they quote without a style.
    return "border:none" not in style and not re.fullmatch(r"margin(?:-left)?:[\d.]+pt;?", style)


class _Reader(HTMLParser):
    """Writes lines; knows how deep it is in quotations and in what is hidden."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._quoting: list[bool] = []
        self._hidden = 0
        self._quotes = 0
        self._preformatted = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._end_line()
            return
        hidden = _is_hidden(dict(attrs))
        if tag == "blockquote":
            self._quoting.append(_is_quotation(dict(attrs)))
        self._open.append((tag, hidden))
        self._hidden += hidden
        if not self._hidden:
            self._enter(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            return
        hidden = self._open.pop()[1]
        if not self._hidden:
            self._leave(tag)
        if tag == "blockquote":
            self._quoting.pop()
        self._hidden -= hidden

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if self._preformatted:
            *whole, last = data.split("\n")
            for line in whole:
                self._line.append(line)
                self._end_line()
            self._line.append(last)
        else:
            self._line.append(re.sub(r"[ \t\r\n]+", " ", data))

    def text(self) -> str:
        """What was written, with at most one empty line in a row."""
        self._end_line()
        return re.sub(r"\n(> *)*\n(?:(?:> *)*\n)+", "\n\n", "\n".join(self._lines)).strip()

    def _enter(self, tag: str) -> None:
        self._break(tag)
        match tag:
            case "blockquote":
                self._quotes += self._quoting[-1]
            case "pre":
                self._preformatted += 1
            case "li":
                self._line.append("- ")
            case "tr":
                self._cells = 0
            case "td" | "th":
                self._between_cells()

    def _leave(self, tag: str) -> None:
        if tag == "blockquote":
            self._end_line(if_any=True)
            self._quotes -= self._quoting[-1]
        self._break(tag)
        self._preformatted -= tag == "pre"

    def _end_paragraph(self) -> None:
        """One empty line, as deep in quotations as what follows it."""
        if self._lines and not self._lines[-1].strip("> "):
            self._lines.pop()
        if self._lines:
            self._lines.append(("> " * self._quotes).rstrip())

    def _between_cells(self) -> None:
        """Cells of one row stand in one line: a label and its value, or columns."""
        before = self._line.pop().rstrip() if self._line else ""
        if self._cells and (before or self._line):
            gap = " " if before.endswith(":") else " : " if self._cells == 1 else " | "
            self._line += [before, gap]
        elif before:
            self._line.append(before)
        self._cells += 1

    def _break(self, tag: str) -> None:
        in_cell = any(name in {"td", "th"} for name, _ in self._open[-4:])
        if tag in _PARAGRAPHS and not in_cell:
            self._end_line(if_any=True)
            self._end_paragraph()
        elif tag in _LINES and (not in_cell or tag in {"tr", "li"}):
            self._end_line(if_any=True)
        elif tag in _LINES | _PARAGRAPHS and self._line and not self._line[-1].endswith(" "):
            self._line.append(" ")

    def _end_line(self, if_any: bool = False) -> None:
        line = "".join(self._line)
        line = line.rstrip() if self._preformatted else line.strip(" \t\r\n")
        self._line = []
        if line or not if_any:
            self._lines.append(("> " * self._quotes + line).rstrip())

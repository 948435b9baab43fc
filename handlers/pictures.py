"""Pictures that the platform draws: a map of the territory, a chart of columns; as PNG.

What a picture shows is said in words, too: its ``alt`` stands for it where nobody sees pictures.
The same facts always give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files as resources
from math import cos, radians
from pathlib import Path
from typing import Any

import typst

from config.territory import Territory
from handlers.reply import File
from handlers.wording import Text, plain

PNG = "image/png"
_WIDTH = 560.0
"""How wide a map is, in points."""
_PIXELS_PER_INCH = 96.0
"""A screen's: names can be read, and a map stays below two hundred kilobytes."""


def territory_map(
    territory: Territory,
    marked: Collection[str],
    *,
    name: str,
    language: str,
    title: Text,
    legend: tuple[Text, Text],
    alt: Text,
) -> File:
    """The communes of a territory, the ``marked`` ones (NIS codes) in colour; ``legend`` says what
    is coloured and what is not. The source of the borders is written below (acceptance A21).
    """
    outlines, height = _outlines(territory.boundaries)
    where = {commune.nis: commune for commune in territory.communes}
    areas = [
        {"name": where[nis].name_fr, "rings": rings, "at": at, "marked": nis in marked}
        for nis, (rings, at) in outlines.items()
    ]
    data = {
        "language": language,
        "title": plain(title, language),
        "width": _WIDTH,
        "height": height,
        "areas": sorted(areas, key=lambda area: bool(area["marked"])),
        "legend": [plain(words, language) for words in legend],
        "source": territory.attribution,
    }
    return File(name, PNG, _drawn("map", data), alt=alt)


Point = tuple[float, float]


@cache
def _outlines(path: Path) -> tuple[dict[str, tuple[list[list[Point]], Point]], float]:
    """Each commune's rings and the place of its name, in points, by NIS; and how high it all is.

    Degrees of longitude are shortened by the latitude in the middle: on so small a territory no eye
    tells it from a better projection.
    """
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    every = [point for feature in features for ring in _rings(feature) for point in ring]
    west, east = min(p[0] for p in every), max(p[0] for p in every)
    south, north = min(p[1] for p in every), max(p[1] for p in every)
    narrow = cos(radians((south + north) / 2))
    scale = _WIDTH / ((east - west) * narrow)

    def place(longitude: float, latitude: float) -> Point:
        return (
            round((longitude - west) * narrow * scale, 2),
            round((north - latitude) * scale, 2),
        )

    return {
        feature["properties"]["nis"]: (
            [[place(*point[:2]) for point in ring] for ring in _rings(feature)],
            place(feature["properties"]["lon"], feature["properties"]["lat"]),
        )
        for feature in features
    }, round((north - south) * scale, 2)


def _rings(feature: dict[str, Any]) -> Iterator[list[list[float]]]:
    """The outer rings of a feature (RFC 7946, section 3.1.6); what lies within is drawn on top."""
    shape = feature["geometry"]
    several = shape["type"] == "MultiPolygon"
    for polygon in shape["coordinates"] if several else [shape["coordinates"]]:
        yield polygon[0]


def columns(
    values: Sequence[tuple[str, int, Text]],
    *,
    name: str,
    language: str,
    title: Text,
    note: Text,
    alt: Text,
) -> File:
    """A chart: for each column its label, its height (0 or more), and that in words."""
    highest = max((value for _label, value, _words in values), default=0) or 1
    data = {
        "language": language,
        "title": plain(title, language),
        "note": plain(note, language),
        "columns": [
            {"label": label, "value": plain(words, language), "share": value / highest}
            for label, value, words in values
        ],
    }
    return File(name, PNG, _drawn("chart", data), alt=alt)


def pairs(
    counts: Sequence[tuple[str, int, int]],
    *,
    name: str,
    language: str,
    title: Text,
    legend: tuple[Text, Text],
    alt: Text,
) -> File:
    """Two bars for each of several periods, each with its number and a mark of its own below, so
    that they are told apart without colours, too (acceptance B37).
    """
    first, second = (plain(words, language) for words in legend)
    # As few letters as tell the two apart.
    letters = next(n for n in range(1, 100) if first[:n] != second[:n])
    data = {
        "language": language,
        "title": plain(title, language),
        "legend": [first, second],
        "marks": [first[:letters], second[:letters]],
        "periods": [{"name": period, "first": a, "second": b} for period, a, b in counts],
    }
    return File(name, PNG, _drawn("bars", data), alt=alt)


def _drawn(template: str, data: Mapping[str, object]) -> bytes:
    source = resources("handlers").joinpath(f"templates/{template}.typ").read_bytes()
    drawn = typst.compile(
        source,
        format="png",
        ppi=_PIXELS_PER_INCH,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
    )
    assert isinstance(drawn, bytes)  # noqa: S101 - one page gives one picture
    return drawn

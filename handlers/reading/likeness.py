"""Whether one domain is made to be taken for another: "cornmune.example" for "commune.example"."""

from __future__ import annotations

from rapidfuzz.distance import OSA

_SHAPES = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("1", "l"), ("i", "l"), ("0", "o"), ("5", "s"))
LONG = 8
"""From which length of a name on two wrong letters still look alike."""


def looks_like(domain: str, known: str) -> bool:
    """Whether a domain is not the known one but reads like it at a glance."""
    domain, known = domain.lower(), known.lower()
    if not domain or not known or domain == known:
        return False
    if domain.endswith(f".{known}") or known.endswith(f".{domain}"):
        return False
    ours, theirs = _name(domain), _name(known)
    if ours == theirs or _shape(ours) == _shape(theirs):
        # The same name under another ending, or in letters of the same shape.
        return True
    if min(len(ours), len(theirs)) < 5:
        return False
    return OSA.distance(ours, theirs) <= (2 if len(theirs) >= LONG else 1)


def _name(domain: str) -> str:
    """A domain without its last label, hyphens and dots aside."""
    return domain.rpartition(".")[0].replace("-", "").replace(".", "")


def _shape(name: str) -> str:
    for written, seen in _SHAPES:
        name = name.replace(written, seen)
    return name

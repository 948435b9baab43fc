"""Numbers and names by which letters point to what we keep: announcements, orders, centrals."""

from __future__ import annotations

import re

from handlers.reading.letters import level

REFERENCE = re.compile(r"\b(?:CMD|[ACDEIMO])-(?:20\d\d-)?\d{1,6}\b", re.IGNORECASE)
"""A number of ours, of an order or another thing."""

_ANNOUNCEMENT = re.compile(
    # « demande 20 tables » tells how many, not which.
    r"\bannonce\s*(?:n\s?[°o]\.?|numero|no\.?|nr\.?)?\s*(\d{1,5})\b(?!\d|[/.]\d)"
    r"|\b(?:demande|offre)\s*(?:n\s?[°o]\.?|numero|nr\.?)\s*(\d{1,5})\b(?!\d|[/.]\d)"
    r"|\b(?:la|votre|cette|leur|l'|ta) ?(?:demande|offre) (\d{1,5})(?=\s*(?:[(),.;:]|$))(?![/.]\d)"
    r"|\b(?:annonce|demande|appel|offre|sollicitation|recherche|celle|celui)s?\b[^.;:\d]{0,90}"
    r"\b(?:sous|portant|sub) (?:le |votre )?(?:numero|n[°o]) ?(\d{1,5})\b(?!\d|[/.]\d)"
    r"|\ba-(?:20\d\d-)?0*(\d{1,5})\b"
)


def announcement_number(text: str) -> int | None:
    """The announcement that a text names by its number."""
    match = _ANNOUNCEMENT.search(level(text))
    return int(next(filter(None, match.groups()))) if match else None


_CENTRAL = re.compile(
    r"[Cc]entrale(?: d['’]achats?)?(?: (?:de marchés|commune))?\s+[«\"“]?\s?"
    r"(?!Bonjour|Nous|La|Le)(?P<name>[A-ZÀ-ÖØ-Þ][\w’'-]*(?: [A-ZÀ-ÖØ-Þ0-9][\w’'-]*)*)"
)


def central_name(text: str) -> str:
    """The name behind « centrale », as typed."""
    match = _CENTRAL.search(text)
    return match["name"] if match else ""

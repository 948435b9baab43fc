"""How many people an institution works for: the small ones shall not be left aside (B31).

The numbers are the territory's, which names their source and the day for which they hold.
"""

from __future__ import annotations

from handlers.desk import Desk
from handlers.wording import Text, _, n_
from storage.members import Institution


def inhabitants(desk: Desk, institution: Institution) -> int | None:
    """How many people live where an institution is competent; None for who is no authority of the
    territory.
    """
    territory = desk.platform.territory
    try:
        authority = territory.authority(institution.type, institution.code)
    except KeyError:
        return None
    return sum(territory.commune(nis).population for nis in authority.communes_nis) or None


def size(desk: Desk, institution: Institution) -> Text | None:
    """The same in words: « 4.610 habitants »."""
    count = inhabitants(desk, institution)
    return n_("{count} habitant", "{count} habitants", count) if count else None


def source(desk: Desk) -> Text:
    """From where the numbers are, and for which day they hold."""
    territory = desk.platform.territory
    return _(
        "Habitants au {day} ({source}).",
        day=territory.population_date,
        source=territory.population_source,
    )

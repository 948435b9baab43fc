"""Caps in words: what is left, what would be passed, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import texts
from handlers.context import Context
from handlers.desk import Desk
from handlers.policy import Role
from handlers.wording import Money, Text, Value, _, n_
from storage import caps
from storage.caps import Cap, Measure, Room
from storage.orders import Order


def amount(cap: Cap, count: int) -> Text:
    """So much of what a cap counts: « 6.200 € HTVA », « 40 pièces »."""
    if cap.measure == Measure.CENTS:
        return _("{amount} HTVA", amount=Money(count))
    return n_("{count} pièce", "{count} pièces", count)


def whose(cap: Cap) -> Text:
    """For whom, and for what, a cap holds."""
    what = cap.solution.name if cap.solution else ""
    if cap.institution is not None:
        who = texts.the(cap.institution)
        return _("{who}, « {what} »", who=who, what=what) if what else _("{who}", who=who)
    if cap.each:
        return _("chaque membre, « {what} »", what=what) if what else _("chaque membre")
    return _("tous ensemble, « {what} »", what=what) if what else _("tous ensemble")


def passed(ctx: Context, room: Room) -> Text:
    """Why an order cannot be: what is left of which cap, and since when that is known; to its buyer
    or to who manages the central.
    """
    values: dict[str, Value] = {
        "left": amount(room.cap, room.left),
        "most": amount(room.cap, room.cap.most),
        "wanted": amount(room.cap, room.wanted),
        "day": ctx.today,
    }
    if room.cap.is_of_member and Role.MEMBER not in ctx.roles:
        return _(
            "Cette commande ({wanted}) dépasserait le plafond de l'institution dans ce marché : il"
            " reste **{left}** sur {most} (au {day}).",
            **values,
        )
    if room.cap.is_of_member:
        return _(
            "Cette commande ({wanted}) dépasserait le plafond de votre institution dans ce marché :"
            " il reste **{left}** sur {most} (au {day}).",
            **values,
        )
    return _(
        "Cette commande ({wanted}) dépasserait le plafond de tout le marché : il reste **{left}**"
        " sur {most} (au {day}).",
        **values,
    )


def left_to(desk: Desk, draft: Order) -> list[Text]:
    """What each cap leaves to an order before it is sent."""
    return [
        _(
            "Plafond ({whose}) : il reste **{left}** sur {most} avant cette commande, au {day}.",
            whose=whose(room.cap),
            left=amount(room.cap, room.left),
            most=amount(room.cap, room.cap.most),
            day=desk.today,
        )
        for room in caps.rooms(desk.session, draft)
    ]


def way_out(ctx: Context, rooms: Sequence[Room]) -> Text:
    """What to do when a cap is in the way."""
    if Role.MEMBER not in ctx.roles:
        return _("Rien n'est enregistré. Pour changer le plafond : `aide plafond`.")
    central = rooms[0].cap.central
    return _(
        "Rien n'est envoyé. Réduisez la quantité, ou écrivez « interlocuteur {central} » pour"
        " joindre la personne qui gère la centrale.",
        central=central.name,
    )

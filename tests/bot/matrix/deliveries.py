"""A delivery as the courier hands it on, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.channel import Delivery


def delivery(destination: str, payload: dict[str, Any]) -> Delivery:
    """One that was never tried, and follows a message that went out as ``$before``."""
    return Delivery(
        id=1,
        key="k",
        destination=destination,
        payload=payload,
        external_id=None,
        follows="$before",
        unclear=False,
        age=timedelta(0),
    )

"""Matrix: the rooms in which people talk with the platform, over matrix-nio."""

from __future__ import annotations

from bot.matrix.channel import MatrixChannel
from bot.matrix.render import MatrixRenderer

__all__ = ["MatrixChannel", "MatrixRenderer"]

"""What stays the same from one request to the next: settings, territory, channels, commands."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from holidays import country_holidays

from config.settings import Settings
from config.territory import Territory
from handlers.reply import Renderer


@dataclass(frozen=True)
class Platform:
    """The platform as its handlers see it, composed once at the start.

    ``renderers`` holds one renderer per channel, the channel in which a person is told things
    first standing first. ``place_channel`` is the one that has rooms; ``record_channel`` the one
    that leaves a person a durable copy (an order form goes there too).
    """

    settings: Settings
    territory: Territory
    renderers: Mapping[str, Renderer]
    place_channel: str
    record_channel: str
    machine_channels: frozenset[str] = frozenset()
    """Where machines write, too, so that two of them could answer each other without end."""
    central_places: bool = True
    """Whether each purchasing central has a place of its own."""
    place_address: str = ""
    """Where the platform is spoken to in the channel that has rooms."""

    @property
    def language(self) -> str:
        """The language of the platform's rooms, and of people who chose none."""
        return self.settings.platform.language

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which days begin and end."""
        return ZoneInfo(self.settings.platform.timezone)

    @cached_property
    def holidays(self) -> Container[date]:
        """Legal holidays, on which no working day falls."""
        return country_holidays(self.territory.country)

    @property
    def secret(self) -> str:
        """What the platform's tokens and pseudonyms are made with."""
        return self.settings.platform.secret.get_secret_value()

"""Is there a web to ask? Told before anything is visited, so that no page is called dead for want of a cable."""

from __future__ import annotations

from enum import StrEnum

from citekeeper.pipeline.house import House


class Reach(StrEnum):
    """What a run can ask."""

    WEB = "web"
    OFFLINE = "offline"
    """The user asked for no network."""
    NO_NETWORK = "no-network"
    """There is none: not one of the names that always resolve does."""


async def look_for_network(house: House) -> Reach:
    """Whether the web can be asked."""
    if house.settings.offline:
        return Reach.OFFLINE
    return Reach.WEB if await house.door.is_online() else Reach.NO_NETWORK

"""Is there a network at all? Asked when names do not resolve, so that no page is called dead for our own cable's sake."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from citekeeper.model import Failure
from citekeeper.network.resolver import Resolver


async def is_online(resolver: Resolver, canaries: Sequence[str]) -> bool:
    """Whether one of `canaries`, names that are always there, resolves.

    A machine without network may say at once that any name is unknown, in the very words of a name that does not exist.
    Without canaries the network is taken for granted.
    """
    if not canaries:
        return True
    waiting = [asyncio.ensure_future(resolver.resolve(name, 443)) for name in canaries]
    try:
        for answered in asyncio.as_completed(waiting):
            if not isinstance(await answered, Failure):
                return True
        return False
    finally:
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

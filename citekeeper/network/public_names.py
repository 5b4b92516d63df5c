"""Whether an address may be told to others by its name alone: not one of an inner network; pure, DNS is not asked."""

from __future__ import annotations

from urllib.parse import urlsplit

from citekeeper.model import FailureKind
from citekeeper.network.guard import why_not_global
from citekeeper.network.targets import Target, parse

_INNER = frozenset({"localhost", "local", "internal", "intranet", "private", "corp", "home", "lan", "localdomain", "home.arpa"})
"""Ends of names that never lead out of a network.

RFC 6761 (localhost), RFC 6762 with its appendix G (local and what networks use beside it), RFC 8375 (home.arpa), and ICANN's
resolution of 2024-07-29 (internal).
"""


def is_public_name(url: str) -> bool:
    """Whether the host of `url` can be one of the public web.

    False for names and literals of inner networks, and where no host can be read.
    """
    target = parse(url)
    if not isinstance(target, Target) and target.kind is FailureKind.UNSUPPORTED_SCHEME:
        # Archives hold ftp: pages too; whose host it is does not depend on the scheme.
        target = parse(f"https:{url.partition(':')[2]}") if _has_host(url) else target
    if not isinstance(target, Target):
        return False
    if target.literal is not None:
        return why_not_global(target.literal) is None
    labels = target.host.removesuffix(".").split(".")
    return len(labels) > 1 and _INNER.isdisjoint((labels[-1], ".".join(labels[-2:])))


def _has_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).netloc)
    except ValueError:
        return False

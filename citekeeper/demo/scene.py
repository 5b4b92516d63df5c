"""What a scene is: one reference of the sample article, and the part of the world that it leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from citekeeper.demo.captures import Archived
from citekeeper.demo.dns import DnsAnswer
from citekeeper.demo.pages import article
from citekeeper.demo.wire import Site
from citekeeper.model import State, TlsFault


@dataclass(frozen=True, slots=True)
class Scene:
    """One reference and its world."""

    about: str
    printed: str
    """As the article prints it."""
    url: str | None
    """The whole address that it means; None when nothing can tell."""
    states: tuple[State, ...]
    """What an honest audit may call it: the first with all the rules, the others without a look at the archived copy."""
    scripts: Mapping[str, Site] = field(default_factory=dict)
    """Host and target, "host/path", to what is answered there."""
    captures: tuple[Archived, ...] = ()
    zone: Mapping[str, DnsAnswer] = field(default_factory=dict)
    """Names that do not simply resolve to the loopback web."""
    tls: Mapping[str, TlsFault] = field(default_factory=dict)


def copies(url: str, name: str, *timestamps: str) -> tuple[Archived, ...]:
    """Captures of `url` that hold the article `name`."""
    headers = (("Server", "nginx"), ("Content-Type", "text/html; charset=utf-8"))
    return tuple(Archived(url, timestamp, article(name), headers=headers) for timestamp in timestamps)

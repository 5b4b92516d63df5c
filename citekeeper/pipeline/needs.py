"""What answers need and lack: an answer read for what it takes to show it, and a visit for why its requisite is missing."""

from __future__ import annotations

from citekeeper import health, network, requisites
from citekeeper.ledger import Got
from citekeeper.model import Capture, Need, NeedKind, Response, Stop, Visit
from citekeeper.requisites import Needs

_PAGES = ("text/html", "application/xhtml+xml", "image/svg+xml", "application/xml", "text/xml")
_READ = frozenset({NeedKind.STYLE, NeedKind.FRAME, NeedKind.OTHER})
"""What may need more: a picture does not."""

MEDIA, DEEP, COUNT, BYTES, TIME = "media", "too deep", "too many", "too many bytes", "no time left"


def needs_of(response: Response, url: str, kind: NeedKind) -> Needs:
    """What an answer needs to be shown as a thing of this kind."""
    if kind not in _READ or not response.content:
        return Needs(())
    text = health.decode(response.content, response.header("content-type") or "")
    if kind is NeedKind.STYLE:
        return Needs(()) if _media(response) == "text/html" else requisites.needs_of_sheet(text, url, _resolve)
    return requisites.needs_of_page(text, url, _resolve) if is_page(response) else Needs(())


def is_page(response: Response) -> bool:
    """Whether an answer is something that may need more to be shown."""
    return _media(response) in ("", *_PAGES)


def _media(response: Response) -> str:
    return (response.header("content-type") or "").partition(";")[0].strip().lower()


def _resolve(base: str, text: str) -> str | None:
    # `resolve` reads a Location field, whose bytes come as latin-1.
    return network.resolve(base.partition("#")[0], text.encode("utf-8", "replace").decode("latin-1"))


def lack_of(visit: Visit) -> str:
    """Why what a visit asked for is missing; empty when all of it came."""
    last = visit.last
    if last.failure is not None:
        return last.failure.kind.value
    assert last.response is not None
    if visit.stop is not Stop.ANSWER:
        return visit.stop.value
    if not 200 <= last.response.status < 300:
        return f"http {last.response.status}"
    if last.response.cut is not None:
        return f"cut: {last.response.cut.value}"
    return ""


def got_of(url: str, visit: Visit, captures: tuple[Capture, ...]) -> Got:
    """A visit for a requisite, as the ledger keeps it."""
    places = tuple((each.url, each.started, capture) for each, capture in zip(visit.exchanges, captures, strict=False))
    size = sum(len(each.response.body) for each in visit.exchanges if each.response is not None)
    return Got(visit.id, url, visit.exchanges[0].started, visit.last.url, lack_of(visit), places, size)


def order_of(need: Need) -> tuple[bool, int]:
    """Where a need stands in the queue: without a style sheet a page is not itself; a guess can wait."""
    return need.is_guess, list(NeedKind).index(need.kind)

"""A visit to an observation: the signals are run once, and only facts are kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from citekeeper.health.codes import PAGE
from citekeeper.health.signals import SIGNALS, counted
from citekeeper.health.stubs import may_be_stub, stub_target
from citekeeper.health.view import View, hops_of, view
from citekeeper.model import Evidence, Exchange, Observation, Visit


def observe(visit: Visit, *, vantage: str) -> Observation:
    """The dated facts of `visit`, seen from `vantage` (user agent and, with a proxy, that)."""
    seen = view(visit)
    response = seen.response
    return Observation(
        at=visit.last.started,
        target=visit.target,
        final_url=visit.last.url,
        status=seen.status,
        hops=hops_of(visit),
        failure=seen.failure,
        evidence=tuple(_evidence(seen)),
        title=seen.page.title or None if seen.page else None,
        visible_chars=seen.text_page.visible if seen.text_page else None,
        payload_digest=f"sha256:{hashlib.sha256(response.content).hexdigest()}" if response else None,
        visit_id=visit.id,
        vantage=vantage,
    )


def _evidence(seen: View) -> Iterator[Evidence]:
    for signal in SIGNALS:
        yield from signal.look(seen)
    if seen.text_page and seen.text_page.visible:
        yield Evidence(PAGE.code, f"{counted(seen.text_page.visible, 'character')} of visible text")


def onward(exchange: Exchange) -> str | None:
    """The address that the page of `exchange` sends its reader to at once, by meta refresh or by script; None for a page to be read."""
    return stub_target(exchange) if may_be_stub(exchange) else None

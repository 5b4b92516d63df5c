"""An archive's capture index as dated observations from another network: what the server told the archive, and when.

Only 404 and 410 count against a page, only 200 for it: 403 and 429 are the archive's own blocks, and a redirect or a
server error says nothing of the page. Two captures at least must say that it is gone, on different days.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from citekeeper.model import Evidence, IndexRow, Memento, Observation

_CODES: Final = {404: "status-not-found", 410: "status-gone", 200: "page"}
_LEAST: Final = 2


def witnesses(target: str, rows: Sequence[IndexRow], archive: str) -> tuple[Observation, ...]:
    """What the index rows of one address say of it, oldest first; nothing when fewer than two of them say that it is gone."""
    told = sorted((row for row in rows if row.status in _CODES), key=lambda row: row.timestamp)
    absent = {row.timestamp.date() for row in told if row.status != 200}
    if len(absent) < _LEAST:
        return ()
    return tuple(_observation(target, row, archive) for row in told)


def seen_in_copy(target: str, memento: Memento) -> Observation:
    """A good archived copy as what it is: the page, seen by the archive on that day."""
    return Observation(
        at=memento.datetime,
        target=target,
        final_url=memento.original,
        status=memento.status,
        hops=(),
        failure=None,
        evidence=(Evidence("page", f"seen by {memento.archive}"),),
        vantage=memento.archive,
    )


def _observation(target: str, row: IndexRow, archive: str) -> Observation:
    code = _CODES[row.status or 0]
    return Observation(
        at=row.timestamp,
        target=target,
        final_url=row.original,
        status=row.status,
        hops=(),
        failure=None,
        evidence=(Evidence(code, f"seen by {archive}"),),
        vantage=archive,
    )

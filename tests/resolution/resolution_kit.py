"""References and index rows in a line, for the tests of completion."""

from __future__ import annotations

from datetime import UTC, date, datetime

from citekeeper.model import Address, IndexAnswer, IndexRow, Location, Reference, Resolution, Rows
from citekeeper.resolution import complete
from citekeeper.surt import surt

CITED = date(2020, 11, 13)


def cut(prefix: str, *, dots: str = "...", suffix: str | None = None, note: str = "", href: str | None = None) -> Reference:
    raw = f"{prefix}{dots}{suffix or ''}"
    return Reference(raw, Location(1, 1, 1, 1, 0, len(raw)), Address(prefix, True, suffix), context=note, href=href)


def whole(url: str | None, *, repairs: tuple[str, ...] = (), alternatives: tuple[str, ...] = ()) -> Reference:
    return Reference(url or "?", Location(1, 1, 1, 1, 0, 1), Address(url, repairs=repairs, alternatives=alternatives))


def row(url: str, day: str = "2020-11-11", status: int | None = 200, mimetype: str = "text/html") -> IndexRow:
    return IndexRow(surt(url), datetime.fromisoformat(day).replace(tzinfo=UTC), url, mimetype, status, "DIGEST")


def resolve(reference: Reference, *rows: IndexRow, cited: date | None = CITED, whole_index: bool = True) -> Resolution:
    answer: IndexAnswer = Rows(rows, whole_index)
    return complete(reference, [("archive", answer)], cited=cited)


def codes(resolution: Resolution) -> set[str]:
    return {each.code for each in resolution.evidence}


def signs(resolution: Resolution, url: str) -> set[str]:
    (candidate,) = (each for each in resolution.candidates if each.url == url)
    return {each.code for each in candidate.evidence}

"""The list of pages of a package: one for each visit that got an answer, with its title and who cites it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Any

from citekeeper.warc.export.choosing import stamp_of
from citekeeper.warc.targets import named_target
from citekeeper.warc.visit_record import StoredFacts

PageFacts = Callable[[str], Mapping[str, Any]]
"""By the id of a visit: what else its page is to say (title, citations)."""

_HEAD = b'{"format": "json-pages-1.0", "id": "pages", "title": "Cited pages"}\n'
_PIECE = 1 << 16


@dataclass(slots=True)
class Pages:
    """Collects pages in a temporary file, so that memory stays flat. A context manager."""

    facts: PageFacts
    count: int = 0
    first: tuple[str, str] | None = None
    """Address and time of the first page."""
    _file: IO[bytes] | None = None

    def __enter__(self) -> Pages:
        self._file = TemporaryFile(prefix="citekeeper-")
        self._file.write(_HEAD)
        return self

    def __exit__(self, *exc: object) -> None:
        if self._file:
            self._file.close()

    def add(self, visit: StoredFacts) -> None:
        """Add the page of a visit, when it ended with an answer."""
        if not visit.exchanges or visit.exchanges[-1].failure or self._file is None:
            return
        last = visit.exchanges[-1]
        # Viewers open the capture of that moment; of a 304 there is nothing to be seen, but of the page that it speaks of.
        url, stamp = named_target(last.url), stamp_of(last.as_of or last.started)
        page = {"id": visit.id, "url": url, "ts": stamp, **self.facts(visit.id)}
        self._file.write((json.dumps(page, ensure_ascii=False) + "\n").encode("utf-8", "replace"))
        self.first = self.first or (url, stamp)
        self.count += 1

    def pieces(self) -> Iterator[bytes]:
        """The whole list."""
        if self._file:
            self._file.seek(0)
            while piece := self._file.read(_PIECE):
                yield piece

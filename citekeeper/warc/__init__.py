"""Captures: visits stored as WARC/1.1, read back, indexed, and saved from killed runs. A room with a door: the archive folder.

Written: `open_writer`, `Writer.store`, `commit`, `close`. Saved: `recover`. Read: `read_visits`, `read_record`, `read_answer`, `payloads`,
`index`. Verified: `verify`, `salvage` (verification/). A new kind of record (a screenshot, an extracted text) is one more method
of the composer in composition.py, and, when it is to be read back, one more case in reading.py.
"""

from citekeeper.warc.answers import replay
from citekeeper.warc.composition import Earlier
from citekeeper.warc.custody import key_folder
from citekeeper.warc.index import IndexLine, index
from citekeeper.warc.reading import StoredVisit, payloads, read_answer, read_record, read_visits
from citekeeper.warc.recovery import Recovered, recover
from citekeeper.warc.verification import (
    CODES,
    Answer,
    Aspect,
    Judged,
    Problem,
    Salvaged,
    Severity,
    Trust,
    Verification,
    read_trust,
    salvage,
    verify,
)
from citekeeper.warc.writer import Writer, open_writer

__all__ = [
    "CODES",
    "Answer",
    "Aspect",
    "Earlier",
    "IndexLine",
    "Judged",
    "Problem",
    "Recovered",
    "Salvaged",
    "Severity",
    "StoredVisit",
    "Trust",
    "Verification",
    "Writer",
    "index",
    "key_folder",
    "open_writer",
    "payloads",
    "read_answer",
    "read_record",
    "read_trust",
    "read_visits",
    "recover",
    "replay",
    "salvage",
    "verify",
]

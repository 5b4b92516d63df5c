"""Captures: visits stored as WARC/1.1, read back, indexed, and saved from killed runs. A room with a door: the archive folder.

Written: `open_writer`, `Writer.store`, `commit`, `close`. Saved: `recover`. Read: `read_visits`, `read_record`, `read_answer`,
`read_original`, `payloads`, `index`. Verified: `verify`, `salvage` (verification/).
Exported: `export`, `vouch`, `stamp`, `take_in` (export/). A new kind of record (a screenshot, an extracted text) is one more method of
the composer in composition.py, and, when it is to be read back, one more case in reading.py.
"""

from citekeeper.warc.answers import replay
from citekeeper.warc.composition import Earlier
from citekeeper.warc.custody import REQUEST_TYPE as STAMP_REQUEST_TYPE
from citekeeper.warc.custody import SigningKey, key_folder, own_key, read_key
from citekeeper.warc.export import WACZ as WACZ_SUFFIX
from citekeeper.warc.export import WARC as WARC_SUFFIX
from citekeeper.warc.export import Addition, Exported, Imported, Order, Provenance, Sent, Wanted, export, stamp, take_in, vouch
from citekeeper.warc.index import IndexLine, index
from citekeeper.warc.payloads import Find, Original, payloads, read_original
from citekeeper.warc.reading import StoredVisit, read_answer, read_page_requisites, read_record, read_visits
from citekeeper.warc.recovery import Recovered, recover
from citekeeper.warc.requisite_record import HOPS as REQUISITE_HOPS
from citekeeper.warc.requisite_record import OF as REQUISITE_OF
from citekeeper.warc.requisite_record import VIA as REQUISITE_VIA
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
    "REQUISITE_HOPS",
    "REQUISITE_OF",
    "REQUISITE_VIA",
    "STAMP_REQUEST_TYPE",
    "WACZ_SUFFIX",
    "WARC_SUFFIX",
    "Addition",
    "Answer",
    "Aspect",
    "Earlier",
    "Exported",
    "Find",
    "Imported",
    "IndexLine",
    "Judged",
    "Order",
    "Original",
    "Problem",
    "Provenance",
    "Recovered",
    "Salvaged",
    "Sent",
    "Severity",
    "SigningKey",
    "StoredVisit",
    "Trust",
    "Verification",
    "Wanted",
    "Writer",
    "export",
    "index",
    "key_folder",
    "open_writer",
    "own_key",
    "payloads",
    "read_answer",
    "read_key",
    "read_original",
    "read_page_requisites",
    "read_record",
    "read_trust",
    "read_visits",
    "recover",
    "replay",
    "salvage",
    "stamp",
    "take_in",
    "verify",
    "vouch",
]

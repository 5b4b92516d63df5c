"""Exporting captures as WARC or WACZ, and taking in those that others exported."""

from citekeeper.warc.export.choosing import Wanted
from citekeeper.warc.export.exporting import WACZ, WARC, Addition, Exported, Order, export
from citekeeper.warc.export.importing import Imported, take_in
from citekeeper.warc.export.vouching import Provenance, Sent, stamp, vouch

__all__ = [
    "WACZ",
    "WARC",
    "Addition",
    "Exported",
    "Imported",
    "Order",
    "Provenance",
    "Sent",
    "Wanted",
    "export",
    "stamp",
    "take_in",
    "vouch",
]

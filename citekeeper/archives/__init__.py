"""Archives: other people's memory of the web. Search an index by prefix, find the good copy near a date, read its bytes.

With a door: every request goes through the `fetch` that is passed in, within the rate limits of the `limiter` that is
passed in; nothing here opens a connection. What an archive does not know or will not say is a value, never an exception.

A new archive: one module with a class that satisfies `Archive`, and one line in `registry.ARCHIVES`.
Parsers (`cdx`, `links`, `memento`, `timestamps`) are pure and serve every archive that speaks CDX or Memento.
"""

from citekeeper.archives.addresses import PrefixTest
from citekeeper.archives.archive import CODES, Archive, DatedIndex, Historian, Judge, any_page, evidence_of, memento_note
from citekeeper.archives.nearest import distance
from citekeeper.archives.registry import ARCHIVES, open_archives
from citekeeper.archives.saving import Keys, Outcome, SaveAnswer, SavePageNow
from citekeeper.archives.wayback import Wayback

__all__ = [
    "ARCHIVES",
    "CODES",
    "Archive",
    "DatedIndex",
    "Historian",
    "Judge",
    "Keys",
    "Outcome",
    "PrefixTest",
    "SaveAnswer",
    "SavePageNow",
    "Wayback",
    "any_page",
    "distance",
    "evidence_of",
    "memento_note",
    "open_archives",
]

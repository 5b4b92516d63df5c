"""The CDXJ index beside each WARC file: one sorted line per capture, by key and time.

A line is `key SP timestamp SP json` with url, mime, status, digest, length, offset, filename and recordDigest (SHA-256 of the
compressed record), as pywb, cdxj-indexer and WACZ write them (specs.webrecorder.net/cdxj/0.1.0).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from citekeeper.http1 import parse_head
from citekeeper.model import Capture
from citekeeper.surt import surt
from citekeeper.warc.digests import split_block
from citekeeper.warc.records import Record, read_date

INDEXED = frozenset({"response", "revisit", "resource"})
REVISIT_MIME = "warc/revisit"
MAX_LINE = 1 << 20
_MIME = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}", re.ASCII)


@dataclass(frozen=True, slots=True)
class IndexLine:
    """One capture as the index knows it."""

    key: str
    timestamp: str
    """14 digits, UTC."""
    url: str
    mime: str
    """`warc/revisit` for a revisit, "unk" when the answer does not tell."""
    status: int | None
    capture: Capture
    """Its record id is empty: an index does not hold it."""


def index_line(record: Record, filename: str, offset: int, member: bytes) -> bytes | None:
    """The line for a record stored as the gzip `member`; None when its type is not indexed."""
    if record.type not in INDEXED:
        return None
    return line_of(record, filename, offset, len(member), hashlib.sha256(member).hexdigest())


def line_of(record: Record, filename: str, offset: int, length: int, sha256: str) -> bytes | None:
    """The same, for a member that is not at hand: `length` bytes with this SHA-256 in hex."""
    if record.type not in INDEXED:
        return None
    target, date = record.field("WARC-Target-URI"), read_date(record.field("WARC-Date") or "")
    if target is None or date is None:
        return None
    # Wget writes the angle brackets that the grammar of WARC 1.0 has by mistake.
    target = target.strip("<>")
    facts = {"url": target, **_http_facts(record)}
    if digest := record.field("WARC-Payload-Digest"):
        facts["digest"] = digest
    facts["length"] = str(length)
    facts["offset"] = str(offset)
    facts["filename"] = filename
    facts["recordDigest"] = f"sha256:{sha256}"
    return f"{surt(target)} {date:%Y%m%d%H%M%S} {json.dumps(facts)}\n".encode("ascii")


def _http_facts(record: Record) -> dict[str, str]:
    if record.type == "resource":
        return {"mime": record.field("Content-Type") or "application/octet-stream"}
    head = parse_head(split_block(record.block)[0])
    if head is None:
        return {"mime": "unk"}
    declared = next((value for name, value in head.headers if name.lower() == "content-type"), "")
    mime = _MIME.match(declared)
    shown = REVISIT_MIME if record.type == "revisit" else mime[0].lower() if mime else "unk"
    return {"mime": shown, "status": str(head.status)}


def read_line(line: str) -> IndexLine | None:
    """Read one line of an index; None when it is damaged or lacks what is needed to find the record."""
    parts = line.split(" ", 2)
    if len(parts) != 3 or not (parts[1].isascii() and parts[1].isdigit()):
        return None
    try:
        facts = json.loads(parts[2])
        status = str(facts.get("status", ""))
        capture = Capture(
            str(facts["filename"]), int(facts["offset"]), int(facts["length"]), "", facts.get("digest"), facts.get("mime") == REVISIT_MIME
        )
        return IndexLine(
            parts[0], parts[1][:14], str(facts["url"]), str(facts.get("mime", "unk")), int(status) if status.isdigit() else None, capture
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def index(folder: Path) -> Iterator[IndexLine]:
    """Every indexed capture in `folder`, file by file; those of files still being written as far as they were committed."""
    finished = sorted(folder.glob("*.cdxj"))
    names = {path.name for path in finished}
    unfinished = [path for path in sorted(folder.glob("*.cdxj.open")) if path.name.removesuffix(".open") not in names]
    for path in [*finished, *unfinished]:
        yield from _lines(path)


def _lines(path: Path) -> Iterator[IndexLine]:
    with path.open("r", encoding="utf-8", errors="replace", newline="\n") as lines:
        while text := lines.readline(MAX_LINE):
            if line := read_line(text):
                yield line

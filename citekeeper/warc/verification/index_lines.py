"""A CDXJ index judged: its lines, their order, and whether each says of its record what the record says of itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from citekeeper.warc.verification.facts import RecordFacts
from citekeeper.warc.verification.labels import Label, read_label
from citekeeper.warc.verification.problems import Aspect, Problems, Say

MAX_LINE = 1 << 20
_STAMP = re.compile(r"\d{14}(?:\d{3})?", re.ASCII)
_WANTED = ("url", "mime", "filename", "offset", "length")
_POSTED = re.compile(r"[?&]__wb_method=.*", re.DOTALL)

Places = Mapping[tuple[str, int], RecordFacts]
"""Records by the name of their file and where they begin in it."""


@dataclass(slots=True)
class Indexed:
    """What the lines of one or more indexes name."""

    captures: set[tuple[str, str]] = field(default_factory=set)
    """Address and 14-digit time."""
    urls: set[str] = field(default_factory=set)
    places: set[tuple[str, int]] = field(default_factory=set)
    lines: int = 0


def places_of(records: Iterable[RecordFacts]) -> dict[tuple[str, int], RecordFacts]:
    """Records by their place."""
    places: dict[tuple[str, int], RecordFacts] = {}
    for each in records:
        places.setdefault((PurePosixPath(each.file).name, each.offset), each)
    return places


def judge_lines(lines: Iterable[bytes], name: str, places: Places, indexed: Indexed, problems: Problems) -> None:
    """Judge the lines of the index `name`, and note in `indexed` what they name."""
    problems.present(Aspect.INDEX)
    before = b""
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith(b"!meta"):
            continue
        say = problems.at(f"{name}:{number}")
        if line < before:
            say("index-line", "it is out of order")
        before = line
        indexed.lines += 1
        _judge_line(line.decode("utf-8", "replace").rstrip("\n"), places, indexed, say)


def judge_gaps(records: Iterable[RecordFacts], indexed: Indexed, problems: Problems) -> None:
    """Tell of every capture that no line names."""
    for each in records:
        if each.is_capture and (PurePosixPath(each.file).name, each.offset) not in indexed.places:
            problems.add("index-gap", each.where, f"{each.uri[:200]} is not in the index")


def numbered_lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of a stream of bytes; one without an end is cut at its bound."""
    rest = b""
    for piece in pieces:
        rest += piece
        *lines, rest = rest.split(b"\n")
        yield from (line + b"\n" for line in lines)
        if len(rest) > MAX_LINE:
            yield rest
            rest = b""
    if rest:
        yield rest


def _judge_line(line: str, places: Places, indexed: Indexed, say: Say) -> None:
    parts = line.split(" ", 2)
    facts = read_object(parts[2]) if len(parts) == 3 else None
    if facts is None or not _STAMP.fullmatch(parts[1]):
        say("index-line", "it is not key, time and JSON")
        return
    missing = [name for name in _WANTED if name not in facts]
    if missing:
        say("index-form", f"it lacks {', '.join(missing)}")
    url, stamp = str(facts.get("url", "")), parts[1][:14]
    indexed.captures.add((url, stamp))
    indexed.urls.add(url)
    offset, length = _number(facts.get("offset")), _number(facts.get("length"))
    if offset is None or length is None:
        say("index-line", "it has no place of a record")
        return
    place = (PurePosixPath(str(facts.get("filename", ""))).name, offset)
    record = places.get(place)
    if record is None:
        say("index-wrong", f"no record begins at {place[0]}@{offset}")
        return
    indexed.places.add(place)
    _compare(facts, stamp, length, record, say)


def _compare(facts: dict[str, Any], stamp: str, length: int, record: RecordFacts, say: Say) -> None:
    # Some indexers count the two line ends between records of an uncompressed file, and some do not.
    if record.length is not None and length not in (record.length, record.length - 4):
        say("index-wrong", f"the length {length}, but the record has {record.length}")
    url = _POSTED.sub("", str(facts.get("url", "")))
    if url.rstrip("?&") != record.uri.strip("<>").rstrip("?&"):
        say("index-wrong", f"the address {url[:120]}, but the record is of {record.uri[:120]}")
    if record.moment and f"{record.moment:%Y%m%d%H%M%S}" != stamp:
        say("index-wrong", f"the time {stamp}, but the record is of {record.date}")
    status = str(facts.get("status", "-"))
    if record.status is not None and status not in (str(record.status), "-", ""):
        say("index-wrong", f"the status {status[:20]}, but the record has {record.status}")
    digest = str(facts.get("digest", ""))
    if digest and record.payload and not _is(digest, record.payload):
        say("index-wrong", f"the digest {digest[:60]} is not that of the record")
    own = str(facts.get("recordDigest", ""))
    if own and record.sha256 and own != f"sha256:{record.sha256}":
        say("index-wrong", "the digest of the whole record does not match: the record or the index was changed")


def _is(digest: str, payload: Label) -> bool:
    labelled = digest if ":" in digest else f"{payload.algorithm}:{digest}"
    label = read_label(labelled, "", lambda code, message: None)
    return label is not None and (label.algorithm != payload.algorithm or label == payload)


def read_object(text: str | bytes) -> dict[str, Any] | None:
    """The JSON object in a text; None when it is anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None

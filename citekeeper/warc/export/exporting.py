"""An export, whole or not at all: a WARC file with its index, or a WACZ package; with the sums that show that it did not change."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from citekeeper.errors import InputError
from citekeeper.warc.custody import SigningKey
from citekeeper.warc.export.choosing import Choice, Wanted, choose
from citekeeper.warc.export.copying import Copied, copy
from citekeeper.warc.export.packaging import Package
from citekeeper.warc.export.pages import PageFacts, Pages
from citekeeper.warc.export.sorting import SortedLines
from citekeeper.warc.files import storage_error, sync_folder, write_whole
from citekeeper.warc.records import Record, warc_date
from citekeeper.warc.sums import read_sums, sha256_of_file, sums_path, sums_text

WARC, WACZ = ".warc.gz", ".wacz"
_SPACE = uuid.UUID("6f1d6d0e-5a0c-4c7b-9a41-1c2a44a4a6c3")
"""Ids of exports are made from what is in them, so that the same export has the same id."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A file that goes into a package beside the captures: the article, the report."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """All that an export is made from."""

    folder: Path
    target: Path
    """NAME.warc.gz or NAME.wacz."""
    wanted: Wanted
    at: datetime
    software: str
    title: str
    page_facts: PageFacts
    additions: tuple[Addition, ...] = ()
    key: SigningKey | None = None


@dataclass(slots=True)
class Exported:
    """What was written."""

    path: Path
    records: int = 0
    pages: int = 0
    size: int = 0
    hashes: dict[str, str] = field(default_factory=dict)
    """SHA-256 in hex of every file in the export and beside it."""


def export(order: Order) -> Exported:
    """Write the export. Raises InputError when nothing is wanted or the target exists, StorageError or DiskFull otherwise."""
    index = order.target.with_name(order.target.name.removesuffix(WARC) + ".cdxj")
    for path in (order.target, sums_path(order.target), *([index] if order.target.name.endswith(WARC) else [])):
        if path.exists():
            raise InputError("is there already", where=str(path), hint="an export is never overwritten: name another file")
    try:
        with Pages(order.page_facts) as pages, SortedLines() as lines:
            choice = choose(sorted(order.folder.glob("*.warc.gz")), order.wanted, pages.add)
            if not choice.files:
                raise InputError("holds nothing of what is wanted", where=str(order.folder), hint="see citekeeper export --help")
            write = _write_package if order.target.name.endswith(WACZ) else _write_warc
            return write(order, choice, pages, lines)
    except OSError as error:
        raise storage_error(error, order.target) from error


def _warcinfo(order: Order, choice: Choice, name: str) -> Record:
    named = "\n".join([name, order.at.isoformat(), *choice.ids, *(f"{each.path.name} {len(each.places)}" for each in choice.files)])
    facts = {
        "software": order.software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": f"Export: {order.title}",
    }
    block = "".join(f"{key}: {' '.join(value.split())}\r\n" for key, value in facts.items())
    fields = (("WARC-Date", warc_date(order.at)), ("WARC-Filename", name), ("Content-Type", "application/warc-fields"))
    return Record("warcinfo", uuid.uuid5(_SPACE, named).urn, fields, block.encode("utf-8", "replace"))


def _write_warc(order: Order, choice: Choice, pages: Pages, lines: SortedLines) -> Exported:
    target = order.target
    index = target.with_name(target.name.removesuffix(WARC) + ".cdxj")

    def write(out: BinaryIO) -> Copied:
        return copy(choice, _warcinfo(order, choice, target.name), target.name, out, lines)

    copied, digest = _durably(target, write)
    _, index_digest = _durably(index, lambda out: out.writelines(lines))
    return _finished(order, copied, pages.count, {target.name: digest, index.name: index_digest}, {})


def _write_package(order: Order, choice: Choice, pages: Pages, lines: SortedLines) -> Exported:
    inside: dict[str, str] = {}

    def write(out: BinaryIO) -> Copied:
        package = Package(out, order.at, order.software)
        entry = package.begin("archive/data.warc.gz")
        copied = copy(choice, _warcinfo(order, choice, "data.warc.gz"), "data.warc.gz", entry, lines)
        package.end(entry)
        package.add("indexes/index.cdx", lines)
        package.add("pages/pages.jsonl", pages.pieces())
        for each in order.additions:
            package.add(each.path, [each.data])
        inside.update({each["path"]: each["hash"].removeprefix("sha256:") for each in package.resources})
        package.finish(_facts(order, pages), order.key)
        return copied

    copied, digest = _durably(order.target, write)
    return _finished(order, copied, pages.count, {order.target.name: digest}, inside)


def _facts(order: Order, pages: Pages) -> dict[str, Any]:
    main = {"mainPageUrl": pages.first[0], "mainPageDate": pages.first[1]} if pages.first else {}
    return {"title": order.title, "description": f"{pages.count} cited pages, captured by citekeeper", **main}


def _durably(target: Path, write: Callable[[BinaryIO], Any]) -> tuple[Any, str]:
    """Write a file under another name, wait for the disk, then name it; what `write` returned, and the SHA-256 in hex."""
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as out:
            written = write(out)
            out.flush()
            os.fsync(out.fileno())
        digest = sha256_of_file(part)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    sync_folder(target.parent)
    return written, digest


def _finished(order: Order, copied: Copied, pages: int, sums: dict[str, str], inside: Mapping[str, str]) -> Exported:
    write_sums(order.target, sums)
    return Exported(order.target, copied.records, pages, order.target.stat().st_size, {**sums, **inside})


def write_sums(target: Path, sums: Mapping[str, str]) -> None:
    """Write the sums beside an export."""
    write_whole(sums_path(target), sums_text(sums))


def add_sum(target: Path, name: str, data: bytes) -> dict[str, str]:
    """Write one more file beside the export and add its SHA-256 to the sums; all of them."""
    sums = read_sums(sums_path(target).read_bytes()) or {}
    write_whole(target.with_name(name), data)
    sums[name] = hashlib.sha256(data).hexdigest()
    write_sums(target, sums)
    return sums

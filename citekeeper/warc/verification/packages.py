"""A WACZ package judged: its ZIP, its description and hashes, its captures, index and pages.

Source: WACZ 1.1.1 (specs.webrecorder.net/wacz/1.1.1).
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

from citekeeper.warc.verification.facts import RecordFacts
from citekeeper.warc.verification.index_lines import Indexed, judge_gaps, judge_lines, numbered_lines, places_of, read_object
from citekeeper.warc.verification.problems import Aspect, Problems, Say
from citekeeper.warc.verification.relations import Relations
from citekeeper.warc.verification.signed_data import judge_signed_data
from citekeeper.warc.verification.trust import Trust
from citekeeper.warc.verification.warc_files import judge_warc
from citekeeper.warc.verification.zips import ZIP_ERRORS, is_bomb, judge_entries, judge_headers, open_zip, pieces, window

DESCRIPTION, DESCRIPTION_DIGEST, PAGES = "datapackage.json", "datapackage-digest.json", "pages/pages.jsonl"
_MOST_JSON = 256 << 20
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)
_CAPTURES = (".warc", ".warc.gz")
_OWN = "citekeeper/"


def judge_wacz(path: Path, now: datetime, problems: Problems, trust: Trust) -> int:
    """Judge the package at `path`; the number of records in it. `trust` says whose signature counts."""
    problems.present(Aspect.STRUCTURE)
    if not path.name.endswith(".wacz"):
        problems.add("zip-name", path.name, "its name does not end with .wacz")
    with path.open("rb") as handle:
        package = open_zip(handle, path.name, problems)
        if package is None:
            return 0
        with package:
            return _Package(path, handle, package, problems).judge(now, trust)


class _Package:
    def __init__(self, path: Path, handle: BinaryIO, package: zipfile.ZipFile, problems: Problems) -> None:
        self._path = path
        self._name = path.name
        self._handle = handle
        self._zip = package
        self._problems = problems
        self._entries = {entry.filename: entry for entry in package.infolist() if not entry.is_dir()}
        self._hashes: dict[str, tuple[str, int]] = {}
        self._relations = Relations(problems)
        self._records: list[RecordFacts] = []

    def judge(self, now: datetime, trust: Trust) -> int:
        """Every question that is asked of a package."""
        judge_entries(self._zip, self._name, self._problems)
        self._hash_entries()
        description = self._description()
        is_own = str(description.get("software", "")).startswith(_OWN)
        judge_headers(self._handle, self._zip, self._name, self._problems, is_own=is_own)
        self._judge_hashes(description)
        self._judge_digest(trust)
        self._judge_captures(now)
        self._judge_pages(self._judge_indexes())
        return self._relations.count

    def _say(self, code: str, entry: str, message: str) -> None:
        self._problems.add(code, f"{self._name}!{entry}" if entry else self._name, message)

    # ── content ───────────────────────────────────────────────────────────────────────────────

    def _hash_entries(self) -> None:
        for name, entry in self._entries.items():
            if is_bomb(entry):
                continue
            digest, size = hashlib.sha256(), 0
            try:
                for piece in pieces(self._zip, entry):
                    digest.update(piece)
                    size += len(piece)
            except ZIP_ERRORS as error:
                self._say("zip-damaged", name, str(error) or type(error).__name__)
                continue
            self._hashes[name] = (f"sha256:{digest.hexdigest()}", size)

    def _read(self, name: str) -> bytes | None:
        """A small entry that was found whole."""
        if name not in self._hashes or self._entries[name].file_size > _MOST_JSON:
            return None
        return self._zip.read(name)

    def _object(self, name: str, code: str) -> dict[str, Any]:
        raw = self._read(name)
        if raw is None:
            self._say(code, name, "it is missing or cannot be read")
            return {}
        found = read_object(raw)
        if found is None:
            self._say("package", name, "it is no JSON object")
        return found or {}

    # ── description ───────────────────────────────────────────────────────────────────────────

    def _description(self) -> dict[str, Any]:
        found = self._object(DESCRIPTION, "package")
        if not found:
            return found
        kind, version = found.get("profile"), found.get("wacz_version")
        if (kind, version) != ("data-package", "1.1.1"):
            is_known = kind == "wacz" or (kind == "data-package" and version in ("1.0.0", "1.1.0"))
            self._say("package-form" if is_known else "package", DESCRIPTION, f"profile {kind!r}, wacz_version {version!r}")
        for name in ("created", "modified"):
            if found.get(name) and not _RFC3339.fullmatch(str(found[name])):
                self._say("package", DESCRIPTION, f"{name} {str(found[name])[:40]!r} is not a date and time")
        return found

    def _judge_hashes(self, description: dict[str, Any]) -> None:
        self._problems.present(Aspect.DIGESTS)
        resources = description.get("resources")
        if not isinstance(resources, list):
            self._say("package", DESCRIPTION, "it lists no resources") if description else None
            return
        listed: set[str] = set()
        for each in resources:
            name = str(each.get("path", "")) if isinstance(each, dict) else ""
            if name in listed or not name:
                self._say("package", DESCRIPTION, f"{name[:100] or 'a resource without path'} is listed twice or wrongly")
                continue
            listed.add(name)
            self._judge_hash(name, each)
        for name in sorted(self._entries.keys() - listed - {DESCRIPTION, DESCRIPTION_DIGEST}):
            self._say("package-files", name, "it is not stated in datapackage.json")

    def _judge_hash(self, name: str, stated: dict[str, Any]) -> None:
        if name not in self._entries:
            self._say("package-files", name, "it is stated in datapackage.json, but not there")
        elif name in self._hashes:
            digest, size = self._hashes[name]
            if stated.get("hash") != digest:
                self._say("package-hash", name, f"its hash is {digest}, not {str(stated.get('hash'))[:80]}")
            if stated.get("bytes") != size:
                self._say("package-hash", name, f"it has {size} bytes, not {str(stated.get('bytes'))[:20]}")

    def _judge_digest(self, trust: Trust) -> None:
        if DESCRIPTION_DIGEST not in self._entries:
            self._say("package-form", DESCRIPTION_DIGEST, "it is missing: nothing protects the description itself")
            return
        found = self._object(DESCRIPTION_DIGEST, "package")
        digest = self._hashes.get(DESCRIPTION, ("", 0))[0]
        if found and (found.get("path") != DESCRIPTION or found.get("hash") != digest):
            self._say("package-hash", DESCRIPTION, "its hash is not the one in datapackage-digest.json")
        if found.get("signedData") is not None:
            judge_signed_data(found["signedData"], digest, f"{self._name}!{DESCRIPTION_DIGEST}", trust, self._problems)

    # ── captures, index, pages ────────────────────────────────────────────────────────────────

    def _judge_captures(self, now: datetime) -> None:
        names = [name for name in self._entries if name.startswith("archive/")]
        if not any(name.endswith(_CAPTURES) for name in names):
            self._say("package", "archive/", "there is no capture file")
        for name in names:
            if self._entries[name].compress_type != zipfile.ZIP_STORED:
                self._say("zip-compressed", name, "it is not stored as it is")
            elif name in self._hashes and (raw := window(self._path, self._handle, self._entries[name])):
                with io.BufferedReader(raw) as content:
                    for facts in judge_warc(content, name, now, self._problems):
                        self._relations.add(facts)
                        if facts.is_capture:
                            self._records.append(facts)
        self._relations.judge()

    def _judge_indexes(self) -> Indexed:
        indexed = Indexed()
        names = [name for name in self._entries if re.fullmatch(r"indexes/.+\.cdxj?(?:\.gz)?", name)]
        if not names:
            self._say("index-missing", "indexes/", "there is no CDXJ file")
        places = places_of(self._records)
        for name in names:
            if name in self._hashes:
                judge_lines(numbered_lines(self._index_pieces(name)), f"{self._name}!{name}", places, indexed, self._problems)
        self._judge_secondary()
        if names:
            judge_gaps(self._records, indexed, self._problems)
        return indexed

    def _judge_secondary(self) -> None:
        """The index of a compressed index: where its blocks begin, and what they hold."""
        for name in self._entries:
            if not re.fullmatch(r"indexes/.+\.idx", name):
                continue
            head: dict[str, Any] = {}
            for number, line in enumerate((self._read(name) or b"").splitlines(), 1):
                say = self._problems.at(f"{self._name}!{name}:{number}")
                text, _, raw = line.partition(b"{")
                facts = read_object(b"{" + raw)
                if facts is None:
                    say("index-line", "it is no key with JSON")
                elif text.startswith(b"!meta"):
                    head = facts
                else:
                    self._judge_block(text.strip(), {**head, **facts}, say)

    def _judge_block(self, key: bytes, facts: dict[str, Any], say: Say) -> None:
        data = self._read(f"indexes/{facts.get('filename') or 'index.cdx.gz'}")
        offset, length = facts.get("offset"), facts.get("length")
        if data is None or not isinstance(offset, int) or not isinstance(length, int) or not 0 <= offset <= offset + length <= len(data):
            say("index-wrong", "it leads to no block of the index")
            return
        block = data[offset : offset + length]
        if facts.get("digest") not in (None, f"sha256:{hashlib.sha256(block).hexdigest()}"):
            say("index-wrong", "the digest of its block is another")
        try:
            begin = zlib.decompressobj(31).decompress(block, len(key) or 1)
        except zlib.error as error:
            say("index-wrong", f"its block cannot be decompressed ({error})")
            return
        if begin != key:
            say("index-wrong", "its block begins with another line")

    def _index_pieces(self, name: str) -> Iterator[bytes]:
        if not name.endswith(".gz"):
            yield from pieces(self._zip, self._entries[name])
            return
        given, most = 0, max(1 << 26, 400 * self._entries[name].file_size)
        try:
            with self._zip.open(name) as packed:
                for piece in _unpacked(packed):
                    given += len(piece)
                    if given > most:
                        self._say("too-large", name, "it expands without end")
                        return
                    yield piece
        except (*ZIP_ERRORS, OSError) as error:
            self._say("index-line", name, f"it cannot be decompressed ({error})")

    def _judge_pages(self, indexed: Indexed) -> None:
        if PAGES not in self._entries:
            self._say("pages", PAGES, "it is missing")
        for name in self._entries:
            if name.startswith("pages/") and name.endswith(".jsonl") and name in self._hashes:
                for number, line in enumerate(numbered_lines(pieces(self._zip, self._entries[name])), 1):
                    if line.strip():
                        self._judge_page(line, f"{name}:{number}", indexed, is_first=number == 1)

    def _judge_page(self, line: bytes, where: str, indexed: Indexed, *, is_first: bool) -> None:
        page = read_object(line)
        if page is None:
            self._say("pages", where, "it is no JSON object")
            return
        if is_first and "url" not in page:
            if page.get("format") != "json-pages-1.0":
                self._say("package-form", where, 'it does not begin with "format": "json-pages-1.0"')
            return
        url, stamp = str(page.get("url") or ""), str(page.get("ts") or "")
        if not url or not _RFC3339.fullmatch(stamp):
            self._say("pages", where, "it has no address, or no date and time")
            return
        address = url.partition("#")[0]
        if address not in indexed.urls:
            self._say("page-uncaptured", where, url[:200])
        elif (address, re.sub(r"\D", "", stamp)[:14]) not in indexed.captures:
            self._say("page-time", where, f"{url[:200]} at {stamp}")


def _unpacked(packed: IO[bytes]) -> Iterator[bytes]:
    """The content of a gzip file of one or many members; raises EOFError when it is cut."""
    raw = packed.read(1 << 16)
    while raw:
        inflater = zlib.decompressobj(31)
        while not inflater.eof:
            yield inflater.decompress(raw, 1 << 18)
            raw = inflater.unconsumed_tail or (b"" if inflater.eof else packed.read(1 << 16))
            if not (raw or inflater.eof):
                raise EOFError("it is cut off")
        raw = inflater.unused_data or packed.read(1 << 16)

"""The record that says what a page needs to be shown, what of it is stored, and what is missing and why.

Metadata of type application/warc-fields, concurrent to the page's answer. `outlink` is as Heritrix writes it: address, the way from the
page to it (E embedded, X a guess, a letter for each step), and where it was found; all needs are listed so, stored or not. The same
with the records and reasons is JSON in its field "requisites".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from citekeeper.model import Need, NeedKind, PageRequisites, Requisite
from citekeeper.warc.records import Record, read_date
from citekeeper.warc.targets import without_userinfo

REQUISITES_FORMAT = "citekeeper-requisites/1"
MAX_REQUISITES_BYTES = 16 << 20
_BEGIN = f"format: {REQUISITES_FORMAT}\r\n".encode("ascii")
OF, VIA, HOPS = "requisite-of", "via", "hops"
"""In the note of a requisite's visit: the page's visit, the page's address, and the way from there."""


def requisites_block(page: PageRequisites) -> bytes:
    """The block of the record."""
    summary = page.summary
    lines = [
        f"format: {REQUISITES_FORMAT}",
        f"visit-of-page: {page.visit}",
        f"stored: {summary.stored}",
        f"missing: {summary.missing}",
        *(f"outlink: {without_userinfo(each.need.url)} {each.hops} {each.need.context}" for each in page.requisites),
        f"unlisted: {page.unlisted}",
        # Escaped to ASCII: no reader can mistake the encoding.
        f"requisites: {json.dumps([_fact(each) for each in page.requisites])}",
    ]
    return "".join(f"{' '.join(line.split())}\r\n" for line in lines).encode("utf-8", "replace")


def _fact(requisite: Requisite) -> dict[str, Any]:
    need = requisite.need
    facts = {
        "url": without_userinfo(need.url),
        "kind": need.kind.value,
        "context": need.context,
        "guess": need.is_guess,
        "hops": requisite.hops,
        "visit": requisite.visit,
        "record": requisite.record,
        "missing": requisite.missing,
    }
    return {name: value for name, value in facts.items() if value}


def read_requisites(record: Record) -> PageRequisites | None:
    """Read such a record; None when it is another, or damaged."""
    block = record.block
    if record.type != "metadata" or len(block) > MAX_REQUISITES_BYTES or not block.startswith(_BEGIN):
        return None
    fields = dict(line.partition(": ")[::2] for line in block.decode("utf-8", "replace").split("\r\n"))
    try:
        listed = tuple(_read_fact(each) for each in json.loads(fields["requisites"]))
        return PageRequisites(
            visit=fields["visit-of-page"],
            url=record.field("WARC-Target-URI") or "",
            at=read_date(record.field("WARC-Date") or "") or datetime.fromtimestamp(0, UTC),
            record=(record.field("WARC-Concurrent-To") or "").strip("<>"),
            requisites=listed,
            unlisted=int(fields["unlisted"]),
        )
    # RecursionError: json nests as deep as a hostile file asks it to.
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _read_fact(facts: dict[str, Any]) -> Requisite:
    need = Need(str(facts["url"]), NeedKind(facts["kind"]), str(facts.get("context", "")), bool(facts.get("guess")))
    visit, record, missing = (str(facts.get(name, "")) for name in ("visit", "record", "missing"))
    return Requisite(need, str(facts["hops"]), visit, record, missing)

"""The record that ties a visit together: what the WARC records of its exchanges do not say themselves.

Metadata of type application/warc-fields, with the facts as JSON in its field "visit". It names the records of each exchange and
keeps what HTTP and WARC have no field for: the target as given, why the visit stopped, attempts, times taken, failures. With it
the visit can be put together again, exactly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from citekeeper.model import Copy, Cut, Exchange, Failure, FailureKind, Memento, Response, Stop, Tls, TlsFault, Visit
from citekeeper.warc.records import read_date, warc_date
from citekeeper.warc.requisite_record import HOPS, OF, VIA
from citekeeper.warc.targets import without_userinfo

VISIT_FORMAT = "citekeeper-visit/1"
FAILURE_FORMAT = "citekeeper-failure/1"
MEMENTO_FORMAT = "citekeeper-memento/1"
# Eleven hops whose addresses fill the largest response head, escaped to ASCII.
MAX_VISIT_BYTES = 16 << 20
_VISIT_BEGIN = f"format: {VISIT_FORMAT}\r\n".encode("ascii")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Written:
    """Which records hold an exchange."""

    exchange: Exchange
    record: str
    """The id of its response, revisit or failure record."""
    request: str | None
    chain: str | None
    """The id of the record that holds the certificate chain; one of the same file."""


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """One exchange as its visit's record tells of it."""

    record: str
    request: str | None
    chain: str | None
    url: str
    started: datetime
    elapsed: float
    method: str
    ip: str | None
    via_proxy: bool
    tls: Tls | None
    """Without its chain."""
    failure: Failure | None
    head_length: int
    status: int
    cut: Cut | None
    problem: str | None
    as_of: datetime | None
    """When the page was stored that a 304 speaks of."""
    withheld: bool


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """A visit as its record tells of it."""

    id: str
    target: str
    stop: Stop
    attempts: int
    note: tuple[tuple[str, str], ...]
    exchanges: tuple[StoredExchange, ...]

    @property
    def requisite_of(self) -> str | None:
        """The visit of the page that needs what it asked for; None when somebody cites it."""
        return dict(self.note).get(OF)

    @property
    def via(self) -> str | None:
        """The address of that page."""
        return dict(self.note).get(VIA)


def visit_block(visit: Visit, written: tuple[Written, ...], note: Mapping[str, str]) -> bytes:
    """The block of a visit's record."""
    facts = {
        "id": visit.id,
        "target": without_userinfo(visit.target),
        "stop": visit.stop.value,
        "attempts": visit.attempts,
        "note": dict(note),
        "exchanges": [_exchange(each) for each in written],
    }
    took = sum(each.exchange.elapsed for each in written)
    # Escaped to ASCII: lone surrogates of a hostile address survive that, and no reader can mistake the encoding.
    head = {"format": VISIT_FORMAT, "via": without_userinfo(note.get(VIA, "")), "hopsFromSeed": note.get(HOPS, "")}
    return _warc_fields({**head, "fetchTimeMs": str(round(took * 1000)), "visit": json.dumps(facts)})


def failure_block(visit_id: str, exchange: Exchange, failure: Failure) -> bytes:
    """The block of the record of an exchange without an answer: negative evidence, readable by itself."""
    return _warc_fields(
        {
            "format": FAILURE_FORMAT,
            "visit": visit_id,
            "method": exchange.method,
            "outcome": failure.kind.value,
            "message": failure.message,
            "tls-fault": failure.tls_fault.value if failure.tls_fault else "",
            "fetchTimeMs": str(round(exchange.elapsed * 1000)),
        }
    )


def memento_block(memento: Memento, copies: Sequence[Copy]) -> bytes:
    """The block of the record of an archived copy: which it is, by which redirects, and from which file of the archive."""
    last = copies[-1].fetched.response if copies else None
    return _warc_fields(
        {
            "format": MEMENTO_FORMAT,
            "memento": memento.url,
            "archive": memento.archive,
            "memento-datetime": warc_date(memento.datetime),
            "status": str(memento.status or ""),
            "via": " ".join(copy.fetched.url for copy in copies),
            "x-archive-src": (last.header("x-archive-src") or "") if last else "",
        }
    )


def _warc_fields(fields: Mapping[str, str]) -> bytes:
    # Indexers leave out metadata of this type; of any other, pywb and cdxj-indexer take it for a capture of the page.
    lines = (f"{name}: {_CONTROLS.sub(' ', value).strip()}\r\n" for name, value in fields.items() if value)
    return "".join(lines).encode("utf-8", "replace")


def _exchange(written: Written) -> dict[str, Any]:
    exchange = written.exchange
    facts: dict[str, Any] = {
        "record": written.record,
        "request": written.request,
        "url": without_userinfo(exchange.url),
        "started": warc_date(exchange.started),
        "elapsed": exchange.elapsed,
        "method": exchange.method,
        "ip": exchange.ip,
        "viaProxy": exchange.via_proxy,
        "tls": _tls(exchange.tls),
        "certificates": written.chain,
    }
    if exchange.withheld:
        facts["withheld"] = True
    if isinstance(exchange.outcome, Failure):
        return facts | {"failure": _failure(exchange.outcome)}
    if exchange.not_modified:
        told = exchange.not_modified
        facts["answer"] = {**_answer(exchange.outcome), "status": 304, "headLength": len(told.head), "asOf": warc_date(told.at)}
        return facts
    return facts | {"answer": _answer(exchange.outcome)}


def _answer(response: Response) -> dict[str, Any]:
    cut = response.cut.value if response.cut else None
    return {"status": response.status, "headLength": len(response.head), "truncated": cut, "problem": response.problem}


def _failure(failure: Failure) -> dict[str, Any]:
    fault = failure.tls_fault.value if failure.tls_fault else None
    return {"kind": failure.kind.value, "message": failure.message, "tlsFault": fault}


def _tls(tls: Tls | None) -> dict[str, str] | None:
    return {"version": tls.version, "cipher": tls.cipher} if tls else None


def read_visit(block: bytes) -> StoredFacts | None:
    """Read a visit's record; None when the block is something else, or damaged."""
    if len(block) > MAX_VISIT_BYTES or not block.startswith(_VISIT_BEGIN):
        return None
    try:
        facts = json.loads(block.partition(b"\r\nvisit: ")[2])
        return StoredFacts(
            str(facts["id"]),
            str(facts["target"]),
            Stop(facts["stop"]),
            int(facts["attempts"]),
            tuple((str(name), str(value)) for name, value in facts["note"].items()),
            tuple(_read_exchange(each) for each in facts["exchanges"]),
        )
    # RecursionError: json nests as deep as a hostile file asks it to.
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _read_exchange(facts: dict[str, Any]) -> StoredExchange:
    answer = facts.get("answer") or {"status": 0, "headLength": 0, "truncated": None, "problem": None}
    tls = facts["tls"]
    failure = facts.get("failure")
    started = read_date(facts["started"])
    if started is None:
        raise ValueError(facts["started"])
    return StoredExchange(
        record=str(facts["record"]),
        request=_text(facts["request"]),
        chain=_text(facts["certificates"]),
        url=str(facts["url"]),
        started=started,
        elapsed=float(facts["elapsed"]),
        method=str(facts["method"]),
        ip=_text(facts["ip"]),
        via_proxy=bool(facts["viaProxy"]),
        tls=Tls(str(tls["version"]), str(tls["cipher"])) if tls else None,
        failure=_read_failure(failure) if failure else None,
        head_length=int(answer["headLength"]),
        status=int(answer["status"]),
        cut=Cut(answer["truncated"]) if answer["truncated"] else None,
        problem=_text(answer["problem"]),
        as_of=read_date(answer["asOf"]) if answer.get("asOf") else None,
        withheld=bool(facts.get("withheld")),
    )


def _read_failure(facts: dict[str, Any]) -> Failure:
    fault = TlsFault(facts["tlsFault"]) if facts["tlsFault"] else None
    return Failure(FailureKind(facts["kind"]), str(facts["message"]), fault)


def _text(value: object) -> str | None:
    return None if value is None else str(value)

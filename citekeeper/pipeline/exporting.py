"""Exports: which captures, what is told of them, and what vouches for them; and taking in what others exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from citekeeper import __version__, documents, network, reports, warc
from citekeeper.errors import InputError, StorageError, UsageError
from citekeeper.ledger import FILE_NAME, Ledger
from citekeeper.model import Ask, Audit, AuditedDocument, Clock, Document, Purpose
from citekeeper.settings import Settings, options
from citekeeper.surt import surt

_SOFTWARE = f"citekeeper/{__version__}"
_TOLD = {"archive", "as_of", "archives.use", "network.engine", "network.user_agent", "network.dns", "archives.wayback.url"}
"""Settings whose text goes into the provenance page; of others, which may hold passwords, only that they are set."""
_REPORTS = {"reports/audit.json": "json", "reports/audit.md": "markdown"}


@dataclass(frozen=True, slots=True)
class Shipment:
    """What is to be exported, to where, and who vouches for it."""

    target: Path
    """NAME.warc.gz or NAME.wacz."""
    documents: tuple[str, ...] = ()
    """Only what these documents of the last audit cite; their names as audited, or the last part of them."""
    urls: tuple[str, ...] = ()
    """Only captures of these addresses."""
    since: datetime | None = None
    until: datetime | None = None
    """Only captures made from `since` on and before `until`."""
    sign: bool = False
    key: Path | None = None
    """A PEM file to sign with, instead of the user's own key."""
    authorities: tuple[str, ...] = ()
    """Addresses of time-stamping authorities."""

    @property
    def is_any(self) -> bool:
        """Captures of any audit, because they are chosen by address or date alone."""
        return not self.documents and bool(self.urls or self.since or self.until)


def ship(shipment: Shipment, settings: Settings, clock: Clock, key_folder: Path) -> warc.Exported:
    """Write an export and sign it, as wished.

    Raises UsageError for a target of another kind, InputError when nothing is to be exported, StorageError when it cannot be
    written.
    """
    if not shipment.target.name.endswith((warc.WARC_SUFFIX, warc.WACZ_SUFFIX)):
        raise UsageError("is neither NAME.warc.gz nor NAME.wacz", where=str(shipment.target), hint="the ending tells the format")
    audit = _audit(shipment, settings, clock)
    key = _key(shipment, key_folder)
    order = _order(shipment, audit, settings, clock.now(), key)
    exported = warc.export(order)
    warc.vouch(exported, _provenance(order, exported, audit, settings), key)
    return exported


async def stamp(shipment: Shipment, settings: Settings, clock: Clock) -> None:
    """Have an export that was written stamped by every authority named; StorageError when one does not."""
    async with network.Door(settings.network, clock=clock) as door:
        await warc.stamp(shipment.target, shipment.authorities, _sender(door))


def take_in(paths: Sequence[Path], settings: Settings, clock: Clock) -> list[warc.Imported]:
    """Take other people's WARC and WACZ files into the archive folder; each is verified first.

    Raises InputError for one that is not there or is damaged, StorageError when the folder cannot be written to.
    """
    taken: list[warc.Imported] = []
    for path in paths:
        if not path.is_file():
            raise InputError("is no file", where=str(path), hint="name WARC or WACZ files")
        taken += warc.take_in(path, warc.verify(path, now=clock.now()), Path(settings.archive))
    return taken


def _audit(shipment: Shipment, settings: Settings, clock: Clock) -> Audit | None:
    folder = Path(settings.archive)
    if not (folder / FILE_NAME).exists():
        if shipment.is_any and folder.is_dir():
            return None
        raise InputError("is no archive folder: it holds no ledger", where=str(folder), hint="name one with --archive")
    with Ledger.open_to_read(folder, clock) as ledger:
        audit = ledger.last_audit()
    if audit is None and not shipment.is_any:
        raise InputError("holds no finished audit", where=str(folder), hint="run citekeeper audit SOURCE first, or choose by --url")
    return audit and replace(audit, documents=tuple(_chosen(audit.documents, shipment.documents)))


def _chosen(audited: Sequence[AuditedDocument], names: Sequence[str]) -> Iterable[AuditedDocument]:
    for name in names:
        if not any(_is_named(each, name) for each in audited):
            known = ", ".join(each.source for each in audited[:5])
            raise InputError("is no document of the last audit", where=name, hint=f"it was of {known}")
    return [each for each in audited if not names or any(_is_named(each, name) for name in names)]


def _is_named(document: AuditedDocument, name: str) -> bool:
    return document.source == name or Path(document.source).name == name


def _key(shipment: Shipment, key_folder: Path) -> warc.SigningKey | None:
    if shipment.key:
        return warc.read_key(shipment.key)
    return warc.own_key(key_folder) if shipment.sign else None


def _order(shipment: Shipment, audit: Audit | None, settings: Settings, at: datetime, key: warc.SigningKey | None) -> warc.Order:
    visits, mementos = None, frozenset[str]()
    if not shipment.is_any and audit:
        visits = frozenset(each.observation.visit_id for each in audit.findings if each.observation)
        mementos = frozenset(each.memento.url for each in audit.findings if each.memento)
    keys = frozenset(surt(url) for url in shipment.urls) if shipment.urls else None
    return warc.Order(
        folder=Path(settings.archive),
        target=shipment.target,
        wanted=warc.Wanted(visits, mementos, keys, shipment.since, shipment.until),
        at=at,
        software=_SOFTWARE,
        title=_title(audit, shipment),
        page_facts=_PageFacts(audit).of,
        additions=tuple(_additions(audit, settings)) if audit and shipment.target.name.endswith(warc.WACZ_SUFFIX) else (),
        key=key,
    )


def _title(audit: Audit | None, shipment: Shipment) -> str:
    named = [each.title or each.source for each in audit.documents] if audit and not shipment.is_any else []
    if not named:
        return "Captures of cited pages"
    more = f" and {len(named) - 1} more" if len(named) > 1 else ""
    return f"Pages cited by {named[0]}{more}"


class _PageFacts:
    """Titles and citations, by visit."""

    def __init__(self, audit: Audit | None) -> None:
        self._facts: dict[str, dict[str, Any]] = {}
        for document in audit.documents if audit else ():
            for finding in document.findings:
                if finding.observation is None:
                    continue
                facts = self._facts.setdefault(finding.observation.visit_id, {"citations": []})
                if finding.observation.title:
                    facts["title"] = finding.observation.title
                cited = {"document": document.source, "marker": finding.reference.marker, "raw": finding.reference.raw}
                facts["citations"].append({**cited, "state": finding.verdict.state.value})

    def of(self, visit: str) -> Mapping[str, Any]:
        """What the page of a visit says beside its address and time."""
        return self._facts.get(visit, {})


def _additions(audit: Audit, settings: Settings) -> Iterable[warc.Addition]:
    for number, document in enumerate(audit.documents, 1):
        data = _article(document, settings)
        if data is not None:
            name = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "-" for char in Path(document.source).name)
            yield warc.Addition(f"documents/{number}-{name[-80:] or 'document'}", data)
    for path, format in _REPORTS.items():
        yield warc.Addition(path, reports.render(audit, format).encode("utf-8", "replace"))


def _article(document: AuditedDocument, settings: Settings) -> bytes | None:
    """The document itself, when it still is where it was read and still holds every reference as it was audited."""
    path = Path(document.source)
    try:
        data = path.read_bytes() if path.is_file() and path.stat().st_size <= settings.max_document_bytes else None
    except (OSError, ValueError):
        return None  # Its name is no path (an address, standard input), or it is gone: the report tells what it said.
    read = documents.read(data, source=document.source) if data is not None else None
    if not isinstance(read, Document):
        return None
    is_same = all(finding.reference.raw in read.text for finding in document.findings)
    return data if is_same else None


def _provenance(order: warc.Order, exported: warc.Exported, audit: Audit | None, settings: Settings) -> warc.Provenance:
    vantages = sorted({each.observation.vantage for each in audit.findings if each.observation}) if audit else []
    facts = [
        ("Records", str(exported.records)),
        ("Pages", str(exported.pages)),
        ("Taken from", str(order.folder)),
        *(("Visited as", each) for each in vantages if each),
        ("Settings", "; ".join(_settings(settings)) or "all as they come"),
    ]
    if audit:
        facts.insert(0, ("Audited", f"{audit.started:%Y-%m-%d %H:%M:%S} to {audit.finished:%Y-%m-%d %H:%M:%S} UTC"))
        facts += [("Document", each.source) for each in audit.documents]
    return warc.Provenance(order.at, order.software, order.title, tuple(facts))


def _settings(settings: Settings) -> Iterator[str]:
    """What is set to something else than its default; of what may hold a secret only that it is set."""
    for each in options():
        value: Any = settings
        for name in each.key.split("."):
            value = getattr(value, name)
        if value != each.default:
            shown = value if each.key in _TOLD or isinstance(value, (bool, int, float)) else "set"
            yield f"{each.key} = {shown}"


def _sender(door: network.Door) -> warc.Sent:
    async def send(url: str, body: bytes) -> bytes:
        ask = Ask(url, Purpose.SOURCE, "POST", (("Content-Type", warc.STAMP_REQUEST_TYPE),), body)
        exchange = await door.fetch(ask)
        response = exchange.response
        if response is None or response.status != 200:
            failure = exchange.failure
            what = failure.message if failure else f"answered {response.status if response else '?'}"
            raise StorageError(f"sent no time stamp: {what}", where=url, hint="the export itself is written; try another authority")
        return response.content

    return send

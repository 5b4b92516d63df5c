"""Writes visits into the archive folder as WARC, durably: what `commit` returned from survives a crash and a power failure."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path
from types import TracebackType

from citekeeper.errors import StorageError
from citekeeper.model import Capture, Clock, Copy, Memento, PageRequisites, Visit
from citekeeper.warc.composition import Composition, Earlier, Known, compose, compose_memento, compose_requisites
from citekeeper.warc.files import NameTaken, OpenFile, storage_error, write_whole
from citekeeper.warc.index import index_line
from citekeeper.warc.records import Record, compress, serialise, warc_date
from citekeeper.warc.rereading import difference
from citekeeper.warc.sums import sums_path, sums_text

TARGET_SIZE = 10**9
"""Bytes after which a new file is begun (WARC 1.1, Annex C)."""
_MOST_NAMES = 100


def new_urn() -> str:
    """A fresh record id, `urn:uuid:…`."""
    return uuid.uuid4().urn


def open_writer(
    folder: Path,
    *,
    clock: Clock,
    software: str,
    user_agent: str,
    earlier: Callable[[str], Earlier | None],
    new_id: Callable[[], str] = new_urn,
    target_size: int = TARGET_SIZE,
) -> Writer:
    """Begin a WARC file in `folder`, which is created when missing.

    `software` names the program and its version, `user_agent` what the visits sent; both go into the file's warcinfo record.
    `earlier` looks up a stored *response* with a payload digest (`sha1:…`), so that the same payload is not stored twice.
    Several processes may write into one folder at the same time, each into files of its own.
    Raises StorageError when the folder cannot be written to, DiskFull when there is no room.
    """
    writer = Writer(folder, clock, _Origin(software, user_agent), earlier, new_id, target_size)
    writer.begin()
    return writer


@dataclass(frozen=True, slots=True)
class _Origin:
    software: str
    user_agent: str


@dataclass(slots=True)
class _Current:
    """The file being written, and what is known of it."""

    file: OpenFile
    warcinfo: Record
    lines: list[bytes] = field(default_factory=list)
    """Its index so far."""
    uncommitted: list[bytes] = field(default_factory=list)
    chains: dict[str, str] = field(default_factory=dict)
    synced: int = 0
    """Bytes that are on the disk for sure."""

    @property
    def journal(self) -> Path:
        """Where committed index lines are before the file is finished."""
        return self.file.folder / (_index_name(self.file.name) + ".open")


def _index_name(name: str) -> str:
    return name.removesuffix(".warc.gz") + ".cdxj"


class Writer:
    """The archive folder, open for writing. A context manager: leaving it closes the file, also after an error.

    Its methods may be called from any thread; `store` does not wait for a `commit` that another thread is in.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        origin: _Origin,
        earlier: Callable[[str], Earlier | None],
        new_id: Callable[[], str],
        target_size: int,
    ) -> None:
        self.folder = folder
        self._clock = clock
        self._origin = origin
        self._earlier = earlier
        self._new_id = new_id
        self._target_size = target_size
        self._payloads: dict[str, Earlier] = {}
        self._serial = 0
        self._token = self._new_token()
        self._current: _Current | None = None
        # Two, so that storing goes on while a commit waits for the disk. Whoever needs both takes _storing first; commit never does.
        self._storing = threading.Lock()
        self._committing = threading.Lock()

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            self.close()
        except StorageError:
            # The first error tells what is wrong (most often the same full disk); the file is left to the next recovery.
            if error is None:
                raise

    def begin(self) -> None:
        """Create the folder and the next file in it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._current = self._next_file()
        except OSError as error:
            raise storage_error(error, self.folder) from error

    def _next_file(self) -> _Current:
        moment = self._clock.now().astimezone(UTC)
        self._serial += 1
        for _ in range(_MOST_NAMES):
            name = f"citekeeper-{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}-{self._token}-{self._serial:05d}.warc.gz"
            try:
                file = OpenFile(self.folder, name)
            except NameTaken:
                self._token = self._new_token()
                continue
            return _Current(file, self._warcinfo(name, warc_date(moment)))
        raise FileExistsError(f"{_MOST_NAMES} names are taken")

    def _new_token(self) -> str:
        # From an id, so that fixed ids make the same names again.
        return hashlib.sha256(self._new_id().encode()).hexdigest()[:8]

    def _warcinfo(self, name: str, date: str) -> Record:
        facts = {
            "software": self._origin.software,
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "http-header-user-agent": self._origin.user_agent,
        }
        block = "".join(f"{key}: {' '.join(value.split())}\r\n" for key, value in facts.items() if value.strip())
        fields = (("WARC-Date", date), ("WARC-Filename", name), ("Content-Type", "application/warc-fields"))
        return Record("warcinfo", self._new_id().strip("<>"), fields, block.encode("utf-8", "replace"))

    def store(self, visit: Visit, *, note: Mapping[str, str] | None = None, text: str | None = None) -> tuple[Capture, ...]:
        """Store every exchange of `visit`, and return where: one capture for each, in order.

        An answer's capture is its response or revisit record, a failure's its metadata record. `note` is kept with the visit,
        `text`, what a reader reads of its last page, as a conversion of that.
        Nothing is sure to survive a power failure before `commit`. Raises DiskFull when there is no room, StorageError when the
        folder fails otherwise; then nothing of this visit is stored, and everything before it is.
        """
        with self._storing:
            current = self._roll_over()
            made = compose(
                visit,
                note or {},
                warcinfo=current.warcinfo.id,
                new_id=self._new_id,
                known=Known(self._known_payload, current.chains.get),
                now=self._clock.now(),
                text=text,
            )
            return self._keep(current, made)

    def store_memento(self, memento: Memento, copies: Sequence[Copy]) -> tuple[Capture, ...]:
        """Store an archived copy: the redirects to it and itself, in order; one capture for each answer of the archive.

        A reader of web archives finds the copy under its original address and at its own date. As sure, and as whole or not
        at all, as `store`.
        """
        with self._storing:
            current = self._roll_over()
            made = compose_memento(
                memento,
                copies,
                warcinfo=current.warcinfo.id,
                new_id=self._new_id,
                known=Known(self._known_payload, current.chains.get),
                now=self._clock.now(),
            )
            return self._keep(current, made)

    def store_requisites(self, page: PageRequisites) -> None:
        """Store what a page needs, what of it is stored, and what is missing; after the visits that it names. As sure as `store`."""
        with self._storing:
            current = self._roll_over()
            self._keep(current, compose_requisites(page, warcinfo=current.warcinfo.id, new_id=self._new_id))

    def difference(self, visit: Visit, captures: Sequence[Capture]) -> str | None:
        """How the main document of a visit that was stored and committed differs from what was received; None when it does not.

        It is read back from the disk, and compared byte for byte. Raises StorageError when the folder cannot be read.
        """
        if not captures:
            return None
        holder = self._known_payload(captures[-1].payload_digest or "") if captures[-1].revisit else None
        try:
            return difference(self.folder, visit.exchanges[len(captures) - 1], captures[-1], holder.capture if holder else None)
        except OSError as error:
            raise storage_error(error, self.folder) from error

    def _keep(self, current: _Current, made: Composition) -> tuple[Capture, ...]:
        places = self._append(current, made.records)
        self._payloads.update({digest: replace(each, capture=places.get(each.record_id)) for digest, each in made.payloads.items()})
        current.chains.update(made.chains)
        return _captures(made, places)

    def _known_payload(self, digest: str) -> Earlier | None:
        return self._payloads.get(digest) or self._earlier(digest)

    def _roll_over(self) -> _Current:
        if self._current and self._current.file.size >= self._target_size:
            self._finish()
        if self._current is None:
            self.begin()
        assert self._current is not None
        return self._current

    def _append(self, current: _Current, records: list[Record]) -> dict[str, Capture]:
        """Write records as one piece; all of them or none."""
        name, at = current.file.name, current.file.size
        members: list[bytes] = []
        lines: list[bytes] = []
        places: dict[str, Capture] = {}
        for record in records if at else [current.warcinfo, *records]:
            member = compress(serialise(record))
            places[record.id] = Capture(name, at, len(member), record.id, record.field("WARC-Payload-Digest"), record.type == "revisit")
            line = index_line(record, name, at, member)
            lines += [line] if line else []
            members.append(member)
            at += len(member)
        try:
            current.file.append(b"".join(members))
        except OSError as error:
            raise storage_error(error, self.folder) from error
        current.uncommitted += lines
        return places

    def commit(self) -> None:
        """Wait until everything stored is on the disk; then the index lines are added. One fsync, however much was stored."""
        with self._committing:
            current = self._current
            if current is None or (current.synced == current.file.size and not current.uncommitted):
                return
            # What is stored from here on belongs to the next commit.
            size, count = current.file.size, len(current.uncommitted)
            try:
                current.file.sync()
                with current.journal.open("ab") as journal:
                    journal.write(b"".join(current.uncommitted[:count]))
            except OSError as error:
                raise storage_error(error, self.folder) from error
            current.lines += current.uncommitted[:count]
            del current.uncommitted[:count]
            current.synced = size

    def close(self) -> None:
        """Commit, give the file its final name and put its index beside it. A file without a visit is not kept."""
        with self._storing:
            if self._current:
                self._finish()

    def _finish(self) -> None:
        with self._committing:
            current, self._current = self._current, None
            assert current is not None
            try:
                self._settle(current)
            except OSError as error:
                current.file.let_go()
                raise storage_error(error, self.folder) from error

    def _settle(self, current: _Current) -> None:
        if not current.file.size:
            current.file.discard()
            return
        # The index and the sums first: no file ever has its final name without them.
        current.file.sync()
        name, index = current.file.name, b"".join(sorted(current.lines + current.uncommitted))
        write_whole(self.folder / _index_name(name), index)
        sums = {name: current.file.sha256, _index_name(name): hashlib.sha256(index).hexdigest()}
        write_whole(sums_path(self.folder / name), sums_text(sums))
        current.file.finish()
        current.journal.unlink(missing_ok=True)


def _captures(made: Composition, places: dict[str, Capture]) -> tuple[Capture, ...]:
    return tuple(places[written.record] for written in made.written)

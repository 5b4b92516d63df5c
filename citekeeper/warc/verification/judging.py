"""Verifying a path: a WARC file, a WACZ package, or a whole archive folder with its indexes, sums and ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from citekeeper.model import Capture
from citekeeper.warc.files import OPEN
from citekeeper.warc.sums import sha256_of_file, sums_path
from citekeeper.warc.verification.codes import KINDS
from citekeeper.warc.verification.detached import judge_detached
from citekeeper.warc.verification.facts import RecordFacts
from citekeeper.warc.verification.fixity import Verified, add_to_log, read_log
from citekeeper.warc.verification.index_lines import Indexed, judge_gaps, judge_lines, numbered_lines, places_of
from citekeeper.warc.verification.packages import judge_wacz
from citekeeper.warc.verification.problems import Aspect, Problems, Severity, Verification
from citekeeper.warc.verification.relations import Relations
from citekeeper.warc.verification.trust import Trust
from citekeeper.warc.verification.warc_files import SUFFIXES, judge_warc

_ENDINGS = tuple(SUFFIXES.values())
_PIECE = 1 << 18
_ZIP = b"PK\x03\x04"


def verify(
    path: Path, *, now: datetime, trust: Trust | None = None, stored: Iterable[Capture] = (), since: datetime | None = None
) -> Verification:
    """Judge everything that can be judged of `path` offline; nothing of it is changed, and no damage raises.

    Of an archive folder, `stored` are the captures that its ledger names. With `since`, files that were found sound at or after
    that moment are passed over, and what is found is added to the folder's log of verifications; StorageError when that fails.
    """
    problems, trust = Problems(KINDS), trust or Trust()
    try:
        if path.is_dir():
            kind, records, size = "archive folder", *_Folder(path, now, trust, problems).judge(stored, since)
        elif _is_package(path):
            kind, records, size = "WACZ", judge_wacz(path, now, problems, trust), path.stat().st_size
            judge_detached(path, trust, problems)
        else:
            records, size = _judge_file(path, now, trust, problems), path.stat().st_size
            kind = "WARC" if records else "file"
    except OSError as error:
        kind, records, size = "file", 0, 0
        problems.add("file-unreadable", str(path), error.strerror or str(error))
    return Verification(str(path), kind, records, size, problems.answers(), tuple(problems.kept), problems.untold)


def _is_package(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(len(_ZIP)) == _ZIP or path.suffix in (".wacz", ".zip")


def _judge_file(path: Path, now: datetime, trust: Trust, problems: Problems) -> int:
    relations = Relations(problems)
    judge_detached(path, trust, problems)
    captures = _judge_records(path, now, problems, relations)
    _judge_index(path, captures, problems, is_expected=False)
    relations.judge()
    return relations.count


def _judge_records(path: Path, now: datetime, problems: Problems, relations: Relations) -> list[RecordFacts]:
    captures = []
    with path.open("rb") as handle:
        for facts in judge_warc(handle, path.name, now, problems):
            relations.add(facts)
            if facts.is_capture:
                captures.append(facts)
    return captures


def _judge_index(path: Path, captures: list[RecordFacts], problems: Problems, *, is_expected: bool) -> None:
    stem = next((path.name.removesuffix(ending) for ending in sorted(_ENDINGS, key=len) if path.name.endswith(ending)), path.name)
    index = path.with_name(stem.removesuffix(".warc") + ".cdxj")
    if not index.is_file():
        if is_expected:
            problems.add("index-missing", path.name, f"there is no {index.name}")
        return
    indexed = Indexed()
    with index.open("rb") as handle:
        judge_lines(numbered_lines(iter(lambda: handle.read(_PIECE), b"")), index.name, places_of(captures), indexed, problems)
    judge_gaps(captures, indexed, problems)


@dataclass(slots=True)
class _Folder:
    path: Path
    now: datetime
    trust: Trust
    problems: Problems

    def judge(self, stored: Iterable[Capture], since: datetime | None) -> tuple[int, int]:
        """The number of records and bytes that were looked at."""
        log = read_log(self.path)
        files = list(self._files())
        if files:
            self.problems.present(Aspect.STRUCTURE)
        looked_at = [each for each in files if since is None or not _is_fresh(log.get(each.name), since)]
        relations = Relations(self.problems, is_partial=len(looked_at) < len(files))
        verified = [self._judge_file(each, relations, log.get(each.name), hashes=since is not None) for each in looked_at]
        self._judge_rest(files, log)
        relations.judge()
        self._judge_stored(stored, relations, {each.name for each in files}, {each.name for each in looked_at})
        if since is not None:
            add_to_log(self.path, verified)
        return relations.count, sum(each.stat().st_size for each in looked_at)

    def _files(self) -> Iterator[Path]:
        for path in sorted(self.path.iterdir()):
            if path.name.endswith(_ENDINGS) and path.is_file():
                if path.is_symlink():
                    self.problems.add("file-unreadable", path.name, "it is a link")
                else:
                    yield path
            elif path.name.endswith(OPEN):
                self.problems.add("left-open", path.name, "it is not finished")

    def _judge_file(self, path: Path, relations: Relations, before: Verified | None, *, hashes: bool) -> Verified:
        errors = self._errors()
        digest = judge_detached(path, self.trust, self.problems, is_expected=before is None)
        if digest is None and (hashes or before):
            digest = sha256_of_file(path)
        if before and digest != before.sha256:
            self.problems.add("file-changed", path.name, f"verified on {before.at:%Y-%m-%d} as {before.sha256}, now {digest}")
        captures = _judge_records(path, self.now, self.problems, relations)
        _judge_index(path, captures, self.problems, is_expected=True)
        return Verified(path.name, self.now, digest or "", self._errors() == errors)

    def _errors(self) -> int:
        return sum(count for (_, severity), count in self.problems.counts.items() if severity is Severity.ERROR)

    def _judge_rest(self, files: list[Path], log: dict[str, Verified]) -> None:
        """What should be here and is not."""
        names = {each.name for each in files}
        for name in sorted(log.keys() - names):
            self.problems.add("file-lost", name, f"it was here on {log[name].at:%Y-%m-%d}")
        for sums in sorted(self.path.glob("*" + sums_path(Path("x")).suffix)):
            name = sums.name.removesuffix(sums.suffix)
            if name.endswith(_ENDINGS) and name not in names | log.keys():
                self.problems.add("file-lost", name, f"{sums.name} tells of it")

    def _judge_stored(self, stored: Iterable[Capture], relations: Relations, names: set[str], looked_at: set[str]) -> None:
        count = 0
        for capture in stored:
            count += 1
            if capture.warc not in names:
                is_open = (self.path / (capture.warc + OPEN)).exists()
                if not is_open:
                    self.problems.add("capture-lost", capture.warc, f"the file of the record {capture.record_id}")
            elif capture.warc in looked_at and not _is_there(capture, relations):
                self.problems.add("capture-lost", f"{capture.warc}@{capture.offset}", f"the record {capture.record_id} is not there")
        if count:
            self.problems.present(Aspect.COVERAGE, f"{count} captures of the ledger")


def _is_fresh(verified: Verified | None, since: datetime) -> bool:
    return verified is not None and verified.at >= since


def _is_there(capture: Capture, relations: Relations) -> bool:
    found = relations.find(capture.record_id)
    return found is not None and (found.file, found.offset) == (capture.warc, capture.offset)

"""Verifying: what is sound passes, every kind of damage is found and named, and hostile files cost little."""

from __future__ import annotations

import csv
import gzip
import os
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from growth import grows_no_faster_than_its_size
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_kit import NOON, TLS, exchange, finished, refused, response, visit, writer_in

from citekeeper.errors import InputError
from citekeeper.model import Capture
from citekeeper.warc import CODES, Answer, Aspect, Severity, Verification, salvage, verify

NOW = NOON + timedelta(days=1)
DATA = os.environ.get("CITEKEEPER_DATA") or None


def verified(path: Path, since: datetime | None = None) -> Verification:
    return verify(path, now=NOW, since=since)


def codes(found: Verification, severity: Severity | None = None) -> set[str]:
    return {each.code for each in found.problems if severity in (None, each.severity)}


def answer(found: Verification, aspect: Aspect) -> Answer:
    return next(each.answer for each in found.judged if each.aspect is aspect)


def an_archive(folder: Path) -> list[Capture]:
    captures: list[Capture] = []
    with writer_in(folder) as writer:
        chunked = response(b"5\r\nhello\r\n0\r\n\r\n", "Transfer-Encoding: chunked", length=False)
        packed = response(gzip.compress(b"<p>packed</p>", mtime=0), "Content-Encoding: gzip")
        moved = exchange("http://old.example/", response(b"", "Location: http://new.example/", status="301 Moved"))
        for number, each in enumerate(
            [
                visit(exchange("https://tls.example/", chunked, tls=TLS)),
                visit(moved, exchange("http://new.example/", packed)),
                visit(exchange("http://again.example/", packed)),
                refused(),
                visit(exchange("http://empty.example/", response(b"", status="204 No Content"))),
            ]
        ):
            captures += writer.store(type(each)(f"{number:032x}", each.target, each.exchanges, each.stop))
    return captures


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    an_archive(folder)
    return folder


def copy_of(folder: Path, to: Path) -> Path:
    to.mkdir(exist_ok=True)
    for path in folder.iterdir():
        (to / path.name).write_bytes(path.read_bytes())
    return to


# ── what is sound ─────────────────────────────────────────────────────────────────────────────


def test_what_citekeeper_writes_is_sound_without_a_word(archive: Path) -> None:
    for path in (archive, finished(archive)):
        found = verified(path)
        assert found.problems == ()
        assert found.is_sound
        assert [answer(found, each) for each in (Aspect.STRUCTURE, Aspect.DIGESTS, Aspect.INDEX, Aspect.COVERAGE)] == [Answer.GOOD] * 4
        assert answer(found, Aspect.SIGNATURE) is Answer.ABSENT


def test_captures_that_the_ledger_names_are_looked_for(tmp_path: Path) -> None:
    captures = an_archive(tmp_path)
    assert verify(tmp_path, now=NOW, stored=captures).is_sound
    wrong = Capture(captures[0].warc, captures[0].offset + 1, 1, captures[0].record_id, None)
    gone = Capture("gone.warc.gz", 0, 1, "urn:x:y", None)
    assert [each.code for each in verify(tmp_path, now=NOW, stored=[*captures, wrong, gone]).problems] == ["capture-lost"] * 2


@pytest.mark.parametrize("data", [b"hello\nworld\n", b"", b"\x7fELF" + bytes(900), gzip.compress(b"hello", mtime=0), b"WARC/1.1\r\n"],
    ids=["text", "empty", "program", "packed text", "half a record"])  # fmt: skip
def test_what_holds_no_record_is_good_in_no_aspect(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(data)
    found = verified(path)
    assert not found.is_sound
    assert Answer.GOOD not in {each.answer for each in found.judged}
    assert found.kind == "file"


def test_records_without_digests_are_not_said_to_have_good_ones(tmp_path: Path) -> None:
    path = tmp_path / "bare.warc"
    head = (
        f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:a:b>\r\nWARC-Date: {NOON:%Y-%m-%dT%H:%M:%SZ}\r\nContent-Length: 2\r\n\r\n"
    )
    path.write_bytes(head.encode() + b"ab\r\n\r\n")
    found = verified(path)
    assert answer(found, Aspect.STRUCTURE) is not Answer.ABSENT
    assert answer(found, Aspect.DIGESTS) is Answer.ABSENT


def test_a_file_that_is_being_written_is_a_warning(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        writer.store(visit())
        found = verified(tmp_path)
        assert found.is_sound
        assert codes(found) == {"left-open"}


@pytest.mark.skipif(DATA is None, reason="needs the shared samples: set CITEKEEPER_DATA")
def test_every_sample_is_judged_as_its_manifest_says() -> None:
    rows = []
    for folder in (Path(DATA or "") / "warc" / "broken", Path(DATA or "") / "warc" / "broken" / "wacz"):
        with (folder / "MANIFEST.tsv").open(encoding="utf-8") as manifest:
            rows += [(folder / row["file"], row["verdict"]) for row in csv.DictReader(manifest, delimiter="\t")]
    judged = {path.name: verify(path, now=datetime.now(UTC)) for path, _ in rows}
    bad = {name for name, found in judged.items() if not found.is_sound}
    warned = {name for name, found in judged.items() if found.is_sound and codes(found, Severity.WARNING)}
    assert bad == {path.name for path, verdict in rows if verdict == "bad"}
    assert warned == {path.name for path, verdict in rows if verdict == "lenient"}
    assert len(rows) > 90


@pytest.mark.skipif(DATA is None, reason="needs the shared samples: set CITEKEEPER_DATA")
def test_signatures_and_stamps_made_by_others_are_verified() -> None:
    samples = {path.name: path for path in (Path(DATA or "") / "warc" / "samples").rglob("*.wacz")}
    found = verify(samples["valid_signed_example_1.wacz"], now=datetime.now(UTC))
    assert found.is_sound
    assert (answer(found, Aspect.SIGNATURE), answer(found, Aspect.TIMESTAMP)) == (Answer.GOOD, Answer.GOOD)
    assert {"key-unknown", "authority-unknown"} <= codes(found)
    assert verify(samples["anon.wacz"], now=datetime.now(UTC)).is_sound
    assert codes(verify(samples["badsig.wacz"], now=datetime.now(UTC)), Severity.ERROR) == {"signature-wrong"}


# ── what is not ───────────────────────────────────────────────────────────────────────────────


def test_one_flipped_bit_anywhere_in_an_archive_folder_is_found(archive: Path, tmp_path: Path) -> None:
    folder = copy_of(archive, tmp_path / "copy")
    for path in sorted(folder.iterdir()):
        data = path.read_bytes()
        for at in {*range(0, len(data), 97), *range(10)}:
            path.write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])
            assert not verified(folder).is_sound, f"{path.suffix} byte {at}"
        path.write_bytes(data)
    assert verified(folder).is_sound


def test_one_flipped_bit_anywhere_in_a_capture_file_alone_is_found(archive: Path, tmp_path: Path) -> None:
    data, path = finished(archive).read_bytes(), tmp_path / "alone.warc.gz"
    plain = gzip.decompress(data)
    for at in {*range(0, len(data), 37), *range(10), *range(len(data) - 8, len(data))}:
        path.write_bytes(data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :])
        # Bits that pad the end of compressed data say nothing; only the sums beside a file hold them fast.
        assert not verified(path).is_sound or gzip.decompress(path.read_bytes()) == plain, f"byte {at}"


def test_a_capture_file_clipped_anywhere_is_not_sound(archive: Path, tmp_path: Path) -> None:
    data, path = finished(archive).read_bytes(), tmp_path / "clipped.warc.gz"
    whole = {at for at in range(len(data)) if data[at : at + 3] == b"\x1f\x8b\x08"}
    for at in range(0, len(data), 37):
        if at not in whole:
            path.write_bytes(data[:at])
            assert not verified(path).is_sound, f"clipped at {at}"


def record(kind: str, *fields: str, block: bytes = b"", length: int | None = None) -> bytes:
    lines = ["WARC/1.1", f"WARC-Type: {kind}", "WARC-Date: 2026-01-02T03:04:05Z", *fields]
    lines.append(f"Content-Length: {len(block) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def test_a_record_that_is_lost_from_a_visit_is_missed(archive: Path, tmp_path: Path) -> None:
    members = split_members(finished(archive).read_bytes())
    requests = [number for number, member in enumerate(members) if b"WARC-Type: request" in gzip.decompress(member)]
    path = tmp_path / "without.warc.gz"
    path.write_bytes(b"".join(member for number, member in enumerate(members) if number != requests[0]))
    assert "visit-incomplete" in codes(verified(path), Severity.ERROR)


def split_members(data: bytes) -> list[bytes]:
    members = []
    while data:
        inflater = zlib.decompressobj(31)
        inflater.decompress(data)
        members.append(data[: len(data) - len(inflater.unused_data)])
        data = inflater.unused_data
    return members


ID = "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"not a record\n", "version"),
        (b"WARC/1.1", "version"),
        (b"WARC/3.0\r\n\r\n", "version"),
        (record("metadata", ID, length=10**12), "length"),
        (record("metadata", ID, length=10**30), "length"),
        (record("metadata", ID, length=-1), "length"),
        (record("metadata", ID, block=b"x", length=0), "length"),
        (record("metadata"), "field-missing"),
        (record("metadata", ID) * 2, "record-id-twice"),
        (record("metadata", ID, ID), "field-twice"),
        (record("metadata", ID, "WARC-Filename: x"), "field-misplaced"),
        (record("metadata", ID, "WARC-Block-Digest: sha256:00"), "digest-unreadable"),
        (record("metadata", ID, "WARC-Block-Digest: sha1:" + "A" * 32), "block-digest"),
        (record("resource", ID), "uri"),
        (record("resource", ID, "WARC-Target-URI: http://[::1/"), "uri"),
        (record("response", ID, "WARC-Target-URI: http://a.example/", "Content-Type: text/html", block=b"x"), "content-type"),
        (
            record("response", ID, "WARC-Target-URI: http://a.example/", "Content-Type: application/http; msgtype=response", block=b"x"),
            "http-head",
        ),
        (record("revisit", ID, "WARC-Target-URI: http://a.example/"), "revisit"),
        (record("metadata", ID, "WARC-Date: 2026-02-30T00:00:00Z"), "field-twice"),
        (record("metadata", ID).replace(b"2026-01-02", b"2026-02-30"), "date"),
        (record("metadata", ID).replace(b"\r\n", b"\n"), "header-line"),
        (record("metadata", ID, "no colon"), "header-line"),
        (record("continuation", ID, "WARC-Target-URI: http://a.example/"), "segment"),
    ],
)
def test_each_fault_of_a_record_has_its_code(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(data)
    assert code in codes(verified(path), Severity.ERROR)


def test_every_code_that_is_told_is_explained(archive: Path) -> None:
    assert all(each.meaning and each.advice for each in CODES)
    assert len({each.code for each in CODES}) == len(CODES)


def test_an_index_that_lies_is_found(archive: Path, tmp_path: Path) -> None:
    folder = copy_of(archive, tmp_path / "copy")
    (index,) = folder.glob("*.cdxj")
    for sums in folder.glob("*.sha256"):
        sums.unlink()
    lines = index.read_bytes().splitlines(keepends=True)
    for wrong, code in [
        (lines[1:], "index-gap"),
        (lines[::-1], "index-line"),
        ([*lines, b"zzz no json\n"], "index-line"),
        ([line.replace(b'"status": "204"', b'"status": "200"') for line in lines], "index-wrong"),
    ]:
        index.write_bytes(b"".join(wrong))
        found = verified(folder)
        assert answer(found, Aspect.INDEX) is Answer.BROKEN
        assert code in codes(found)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.warc.gz"
    for prefix in (b"", b"WARC/1.1\r\n", b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18\x05\x00\x00\x00"):
        path.write_bytes(prefix + data)
        assert not verified(path).is_sound


# ── hostile files ─────────────────────────────────────────────────────────────────────────────


def test_a_member_that_expands_without_end_is_given_up(tmp_path: Path) -> None:
    path, packer = tmp_path / "bomb.warc.gz", zlib.compressobj(9, zlib.DEFLATED, 31)
    head = b"WARC/1.1\r\nWARC-Type: metadata\r\nContent-Length: 900000000\r\n\r\n"
    start = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    # After a full flush the same input is the same output, wherever it stands.
    zeros = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    path.write_bytes(start + zeros * 260)
    assert codes(verified(path), Severity.ERROR) >= {"too-large"}


@pytest.mark.parametrize(
    ("number", "made"),
    [
        (6_000_000, lambda number: b"WARC/1.1\r\n" + b"a" * number),
        (60_000, lambda number: b"WARC/1.1\r\n" + b"A: b\r\n" * number + b"\r\n"),
        (400_000, lambda number: b"\x1f\x8b\x08" * number),
        (20_000, lambda number: b"WARC/1.1\r\n\r\n" * number),
        (200_000, lambda number: record("metadata", ID, "Content-Type: application/warc-fields", block=b"a: b\r\n" * number)),
        (
            900_000,
            lambda number: record("response", ID, "WARC-Target-URI: http://a.example/", block=b"HTTP/1.1 200 OK\r\n" + b"\r" * number),
        ),
    ],
    ids=["endless line", "endless fields", "members without end", "empty records", "large metadata", "endless head"],
)
def test_hostile_files_are_read_in_linear_time(tmp_path: Path, number: int, made: Callable[[int], bytes]) -> None:
    def stored(number: int) -> Path:
        path = tmp_path / "hostile.warc"
        path.write_bytes(made(number))
        return path

    assert grows_no_faster_than_its_size(verified, stored, number)


# ── saving what is whole, and going on a schedule ─────────────────────────────────────────────


def test_repair_saves_every_whole_record_into_a_new_file(archive: Path, tmp_path: Path) -> None:
    members = split_members(finished(archive).read_bytes())
    damaged, target = tmp_path / "damaged.warc.gz", tmp_path / "saved.warc.gz"
    data = b"".join([*members[:3], members[3][:-20], *members[4:], b"\0" * 100])
    damaged.write_bytes(data)
    saved = salvage(damaged, target)
    assert saved.records == len(members) - 1
    assert saved.left == len(members[3]) - 20 + 100
    assert damaged.read_bytes() == data
    assert target.read_bytes() == b"".join([*members[:3], *members[4:]])
    with pytest.raises(InputError, match="there already"):
        salvage(damaged, target)


@pytest.mark.parametrize("packed", [True, False])
def test_repair_gives_each_record_a_member_of_its_own(archive: Path, tmp_path: Path, *, packed: bool) -> None:
    members = split_members(finished(archive).read_bytes())
    plain = b"".join(gzip.decompress(member) for member in members)
    source, target = tmp_path / ("one.warc.gz" if packed else "one.warc"), tmp_path / "saved.warc.gz"
    source.write_bytes(gzip.compress(plain) if packed else plain)
    assert salvage(source, target).records == len(members)
    assert [gzip.decompress(member) for member in split_members(target.read_bytes())] == [gzip.decompress(each) for each in members]
    assert verified(target).is_sound


def test_nothing_is_written_when_there_is_nothing_to_save(tmp_path: Path) -> None:
    (tmp_path / "x.warc.gz").write_bytes(b"\x1f\x8b\x08 nothing")
    with pytest.raises(InputError, match="no whole record"):
        salvage(tmp_path / "x.warc.gz", tmp_path / "y.warc.gz")
    assert not list(tmp_path.glob("y*"))


def test_a_schedule_passes_over_what_was_sound_lately_and_finds_what_changed(archive: Path, tmp_path: Path) -> None:
    folder = copy_of(archive, tmp_path / "copy")
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    assert verified(folder, since=long_ago).records > 0
    assert verified(folder, since=long_ago).records == 0
    assert verified(folder, since=NOW + timedelta(seconds=1)).records > 0
    # Whoever changes a file can change its sums too; not what was noted before.
    (sums,) = folder.glob("*.sha256")
    sums.unlink()
    with finished(folder).open("ab") as file:
        file.write(split_members(finished(archive).read_bytes())[0])
    assert "file-changed" in codes(verified(folder), Severity.ERROR)
    finished(folder).unlink()
    assert "file-lost" in codes(verified(folder, since=long_ago), Severity.ERROR)

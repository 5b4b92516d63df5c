from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warc_kit import TLS, exchange, finished, judge, refused, response, visit, writer_in

from citekeeper.errors import DiskFull
from citekeeper.warc import index, read_visits, recover
from citekeeper.warc.files import lock
from citekeeper.warc.members import Damage, Member, scan
from citekeeper.warc.recovery import index_of

HERE = Path(__file__).parent


def members(path: Path) -> list[Member | Damage]:
    with path.open("rb") as handle:
        return list(scan(handle, keep=0))


def a_small_file(folder: Path) -> bytes:
    with writer_in(folder) as writer:
        writer.store(visit(exchange("https://a.example/", response(b"one"), tls=TLS), number=1))
        writer.store(visit(exchange("http://b.example/", response(b"two")), number=2))
    return finished(folder).read_bytes()


def a_tiny_file(folder: Path) -> bytes:
    with writer_in(folder) as writer:
        writer.store(refused())
    return finished(folder).read_bytes()


def left_open(folder: Path, data: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "left.warc.gz.open"
    path.write_bytes(data)
    return path


def run_killed(base: Path, times: int, seed: int) -> list[int]:
    done = subprocess.run(
        [sys.executable, str(HERE / "killed_writers.py"), str(base), str(times), str(seed)],
        capture_output=True, text=True, check=True, timeout=120, env={**os.environ, "PYTHONPATH": str(HERE)},
    )  # fmt: skip
    return [int(line) for line in done.stdout.split()]


def test_writers_killed_at_a_hundred_random_moments_lose_nothing_that_was_committed(tmp_path: Path) -> None:
    seed = 20260102
    times = int(os.environ.get("WARC_KILLS", "100"))
    for turn, committed in enumerate(run_killed(tmp_path, times, seed)):
        folder = tmp_path / f"{turn:03d}"
        for path in folder.glob("*.warc.gz"):
            assert not any(isinstance(part, Damage) for part in members(path))
        recover(folder)
        assert not list(folder.glob("*.open"))
        paths = sorted(folder.glob("*.warc.gz"))
        stored = [read.visit.target for path in paths for read in read_visits(path)]
        assert len(stored) >= committed
        assert stored == [f"http://a.example/{number}" for number in range(len(stored))]
        assert len(list(index(folder))) >= len(stored)
        assert judge(*paths) == "" if turn < 2 and paths else True


def test_a_file_cut_at_any_byte_keeps_every_whole_record_and_its_tail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = a_tiny_file(tmp_path / "whole")
    ends = [0, *(part.offset + part.length for part in members(finished(tmp_path / "whole")))]
    # Thousands of recoveries; that they sync is seen elsewhere.
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    folder = tmp_path / "cut"
    for cut in range(len(data) + 1):
        left_open(folder, data[:cut])
        (done,) = recover(folder)
        whole = max(end for end in ends if end <= cut)
        assert done.records == ends.index(whole)
        assert done.tail_bytes == cut - whole
        assert (folder / done.warc).read_bytes() == data[:whole] if done.warc else whole == 0
        assert (folder / done.tail).read_bytes() == data[whole:cut] if done.tail else whole == cut
        for path in folder.iterdir():
            path.unlink()


def test_what_recovery_makes_is_what_closing_would_have_made(tmp_path: Path) -> None:
    data = a_small_file(tmp_path / "whole")
    original = finished(tmp_path / "whole")
    folder = tmp_path / "left"
    folder.mkdir()
    (folder / (original.name + ".open")).write_bytes(data + b"\x1f\x8b\x08 cut")
    recover(folder)
    assert finished(folder).read_bytes() == data
    assert next(folder.glob("*.cdxj")).read_bytes() == next((tmp_path / "whole").glob("*.cdxj")).read_bytes()
    assert {path.suffix for path in folder.iterdir()} == {".gz", ".cdxj", ".sha256", ".tail"}
    assert judge(finished(folder)) == ""


def test_recovery_that_was_killed_comes_to_the_same_files_the_next_time(tmp_path: Path) -> None:
    data = a_small_file(tmp_path / "whole")
    folder = tmp_path / "left"
    left_open(folder, data[:-5])
    recover(folder)
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    # Killed just before the last step, and before that in the middle of writing.
    left_open(folder, data[:-5])
    (folder / "left.warc.gz.part").write_bytes(b"half")
    (folder / "left.tail.part").write_bytes(b"half")
    recover(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == made
    assert recover(folder) == ()


def test_recovery_never_overwrites_another_file(tmp_path: Path) -> None:
    data = a_small_file(tmp_path / "whole")
    folder = tmp_path / "left"
    left_open(folder, data)
    (folder / "left.warc.gz").write_bytes(b"something else")
    (done,) = recover(folder)
    assert done.warc == "left-2.warc.gz"
    assert (folder / "left.warc.gz").read_bytes() == b"something else"
    assert (folder / "left-2.warc.gz").read_bytes() == data
    assert {line.capture.warc for line in index(folder)} == {"left-2.warc.gz"}


def test_whole_records_behind_damage_are_saved_too(tmp_path: Path) -> None:
    data = a_small_file(tmp_path / "whole")
    third = members(finished(tmp_path / "whole"))[3]
    hole = data[: third.offset] + b"\0" * third.length + data[third.offset + third.length :]
    left_open(tmp_path / "left", hole)
    (done,) = recover(tmp_path / "left")
    assert done.records == len(members(finished(tmp_path / "whole"))) - 1
    assert done.tail_bytes == third.length


@pytest.mark.parametrize("junk", [b"", b"no gzip at all", b"\x1f\x8b\x08" * 50_000])
def test_a_file_without_a_whole_record_is_set_aside(tmp_path: Path, junk: bytes) -> None:
    left_open(tmp_path / "left", junk)
    (done,) = recover(tmp_path / "left")
    assert done.warc is None
    assert done.tail_bytes == len(junk)
    assert [path.name for path in (tmp_path / "left").iterdir()] == (["left.tail"] if junk else [])


def test_the_file_of_a_living_writer_is_left_alone(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        writer.store(visit())
        writer.commit()
        assert recover(tmp_path) == ()
    assert finished(tmp_path).stat().st_size > 0


def test_a_writer_that_was_let_go_is_recovered_by_the_next(tmp_path: Path) -> None:
    writer = writer_in(tmp_path)
    writer.store(visit())
    writer.commit()
    assert writer._current is not None
    writer._current.file.let_go()
    (done,) = recover(tmp_path)
    assert done.warc is not None
    assert done.tail is None
    assert [read.visit.target for read in read_visits(tmp_path / done.warc)] == ["http://news.example/a"]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".cdxj", ".gz", ".sha256"]


def test_a_journal_left_beside_a_finished_file_is_removed(tmp_path: Path) -> None:
    a_small_file(tmp_path)
    journal = tmp_path / finished(tmp_path).name.replace(".warc.gz", ".cdxj.open")
    journal.write_text("left over")
    before = list(index(tmp_path))
    recover(tmp_path)
    assert not journal.exists()
    assert list(index(tmp_path)) == before


def test_recovering_a_folder_that_is_not_there_does_nothing(tmp_path: Path) -> None:
    assert recover(tmp_path / "missing") == ()


def test_a_second_process_cannot_take_the_lock_of_a_writer(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        writer.store(visit())
        with next(tmp_path.glob("*.open")).open("rb") as other:
            assert not lock(other.fileno())


FULL_DISK = """
import resource, sys
from pathlib import Path
from warc_kit import *
from citekeeper.errors import DiskFull
import os
folder = Path(sys.argv[1])
writer = writer_in(folder)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
stored = 0
try:
    with writer:
        while True:
            writer.store(visit(exchange(f"http://a.example/{stored}", response(os.urandom(30_000))), number=stored))
            writer.commit()
            stored += 1
except DiskFull as error:
    print(stored)
    print(error)
"""


def test_a_full_disk_ends_the_run_and_leaves_a_sound_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)],
        capture_output=True, text=True, check=True, timeout=60, env={**os.environ, "PYTHONPATH": str(HERE)},
    )  # fmt: skip
    stored, message = done.stdout.splitlines()
    assert "no room left" in message
    assert 3 <= int(stored) <= 6
    path = finished(tmp_path)
    assert not any(isinstance(part, Damage) for part in members(path))
    assert len(list(read_visits(path))) == int(stored)
    assert next(tmp_path.glob("*.cdxj")).read_bytes() == index_of(path, path.name)


FULL_TMPFS = FULL_DISK.replace("resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))", "")


def test_a_small_file_system_that_fills_up_ends_the_run_and_leaves_sound_files(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(small)], capture_output=True, check=False).returncode:
        pytest.skip("needs leave to mount a small file system")
    try:
        done = subprocess.run(
            [sys.executable, "-c", FULL_TMPFS, str(small / "archive")],
            capture_output=True, text=True, check=True, timeout=60, env={**os.environ, "PYTHONPATH": str(HERE)},
        )  # fmt: skip
        stored, message = done.stdout.splitlines()
        assert "no room left" in message
        # Once there is room again, the next run finds everything that was stored.
        kept = tmp_path / "kept"
        kept.mkdir()
        for path in (small / "archive").iterdir():
            (kept / path.name).write_bytes(path.read_bytes())
    finally:
        subprocess.run(["umount", str(small)], check=True)
    recover(kept)
    path = finished(kept)
    assert not any(isinstance(part, Damage) for part in members(path))
    assert len(list(read_visits(path))) == int(stored) > 0
    assert judge(path) == ""


def test_a_disk_that_is_full_while_recovering_keeps_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = a_small_file(tmp_path / "whole")
    path = left_open(tmp_path / "left", data + b"tail")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        recover(tmp_path / "left")
    monkeypatch.undo()
    assert path.read_bytes() == data + b"tail"
    recover(tmp_path / "left")
    assert (tmp_path / "left" / "left.warc.gz").read_bytes() == data


@pytest.mark.parametrize("size", [65_000, 65_536, 65_536 * 3, 10_000_000])
@pytest.mark.parametrize("noisy", [True, False])
def test_members_larger_than_what_is_read_at_once_are_measured_exactly(tmp_path: Path, size: int, noisy: bool) -> None:
    body = os.urandom(size) if noisy else bytes(size)
    with writer_in(tmp_path) as writer:
        (first,) = writer.store(visit(exchange("http://a.example/", response(body)), number=1))
        writer.store(visit(exchange("http://b.example/"), number=2))
    found = members(finished(tmp_path))
    assert all(isinstance(part, Member) for part in found)
    assert (found[1].offset, found[1].length) == (first.offset, first.length)
    assert [read.visit.target for read in read_visits(finished(tmp_path))] == ["http://a.example/", "http://b.example/"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=40), st.just(None)), max_size=6))
def test_every_byte_of_any_file_is_told_once_as_whole_or_damaged(parts: list[bytes | None]) -> None:
    from io import BytesIO

    from citekeeper.warc.records import Record, compress, serialise

    good = compress(serialise(Record("metadata", "urn:a", (), b"block")))
    data = b"".join(good if part is None else part for part in parts)
    at = 0
    whole = 0
    for found in scan(BytesIO(data)):
        assert found.offset == at
        assert found.length > 0
        at += found.length
        whole += isinstance(found, Member)
    assert at == len(data)
    assert whole >= parts.count(None)

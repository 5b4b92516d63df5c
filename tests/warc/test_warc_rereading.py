"""What was written is read back from the disk, and one changed byte of the main document is told."""

from __future__ import annotations

import asyncio
import zlib
from pathlib import Path

import pytest
from warc_kit import FixedClock, exchange, refused, response, visit, writer_in

from citekeeper.health import observe
from citekeeper.ledger import Ledger, Seen
from citekeeper.model import Capture, Cut, Response, Visit
from citekeeper.pipeline.storing import Stored, Storing
from citekeeper.warc import Writer
from citekeeper.warc.records import compress

CHUNKED = response(b"5\r\nHello\r\n0\r\n\r\n", "Transfer-Encoding: chunked", length=False)


def open_file(folder: Path) -> Path:
    (path,) = folder.glob("*.warc.gz.open")
    return path


def rewrite(folder: Path, capture: Capture, old: bytes, new: bytes) -> None:
    """Change the stored record and compress it again, sound and of the same length: what only a comparison can find."""
    path = open_file(folder)
    data = path.read_bytes()
    record = zlib.decompress(data[capture.offset : capture.offset + capture.length], 31)
    assert record.count(old) == 1
    member = compress(record.replace(old, new))
    assert len(member) == capture.length
    path.write_bytes(data[: capture.offset] + member + data[capture.offset + capture.length :])


@pytest.mark.parametrize(
    "answer",
    [response(b"<p>Hello</p>"), response(b""), CHUNKED, response(b"Hel", cut=Cut.DISCONNECT), response(b"x" * 300_000)],
    ids=["plain", "empty", "chunked", "cut", "large"],
)
def test_what_was_stored_reads_back_as_it_was_received(tmp_path: Path, answer: Response) -> None:
    with writer_in(tmp_path) as writer:
        first, again = visit(exchange("http://a.example/", answer)), visit(exchange("http://b.example/", answer), number=2)
        for each in (first, again, refused()):
            captures = writer.store(each)
            writer.commit()
            assert writer.difference(each, captures) is None


def test_one_changed_letter_is_told_with_its_place(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        made = visit(exchange("http://a.example/", response(b"<p>abcdefgh</p>")))
        captures = writer.store(made)
        rewrite(tmp_path, captures[0], b"abcdefgh", b"abcdefgi")
        told = writer.difference(made, captures)
        assert told is not None
        head = made.last.response.head if made.last.response else b""
        assert told.startswith(f"differs from what was received at byte {len(head) + 10} of its record")


def test_a_broken_piece_is_told(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        made = visit()
        captures = writer.store(made)
        data = bytearray(open_file(tmp_path).read_bytes())
        data[captures[0].offset + captures[0].length // 2] ^= 1
        open_file(tmp_path).write_bytes(data)
        assert (writer.difference(made, captures) or "").startswith("cannot be read at byte")


def test_of_a_revisit_the_body_is_compared_where_it_lies(tmp_path: Path) -> None:
    with writer_in(tmp_path) as writer:
        (first,) = writer.store(visit(exchange("http://a.example/", response(b"<p>abcdefgh</p>"))))
        again = visit(exchange("http://b.example/", response(b"<p>abcdefgh</p>")), number=2)
        captures = writer.store(again)
        assert captures[0].revisit
        assert writer.difference(again, captures) is None
        rewrite(tmp_path, first, b"abcdefgh", b"abcdefgi")
        assert (writer.difference(again, captures) or "").startswith("differs from what was received at byte 10")


def test_a_difference_is_told_while_a_run_stores_its_visits(tmp_path: Path) -> None:
    told: list[Stored] = []

    def corrupt(made: Visit) -> None:
        """Called before a visit is stored: the one before is changed on the disk."""
        if made.target == "http://b.example/":
            data = bytearray(open_file(tmp_path).read_bytes())
            # The file begins with its warcinfo of some 390 bytes; the page of the first visit follows.
            data[500] ^= 1
            open_file(tmp_path).write_bytes(data)

    async def run(writer: Writer, ledger: Ledger) -> None:
        def seen(made: Visit, captures: tuple[Capture, ...]) -> Seen:
            return Seen(observe(made, vantage=""), ())

        async with Storing(writer, ledger, seen, told.append, corrupt) as storing:
            await storing.take(visit(exchange("http://a.example/")))
            await storing.take(visit(exchange("http://b.example/", response(b"other")), number=2))

    with Ledger.open(tmp_path, FixedClock()) as ledger, writer_in(tmp_path) as writer:
        asyncio.run(run(writer, ledger))
    assert [(each.visit.target, each.difference is not None) for each in told] == [
        ("http://a.example/", True),
        ("http://b.example/", False),
    ]

"""The clients against pywb, an archive that others wrote: its index, TimeGate, TimeMap and replay, in a process of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from archive_fakes import FakeClock, FakeLimiter
from pywb_server import WHY_NOT, serving

from citekeeper.archives import Archive
from citekeeper.archives.pywb import Pywb, collection
from citekeeper.archives.timegates import TimeGate
from citekeeper.model import Copy, Exchange, Found, Memento, Missing, Response, Rows, Visit
from citekeeper.model import Stop as Ended
from citekeeper.network import Door, SystemClock
from citekeeper.settings import NetworkSettings
from citekeeper.warc import open_writer

pytestmark = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)

T = TypeVar("T")
HOST = "http://www.gazette.example"
STORY = f"{HOST}/world/ceasefire-deal-in-upper-valley"
OTHER = f"{HOST}/world/ceasefire-fails"
MOVED = f"{HOST}/old/ceasefire"
WHEN = datetime(2024, 3, 12, 12, tzinfo=UTC)
BODY = b"<html><title>Ceasefire</title><p>The two sides agreed.</p></html>"
CONFIG = """
collections:
  coll: {folder}/index.cdxj
archive_paths: {folder}/
framed_replay: false
redirect_to_exact: true
enable_memento: true
"""


def captured(url: str, at: datetime, status: str = "200 OK", body: bytes = BODY, *fields: str) -> Visit:
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}", *fields]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode()
    headers = tuple((line.partition(": ")[0], line.partition(": ")[2]) for line in lines[1:])
    response = Response(int(status[:3]), status[4:], headers, head, body, body)
    exchange = Exchange(url, at, 0.1, f"GET / HTTP/1.1\r\nHost: {HOST[7:]}\r\n\r\n".encode(), response, "203.0.113.7")
    return Visit(f"00000000-0000-0000-0000-{at:%Y%m%d%H%M}", url, (exchange,), Ended.ANSWER)


def collect(folder: Path) -> None:
    """A collection of our own captures: what citekeeper writes is what pywb replays here."""
    march = datetime(2024, 3, 10, 8, tzinfo=UTC)
    visits = [
        captured(STORY, march),
        captured(STORY, march + timedelta(days=5), body=BODY + b"<p>Updated.</p>"),
        captured(OTHER, march, "404 Not Found", b"<title>404</title>"),
        captured(f"{HOST}/world/ceasefire-deal-in-lower-valley", march),
        captured(MOVED, march + timedelta(days=1), "301 Moved Permanently", b"", f"Location: {STORY}"),
    ]
    with open_writer(folder, clock=SystemClock(), software="test", user_agent="test", earlier=lambda digest: None) as writer:
        for visit in visits:
            writer.store(visit)
    lines = sorted(line for path in folder.glob("*.cdxj") for line in path.read_text("utf-8").splitlines())
    (folder / "index.cdxj").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "config.yaml").write_text(CONFIG.format(folder=folder), encoding="utf-8")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("pywb")
    collect(folder)
    with serving(folder, f"/coll/cdx?url={STORY}") as port:
        yield f"http://127.0.0.1:{port}/coll"


def ask(archive: Callable[[Door], Archive], question: Callable[[Archive], Awaitable[T]]) -> T:
    async def run() -> T:
        settings = NetworkSettings(allow_addresses=("127.0.0.1/32",), host_request_interval=0, proxy="none")
        async with Door(settings, clock=SystemClock()) as door:
            return await question(archive(door))

    return asyncio.run(run())


def as_pywb(base: str) -> Callable[[Door], Archive]:
    clock = FakeClock()
    return lambda door: Pywb("mine", door.fetch, limiter=FakeLimiter(clock), clock=clock, endpoints=collection(base))


def as_memento(base: str, *, timemap: bool = False) -> Callable[[Door], Archive]:
    clock = FakeClock()
    url = f"{base}/timemap/link/" if timemap else f"{base}/"
    return lambda door: TimeGate("mine", door.fetch, limiter=FakeLimiter(clock), clock=clock, url=url, is_timemap=timemap)


def test_a_prefix_finds_what_begins_with_it_and_is_good(base: str) -> None:
    found = ask(as_pywb(base), lambda archive: archive.rows(f"{HOST}/world/ceasefire"))
    assert isinstance(found, Rows)
    assert {row.original for row in found.rows} == {STORY, f"{HOST}/world/ceasefire-deal-in-lower-valley"}


def test_nothing_begins_with_it(base: str) -> None:
    assert ask(as_pywb(base), lambda archive: archive.rows(f"{HOST}/nowhere/at-all")) == Rows(())


def kinds(base: str) -> list[Callable[[Door], Archive]]:
    return [as_pywb(base), as_memento(base), as_memento(base, timemap=True)]


@pytest.mark.parametrize("kind", [0, 1, 2], ids=["pywb", "timegate", "timemap"])
def test_the_copy_before_the_date_is_read_as_it_was(base: str, kind: int) -> None:
    seen: list[tuple[Copy, ...]] = []

    async def judge(copy: Memento, copies: tuple[Copy, ...]) -> str:
        seen.append(copies)
        return ""

    found = ask(kinds(base)[kind], lambda archive: archive.nearest(STORY, WHEN, judge))
    assert isinstance(found, Found)
    assert found.memento.datetime.day == 10
    assert found.memento.original == STORY
    last = seen[-1][-1].archived.response
    assert last is not None
    assert last.body.startswith(BODY)
    assert b"wombat" not in last.content


@pytest.mark.parametrize("kind", [0, 1, 2], ids=["pywb", "timegate", "timemap"])
def test_an_archived_redirect_is_followed_within_the_archive(base: str, kind: int) -> None:
    found = ask(kinds(base)[kind], lambda archive: archive.nearest(MOVED, WHEN))
    assert isinstance(found, Found)
    assert found.memento.original == STORY


@pytest.mark.parametrize("kind", [0, 1, 2], ids=["pywb", "timegate", "timemap"])
def test_error_copies_and_none_are_told_apart_from_silence(base: str, kind: int) -> None:
    lost = ask(kinds(base)[kind], lambda archive: archive.nearest(OTHER, WHEN))
    assert isinstance(lost, Missing)
    assert lost.passed_over == ("status 404 on 2024-03-10",)
    assert ask(kinds(base)[kind], lambda archive: archive.nearest(f"{HOST}/never", WHEN)) == Missing()


def test_the_content_of_a_copy_can_be_read_again(base: str) -> None:
    async def question(archive: Archive) -> Exchange:
        found = await archive.nearest(STORY, WHEN)
        assert isinstance(found, Found)
        return await archive.content(found.memento)

    exchange = ask(as_pywb(base), question)
    assert exchange.response is not None
    assert exchange.response.content.startswith(BODY)

"""How often archives are asked: once for what one answer serves, and never the index for a whole address."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from citekeeper import pipeline
from citekeeper.archives import Judge, any_page
from citekeeper.cli import main
from citekeeper.config import configure
from citekeeper.demo import Archived, World, missing
from citekeeper.demo.pages import article
from citekeeper.model import Audit, Exchange, IndexAnswer, IndexRow, Memento, MementoAnswer, Missing, Rows, Unavailable
from citekeeper.pipeline.calls import CountingLimiter, counted, together
from citekeeper.pipeline.sharing import SharedIndex

HOST = "www.gazette.example"
ONE = f"http://{HOST}/world/2024/ceasefire-deal-reached-in-upper-valley"
TWO = f"http://{HOST}/world/2024/ceasefire-fails-in-lower-valley-after-weeks"
WHEN = datetime(2024, 3, 14, tzinfo=UTC)


class Index:
    """An archive at the edge that counts what it is asked."""

    name = "edge"
    has_index = True

    def __init__(self, *originals: str, complete: bool = True, silent: bool = False) -> None:
        self.originals = originals
        self.complete = complete
        self.silent = silent
        self.asked: list[str] = []

    async def rows(self, prefix: str) -> IndexAnswer:
        self.asked.append(prefix)
        await asyncio.sleep(0)
        if self.silent:
            return Unavailable("no answer")
        found = tuple(IndexRow("", WHEN, each, "text/html", 200, "") for each in self.originals if each.startswith(prefix))
        return Rows(found, complete=self.complete)

    async def nearest(self, url: str, when: datetime, judge: Judge = any_page) -> MementoAnswer:
        return Missing()

    async def content(self, memento: Memento) -> Exchange:
        raise NotImplementedError


class Dated(Index):
    """One with an index for each month."""

    async def rows_around(self, prefix: str, when: datetime) -> IndexAnswer:
        self.asked.append(f"{when:%Y-%m}")
        return await Index(*self.originals).rows(prefix)


def test_an_archive_with_an_index_for_each_time_is_asked_once_for_each() -> None:
    index = Dated(ONE)

    async def run() -> None:
        shared = SharedIndex(index)
        for when in (WHEN, WHEN.replace(day=20), WHEN.replace(year=2020), None):
            assert isinstance(await shared.rows(f"http://{HOST}/world/", when), Rows)

    asyncio.run(run())
    assert index.asked == ["2024-03", "2020-03", f"http://{HOST}/world/"]


def test_an_archive_with_one_index_is_asked_once_whatever_the_day() -> None:
    index = Index(ONE)

    async def run() -> None:
        shared = SharedIndex(index)
        for when in (WHEN, WHEN.replace(year=2020), None):
            await shared.rows(f"http://{HOST}/world/", when)

    asyncio.run(run())
    assert index.asked == [f"http://{HOST}/world/"]


def asked(index: Index, *prefixes: str) -> tuple[list[IndexAnswer], list[str]]:
    async def run() -> list[IndexAnswer]:
        shared = SharedIndex(index)
        return await asyncio.gather(*(shared.rows(prefix) for prefix in prefixes))

    return asyncio.run(run()), index.asked


def originals(answer: IndexAnswer) -> list[str]:
    assert isinstance(answer, Rows)
    return [row.original for row in answer.rows]


def test_the_same_question_is_asked_once() -> None:
    answers, questions = asked(Index(ONE, TWO), ONE[:40], ONE[:40], ONE[:40])
    assert len(questions) == 1
    assert answers[0] == answers[1] == answers[2]


def test_a_shorter_prefix_answers_for_the_longer_ones() -> None:
    answers, questions = asked(Index(ONE, TWO), f"http://{HOST}/world/2024/", ONE[:50], TWO[:50])
    assert questions == [f"http://{HOST}/world/2024/"]
    assert [originals(answer) for answer in answers] == [[ONE, TWO], [ONE], [TWO]]


def test_an_answer_that_is_not_whole_serves_nothing_else() -> None:
    _, questions = asked(Index(ONE, TWO, complete=False), f"http://{HOST}/world/", ONE[:50])
    assert len(questions) == 2


def test_silence_is_no_answer_for_others_but_the_same_question_is_not_repeated() -> None:
    _, questions = asked(Index(silent=True), ONE[:50], ONE[:50], TWO[:50])
    assert questions == [ONE[:50], TWO[:50]]


def test_calls_are_counted_for_whoever_asks() -> None:
    class Free:
        async def take(self, pool: str, per_minute: float, *, burst: int = 1) -> None:
            await asyncio.sleep(0)

        def trip(self, pool: str, seconds: float) -> None: ...

        def tripped(self, pool: str) -> float:
            return 0.0

    limiter = CountingLimiter(Free())

    async def ask(*pools: str) -> object:
        with counted() as calls:
            await asyncio.gather(*(limiter.take(pool, 60) for pool in pools))
            return calls()

    async def both() -> list[object]:
        await limiter.take("cdx", 60)
        return list(await asyncio.gather(ask("cdx", "playback", "playback"), ask("playback")))

    assert asyncio.run(both()) == [(("cdx", 1), ("playback", 2)), (("playback", 1),)]
    assert together((("cdx", 1),), (("cdx", 2), ("playback", 1))) == (("cdx", 3), ("playback", 1))


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    captures = [Archived(url, "20240313000000", article("spillway")) for url in (ONE, TWO)]
    with World(captures=captures, scenes=(), sites={HOST: missing}) as opened:
        yield opened


def audit_of(world: World, folder: Path, *urls: str) -> Audit:
    overrides = {**world.settings_overrides(), "archive": str(folder), "max_age": 0, "as_of": "2024-03-14"}
    text = "\n".join(f"[{number}] {url}" for number, url in enumerate(urls, 1))
    world.archive.log.clear()
    return pipeline.audit_text(text, "article.txt", configure(overrides, {}, isolated=True).settings)


def test_cut_references_that_one_answer_serves_cost_one_index_request(world: World, tmp_path: Path) -> None:
    audit = audit_of(world, tmp_path, f"{ONE[:60]}...", f"{ONE[:52]}...", f"{ONE[:60]}...")
    assert {finding.resolution.url for finding in audit.findings} == {ONE}
    assert world.archive.index_requests() == 1
    assert sum(dict(finding.archive_calls).get("cdx", 0) for finding in audit.findings) == 1


def test_whole_references_cost_no_index_request(world: World, tmp_path: Path) -> None:
    audit = audit_of(world, tmp_path, ONE, TWO)
    assert all(finding.memento is not None for finding in audit.findings)
    assert world.archive.index_requests() == 0
    assert [dict(finding.archive_calls) for finding in audit.findings] == [{"playback": 2}, {"playback": 2}]


def test_verbose_tells_the_requests_of_each_reference(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, source = tmp_path / "citekeeper.toml", tmp_path / "article.txt"
    config.write_text(world.config_toml(), encoding="utf-8")
    source.write_text(f"[1] {ONE[:60]}...\n[2] {TWO}\n", encoding="utf-8")
    main(["audit", str(source), "-c", str(config), "--archive", str(tmp_path / "archive"), "--as-of", "2024-03-14", "-v"])
    out = capsys.readouterr().out
    assert "1 cdx, 2 playback of archives" in out
    assert out.count("of archives") == 2

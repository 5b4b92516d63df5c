"""`--host-stats` and `-v`: how each host behaved, on standard error, the slowest first."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from citekeeper.cli import main
from citekeeper.demo import Pause, Request, Step, World, always, answer, html
from citekeeper.demo.wire import Site

PAGE = html(200, "OK", b"<title>Harbour</title><p>" + b"The ferry came twice a day with the mail. " * 20 + b"</p>")


def slow(_request: Request) -> list[Step]:
    return [Pause(0.5), PAGE]


def tired(request: Request) -> list[Step]:
    return [answer(503, "Unavailable") if request.nth == 0 else PAGE]


SITES: dict[str, Site] = {"slow.example": slow, "tired.example": tired, **{f"quick{n}.example": always(PAGE) for n in range(12)}}
AuditWith = Callable[..., list[str]]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(scenes=(), sites=SITES) as opened:
        yield opened


@pytest.fixture
def told(world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AuditWith:
    """What an audit of every host says on standard error, given more arguments."""
    config, article = tmp_path / "citekeeper.toml", tmp_path / "article.txt"
    config.write_text(world.config_toml().replace('use = ["wayback"]', "use = []"))
    article.write_text("".join(f"[{n}] http://{host}/\n" for n, host in enumerate(SITES, 1)))

    def audit(*more: str) -> list[str]:
        world.web.log.clear()
        main(["audit", "-c", str(config), "--archive", str(tmp_path / "archive"), "--no-probe", "-f", "json", *more, str(article)])
        out, err = capsys.readouterr()
        assert json.loads(out)["summary"]["references"] == len(SITES)
        return err.splitlines()

    return audit


def rows(lines: list[str]) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in lines if ".example" in line}


def test_host_stats_lists_every_host_with_its_times(told: AuditWith) -> None:
    lines = told("--host-stats")
    table = rows(lines)
    assert set(table) == set(SITES)
    heading = next(line for line in lines if line.startswith("host "))
    assert heading.split("  ")[0].strip() == "host"
    requests, answers, errors, failures, rebukes, mean, slowest, size = table["tired.example"]
    assert (requests, answers, errors, failures, rebukes) == ("2", "2", "1", "0", "1")
    assert next(iter(table)) == "slow.example"
    assert float(table["slow.example"][5]) >= 0.5
    assert float(mean) <= float(slowest)
    assert int(size) > 0


def test_verbose_shows_the_slowest_hosts_and_says_how_many_more(told: AuditWith) -> None:
    lines = told("-v")
    assert len(rows(lines)) == 10
    assert next(iter(rows(lines))) == "slow.example"
    assert any("4 hosts more" in line and "--host-stats" in line for line in lines)


def test_otherwise_nothing_is_said_of_hosts(told: AuditWith) -> None:
    assert rows(told()) == {}

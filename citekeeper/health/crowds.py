"""Many to one: several cited addresses of a site that lead to one place tell of the place what no single one tells.

Sites that were rebuilt send whatever they do not have any more to one page; that many cited addresses of a host redirect to one
target marks it (A Link Rot Bestiary, https://en.wikibooks.org, chapter 3). Two spellings of one page may lead to one place as well, so
it takes two that have nothing in common, and alone it makes no page dead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from citekeeper.health.addresses import is_same_site, last_words
from citekeeper.model import CodeMeaning, Evidence, Observation

CODES: Final = (
    CodeMeaning(
        "redirect-shared",
        "Other cited addresses of the same site, which have nothing in common with this one, redirect to the same place.",
        "Compare with an archived copy.",
    ),
)

# A redirect to what has the same words is a move, and login and consent pages are meant for everyone.
_AWAY: Final = {"redirect-to-root", "redirect-to-error", "redirect-to-section", "redirect-elsewhere"}
_GATES: Final = {"login-redirect", "consent-redirect", "challenge-redirect"}


def crowded(observations: Iterable[Observation]) -> dict[str, Evidence]:
    """By target, that others lead to the same place, for those of which it is so."""
    led: defaultdict[str, list[str]] = defaultdict(list)
    for each in observations:
        codes = {evidence.code for evidence in each.evidence}
        if codes & _AWAY and not codes & _GATES:
            led[each.final_url].append(each.target)
    return {
        target: Evidence("redirect-shared", f"with {len(others)} other cited address{'es' if len(others) > 1 else ''}")
        for targets in led.values()
        for target in targets
        if (others := [other for other in targets if _is_another(target, other)])
    }


def _is_another(one: str, other: str) -> bool:
    """Whether two addresses of a site are surely of two pages."""
    mine, theirs = last_words(one), last_words(other)
    return bool(mine and theirs) and mine.isdisjoint(theirs) and is_same_site(one, other)

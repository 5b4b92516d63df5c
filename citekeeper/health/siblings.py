"""A page that cannot exist, asked for beside the cited one: a server that answers both alike says nothing by its 200.

The idea is Bar-Yossef, Broder, Kumar and Tomkins' (WWW 2004). It is asked only where other evidence leaves a doubt, and a
likeness alone never makes a page dead: servers that find an article by its number ignore the rest of its address.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from citekeeper.health.addresses import is_front_page
from citekeeper.health.drift import Drift, compare
from citekeeper.health.texts import PageText, read_text
from citekeeper.health.weighing import weigh
from citekeeper.model import CodeMeaning, Confidence, Evidence, Observation, Response, State

_LETTERS: Final = 25
_SHORT: Final = 1_500
"""Visible characters below which a page without a copy may be an error page in words that no list holds."""
_ALIKE: Final = 90
"""rapidfuzz.fuzz.ratio of two short texts, of 100: error pages repeat the address that was asked for."""
_ENDING = re.compile(r"\.[a-z]{2,5}$", re.I)
_SETTLED: Final = {"text-same", "text-edited", "text-replaced", "passages-kept"}

CODES: Final = (
    CodeMeaning(
        "sibling-not-found",
        "The server answers 404 for a made-up page beside the cited one: its 200 means something.",
        "Nothing to do.",
    ),
    CodeMeaning("sibling-differs", "A made-up page beside the cited one shows another text.", "Nothing to do."),
    CodeMeaning(
        "sibling-same-text",
        "The server shows the same text for a made-up page beside the cited one: its 200 means nothing.",
        "Open the page in a browser.",
    ),
    CodeMeaning(
        "sibling-same-target",
        "A made-up page beside the cited one redirects to the same address: the server sends there whatever it does not have.",
        "Link an archived copy once that is confirmed.",
    ),
)


def is_doubtful(observation: Observation, comparison: Sequence[Evidence] = ()) -> bool:
    """Whether a made-up sibling could settle what one visit left open; never for a front page or an answer that is no 2xx."""
    judgement = weigh(observation, comparison)
    codes = {evidence.code for evidence in judgement.reasons}
    if not 200 <= (observation.status or 0) < 300 or sibling_of(observation.target) is None or codes & _SETTLED:
        return False
    match judgement.state:
        case State.SOFT_404:
            return judgement.confidence is not Confidence.HIGH
        case State.MOVED | State.UNKNOWN:
            return any(code.startswith("redirect-") for code in codes) and judgement.confidence is Confidence.LOW
        case State.OK:
            is_short = observation.visible_chars is not None and observation.visible_chars < _SHORT
            return is_short or judgement.confidence is Confidence.LOW or "parking-hint" in codes
        case _:
            return False


def sibling_of(url: str) -> str | None:
    """The address of a page that cannot exist in the folder of `url`, always the same one; None where there is no such place."""
    parts = urlsplit(url)
    if is_front_page(url) or parts.query:
        return None
    folder, _, name = parts.path.rstrip("/").rpartition("/")
    ending = _ENDING.search(name)
    digest = hashlib.sha256(f"{parts.scheme}://{parts.netloc}{folder}/".encode()).digest()
    letters = "".join(chr(ord("a") + byte % 26) for byte in digest[:_LETTERS])
    slash = "/" if parts.path.endswith("/") else ""
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/{letters}{ending[0] if ending else slash}", "", ""))


def told_by_sibling(page: Observation, sibling: Observation, shown: Response | None, made_up: Response | None) -> Evidence | None:
    """What the made-up page tells of the cited one; nothing when it was refused, failed or cannot be compared."""
    if sibling.status in {404, 410}:
        return Evidence("sibling-not-found", f"{sibling.status} for {sibling.target}")
    if not 200 <= (sibling.status or 0) < 300:
        return None
    if page.final_url != page.target and sibling.final_url == page.final_url:
        return Evidence("sibling-same-target", sibling.target)
    texts = [read_text(answer) if answer is not None else None for answer in (shown, made_up)]
    if texts[0] is None or texts[1] is None:
        return None
    return Evidence("sibling-same-text" if _is_alike(texts[0], texts[1]) else "sibling-differs", sibling.target)


def _is_alike(one: PageText, other: PageText) -> bool:
    found = compare(one, other)
    if found.drift is not Drift.UNCLEAR:
        return found.drift is Drift.SAME
    from rapidfuzz.fuzz import ratio

    return bool(ratio(one.whole, other.whole) >= _ALIKE)

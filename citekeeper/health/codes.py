"""Every evidence code that an observation or a verdict may hold, with its meaning."""

from __future__ import annotations

from functools import cache
from typing import Final

from citekeeper.health.comparing import CODES as COMPARISON
from citekeeper.health.crowds import CODES as CROWDS
from citekeeper.health.fragments import CODES as FRAGMENTS
from citekeeper.health.registries import CODES as REGISTRIES
from citekeeper.health.siblings import CODES as SIBLINGS
from citekeeper.health.signals import SIGNALS
from citekeeper.model import CodeMeaning

PAGE: Final = CodeMeaning("page", "A page with visible text was shown.", "Nothing to do; keep an archived copy.")

AUDIT: Final = (
    CodeMeaning("no-network", "This machine had no network, so nothing was visited.", "Connect it and run the audit again."),
    CodeMeaning("not-visited", "The address was not visited in this run.", "Run the audit again, with visits allowed."),
    CodeMeaning(
        "seen-lately", "An archive was shown the page within 90 days of the visit, so it is there; only we were kept out.", "Nothing to do."
    ),
    CodeMeaning("no-evidence", "The visit gave nothing to judge by.", "Open the page in a browser."),
    CodeMeaning("cut-address", "The document shows only part of the address.", "Replace it by the whole address."),
    CodeMeaning("no-address", "No address can be made of the text.", "Correct the address in the article."),
)
"""What only the audit knows: a visit cannot see that it was not made."""

CODES: Final = (
    *(code for signal in SIGNALS for code in signal.codes),
    PAGE,
    *COMPARISON,
    *CROWDS,
    *SIBLINGS,
    *FRAGMENTS,
    *REGISTRIES,
    *AUDIT,
)


@cache
def _by_code() -> dict[str, CodeMeaning]:
    return {meaning.code: meaning for meaning in CODES}


def advice_of(code: str) -> str | None:
    """What to do about one piece of evidence; None for the codes of other rooms."""
    meaning = _by_code().get(code)
    return meaning.advice if meaning else None

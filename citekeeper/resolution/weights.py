"""How much each sign tells, in log-odds; explained in docs/completion.md, measured by benchmarks/completion.py.

The scores of the candidates and of "none of them" become shares of 1 (a softmax). A candidate's share is its confidence.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    # What the cut address shows; times 1 - exp(-n / 10) for n letters and digits, see `signs`.
    "slug-seen": 3.4,
    # The printed tail; times its length / 10, at most 1.
    "suffix-matches": 4.5,
    # What the index tells.
    "good-status": 1.0,
    "status-unknown": 0.5,
    # An index that groups by address shows the first capture, which is often the redirect from http to https.
    "only-redirects": -0.5,
    "page-type": 0.3,
    "not-a-page": -5.0,
    # When.
    "near-citation-date": 1.1,
    "captured-before": 0.0,
    "captured-long-before": -0.8,
    "captured-years-before": -3.3,
    "captured-too-early": -4.0,
    "captured-after": -0.5,
    "captured-long-after": -1.3,
    "captured-years-after": -2.2,
    "url-date-near": 0.9,
    "url-date-earlier": -1.5,
    "url-date-later": -3.4,
    "serial": -1.2,
    "series-day": 3.0,
    # Words that the note and the part behind the cut share; times the share of them, and up to twice that for many words.
    "slug-overlap": 2.3,
    # The note repeats the printed words, but not those behind the cut; times the share that is missing.
    "words-missing": -5.9,
    # The note tells a title, and the address another one.
    "title-differs": -3.3,
    # Simplicity.
    "extra-segment": -0.1,
    "extra-query": -0.6,
    "part-of-another": -5.0,
    "numbered-copy": -2.7,
    "section-page": -2.0,
    "other-language": -4.6,
    "barely-longer": -3.2,
    "short-and-unproved": -1.5,
    "looks-cut": -4.2,
    "the-cut-itself": -5.4,
    "case-differs": -8.0,
}
"""Log-odds by evidence code."""

ENOUGH_LETTERS = 10.0
"""Letters and digits of a slug after which two thirds of what a slug can tell are told."""

NONE_OF_THEM = 0.5
"""The score of "the page meant is not in the index"."""

NONE_WHEN_PARTIAL = 4.4
"""The same when the index had more rows than it gave: the page meant may be among the rest."""

NONE_WHEN_SPARSE = 2.0
"""The same when the index knows only a few pages of a site, as our own captures do."""

SURE_ENOUGH = 0.9
"""A candidate is taken when its share is at least this."""

"""How much each sign tells, in log-odds; explained in docs/completion.md, measured by benchmarks/completion.py.

The scores of the candidates and of "none of them" become shares of 1 (a softmax). A candidate's share is its confidence.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    # What the cut address shows; times 1 - exp(-n / 10) for n letters and digits, see `signs`.
    "slug-seen": 4.5,
    # The printed tail; times its length / 10, at most 1.
    "suffix-matches": 4.0,
    # What the index tells.
    "good-status": 1.0,
    "status-unknown": 0.5,
    # An index that groups by address shows the first capture, which is often the redirect from http to https.
    "only-redirects": -0.5,
    "page-type": 0.3,
    "not-a-page": -5.0,
    # When.
    "near-citation-date": 1.5,
    "captured-before": 0.0,
    "captured-long-before": -0.9,
    "captured-years-before": -2.2,
    "captured-too-early": -3.0,
    "captured-after": -0.3,
    "captured-long-after": -1.0,
    "captured-years-after": -2.0,
    "url-date-near": 2.0,
    "url-date-earlier": -2.0,
    "url-date-later": -4.0,
    # Words that the note and the part behind the cut share; times the share of them.
    "slug-overlap": 4.0,
    # The note repeats the printed words, but not those behind the cut; times the share that is missing.
    "words-missing": -6.0,
    # Simplicity.
    "extra-segment": -0.5,
    "extra-query": -0.5,
    "part-of-another": -4.5,
    "section-page": -2.0,
    "other-language": -4.5,
    "barely-longer": -3.0,
    "short-and-unproved": -2.5,
    "looks-cut": -4.0,
    "the-cut-itself": -4.0,
    "case-differs": -8.0,
}
"""Log-odds by evidence code."""

ENOUGH_LETTERS = 10.0
"""Letters and digits of a slug after which two thirds of what a slug can tell are told."""

NONE_OF_THEM = 2.0
"""The score of "the page meant is not in the index"."""

NONE_WHEN_PARTIAL = 5.5
"""The same when the index had more rows than it gave: the page meant may be among the rest."""

SURE_ENOUGH = 0.9
"""A candidate is taken when its share is at least this."""

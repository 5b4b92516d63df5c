"""How much each sign tells, in log-odds; explained in docs/completion.md, measured by benchmarks/completion.py.

The scores of the candidates and of "none of them" become shares of 1 (a softmax). A candidate's share is its confidence.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {
    # What the cut address shows: each letter or digit behind the host, and of the last segment again.
    "slug-seen": 0.15,
    "suffix-matches": 4.0,
    # What the index tells.
    "good-status": 1.0,
    "status-unknown": 0.3,
    "only-redirects": -1.0,
    "page-type": 0.3,
    "not-a-page": -5.0,
    # When.
    "near-citation-date": 2.0,
    "captured-before": 0.5,
    "captured-after": -0.3,
    "captured-long-after": -1.2,
    "captured-years-after": -2.0,
    "url-date-near": 2.0,
    "url-date-earlier": -1.5,
    "url-date-later": -4.0,
    # Words that the note and the part behind the cut share; times the share of them.
    "slug-overlap": 4.0,
    "no-overlap": -0.7,
    # Simplicity.
    "extra-segment": -0.8,
    "extra-query": -0.8,
    "part-of-another": -2.0,
    "other-language": -2.0,
    "barely-longer": -3.0,
    "the-cut-itself": -4.0,
    "case-differs": -8.0,
}
"""Log-odds by evidence code."""

MOST_FROM_SLUG = 4.0
"""A slug of about 27 characters: longer ones make it no surer that the index holds the page."""

NONE_OF_THEM = 2.0
"""The score of "the page meant is not in the index"."""

NONE_WHEN_PARTIAL = 5.5
"""The same when the index had more rows than it gave: the page meant may be among the rest."""

SURE_ENOUGH = 0.9
"""A candidate is taken when its share is at least this."""
